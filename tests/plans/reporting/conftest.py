"""A small plan of fiction whose facts are known to the last one."""

from datetime import date
from decimal import Decimal
from itertools import count

import pytest

from tests.plans.conftest import HOUSE, OFFICE
from xinglin.engines.worklog.actions.words import seed_vocabulary
from xinglin.engines.worklog.facts import WorkVerified
from xinglin.engines.worklog.words import Kind
from xinglin.kernel.acts import act, state
from xinglin.kernel.ledger.checkpoints import make_checkpoint
from xinglin.kernel.refs import Code, Ref
from xinglin.kernel.vocabulary import terms
from xinglin.plans.actions.assigning import assign_commitment, bind_commitment, bind_to_evidence
from xinglin.plans.actions.correcting import add_commitment

YEAR_END = date(2026, 12, 20)
SPRING = date(2026, 1, 6)
ACADEMIC = "directory.organisation:1"
_numbers = count(1)


@act
def work_done(*, by, on, kind, lineage, corrects=None, **given):
    """State that work was verified, as the worklog would after a second person confirmed it."""
    return state(
        WorkVerified(
            entry=Ref(f"worklog.entry:{next(_numbers)}"), kind=Code(kind), kinds=tuple(map(Code, lineage)),
            organisation=Ref(given.pop("organisation", ACADEMIC)), logged_by=Ref("directory.person:1"),
            changed_by=Ref("directory.person:1"), verified_by=Ref("directory.person:2"),
            **{"count": 1, **given},
        ),
        corrects=corrects,
    )


@pytest.fixture
def kinds(db):
    seed_vocabulary(by=HOUSE, on=SPRING, from_on=date(2019, 1, 1))
    return {one.code: one for one in Kind.objects.select_related("parent")}


@pytest.fixture
def worked(kinds):
    """Return a maker of verified work: `worked("forum", date(2026, 5, 4), people_on_site=120)`."""
    return lambda kind, on, **given: work_done(by=HOUSE, on=on, kind=kind, lineage=kinds[kind].lineage(), **given)


@pytest.fixture
def term(kinds):
    """Return a finder of terms: `term("academic_meeting")` counts it, `term("forum", "people_on_site")` sums people."""

    def find(kind, field="count"):
        wanted = (("kinds", kind),)
        return next(one for one in terms(SPRING) if one.filter == wanted and one.field == field)

    return find


@pytest.fixture
def promise(plan):
    """Return a maker of commitments, bound when a term is given."""

    def make(text, *, term=None, on=SPRING, evidence=False, lead="", leader="", weight=1, **given):
        for name in ("value_min", "value_max"):
            if given.get(name) is not None:
                given[name] = Decimal(given[name])
        one = add_commitment(by=OFFICE, on=on, plan=plan, text=text, **given)
        assign_commitment(by=OFFICE, on=on, commitment=one, lead=lead, leader=leader, weight=Decimal(weight))
        if term is not None:
            bind_commitment(by=OFFICE, on=on, commitment=one, term=term)
        if evidence:
            bind_to_evidence(by=OFFICE, on=on, commitment=one)
        return one

    return make


CHAPTER = {"chapter": "三", "chapter_title": "学术交流", "chapter_order": 3}
SERVICE = {"chapter": "四", "chapter_title": "服务基层", "chapter_order": 4}


@pytest.fixture
def year(promise, term, worked, sealed):
    """Six promises and 49 facts: 31 meetings of 9,846 people, 4 of 10 visits, nothing of what one strives for."""
    rows = {
        "meetings": promise("全年举办学术会议不少于 30 场", object="学术会议", kind="count", value_min=30, unit="场",
                            term=term("academic_meeting"), weight=3, **CHAPTER),
        "teachers": promise("举办师资培训班 9 期", object="师资培训班", kind="count", value_min=9, value_max=9,
                            unit="期", term=term("teacher_training"), **CHAPTER),
        "visits": promise("送教下基层活动 10 场", object="送教下基层活动", kind="count", value_min=10, value_max=10,
                          unit="场", term=term("grassroots_teaching"), **SERVICE),
        "clinics": promise("力争开展义诊 20 场", object="义诊", kind="count", value_min=20, value_max=20, unit="场",
                           modality="strive", term=term("free_clinic"), **SERVICE),
        "site": promise("6 月底前完成网站改版", object="网站改版", kind="date", deadline=date(2026, 6, 30),
                        evidence=True, **SERVICE),
        "spirit": promise("弘扬职业精神", kind="words", **SERVICE),
    }
    for number in range(31):
        month = number % 10 + 1
        people = 317 if number else 336  # 30 × 317 + 336 = 9,846
        online = 12_345 if number == 5 else None
        worked("academic_meeting", date(2026, month, 10), people_on_site=people, people_online=online)
    for number in range(9):
        worked("teacher_training", date(2026, number + 1, 20))
    for number in range(4):
        worked("grassroots_teaching", date(2026, number + 3, 8), patients=100)
    for number in range(5):
        worked("free_clinic", date(2026, number + 4, 9), patients=40)
    sealed()
    make_checkpoint()
    return rows
