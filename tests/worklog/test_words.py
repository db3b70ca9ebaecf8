"""The vocabulary: shipped, extended, changed, retired; and what it lets a plan count."""

from datetime import date

import pytest

from xinglin.engines.worklog.actions.series import open_series
from xinglin.engines.worklog.actions.words import (
    KindRetiredBefore,
    KindTaken,
    KindUnclear,
    KindWords,
    NothingNew,
    change_kind,
    extend_vocabulary,
    retire_kind,
    seed_vocabulary,
    shipped_kinds,
    words_of,
)
from xinglin.engines.worklog.facts import WorkVerified
from xinglin.engines.worklog.patterns import patterns
from xinglin.engines.worklog.words import QUANTITIES, USES, Kind
from xinglin.kernel import regulations
from xinglin.kernel.facts import fact_types
from xinglin.kernel.ledger.models import SealedFact
from xinglin.kernel.policy import NotAllowed
from xinglin.kernel.vocabulary import terms

from .conftest import ACADEMIC, CLERK, DAY, HOUSE, OFFICE, SUPERVISOR

pytestmark = pytest.mark.django_db
NEW = KindWords(
    code="sand_table", zh="沙盘推演", en="Table-top exercise", parent="training", units=("场",), nouns=("推演",)
)


def test_shipped_kinds_name_known_parents_units_quantities_patterns_and_regulations():
    known = set()
    for one in shipped_kinds():
        assert one.parent in known or not one.parent
        assert one.zh and one.en and one.units and one.nouns
        assert set(one.quantities) <= set(QUANTITIES) and set(one.uses) <= set(USES)
        assert one.pattern in patterns() or not one.pattern
        assert [regulations.regulation(key) for key in one.regulations] or not one.regulations
        known.add(one.code)
    assert len([one for one in shipped_kinds() if not one.group]) == 80


def test_setting_up_introduces_each_kind_once_with_a_fact(kinds, sealed):
    sealed()
    assert SealedFact.objects.filter(type="worklog.kind.introduced").count() == len(kinds) == 95
    with pytest.raises(NothingNew):
        seed_vocabulary(by=HOUSE, on=DAY)


def test_the_office_adds_a_kind_and_work_counts_under_it_and_its_parents(kinds, verified, sealed):
    kind = extend_vocabulary(by=OFFICE, on=DAY, kind=NEW)
    kinds["sand_table"] = kind
    verified("sand_table", title="疫情处置推演")
    sealed()
    assert SealedFact.objects.get(type="worklog.work.verified").body["kinds"] == ["sand_table", "training"]
    assert (
        SealedFact.objects.filter(type="worklog.kind.introduced").latest("position").body["kind"]
        == "worklog.kind:sand_table"
    )


@pytest.mark.parametrize("by", [CLERK, SUPERVISOR])
def test_others_do_not_extend_the_vocabulary(kinds, by):
    with pytest.raises(NotAllowed):
        extend_vocabulary(by=by, on=DAY, kind=NEW)
    assert not Kind.objects.filter(code="sand_table").exists()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"code": "沙盘"}, "code"),
        ({"zh": ""}, "zh"),
        ({"units": ()}, "units"),
        ({"quantities": ("noise",)}, "quantities"),
        ({"uses": ("mood",)}, "uses"),
        ({"pattern": "none"}, "pattern"),
        ({"parent": "nowhere"}, "parent"),
    ],
)
def test_an_unclear_kind_is_refused_beside_its_field(kinds, given, field):
    with pytest.raises(KindUnclear) as refusal:
        extend_vocabulary(
            by=OFFICE, on=DAY, kind=KindWords(**{"code": "sand_table", "zh": "沙盘推演", "units": ("场",), **given})
        )
    assert refusal.value.field == field


def test_codes_are_permanent(kinds):
    with pytest.raises(KindTaken):
        extend_vocabulary(by=OFFICE, on=DAY, kind=KindWords(code="forum", zh="论坛", units=("场",)))


def test_renaming_keeps_the_code_and_what_was_counted(kinds, verified, sealed):
    verified("post", count=3, unit="篇")
    words = words_of(kinds["post"])
    assert words.nouns[0] == "推文"
    changed = change_kind(
        by=OFFICE,
        on=DAY,
        kind=kinds["post"],
        words=KindWords(
            code="ignored", zh="新媒体推文", en="Post", parent="publicity", units=("篇", "条"), nouns=("推文", "图文")
        ),
    )
    sealed()
    assert (changed.code, changed.zh) == ("post", "新媒体推文")
    assert "图文" in next(one for one in terms(DAY) if one.filter == (("kinds", "post"),)).nouns
    assert SealedFact.objects.filter(type="worklog.kind.changed").count() == 1


def test_a_kind_does_not_stand_under_itself_and_used_ones_are_no_headings(kinds, verified):
    with pytest.raises(KindUnclear) as refusal:
        change_kind(
            by=OFFICE,
            on=DAY,
            kind=kinds["academic_meeting"],
            words=KindWords(code="x", zh="学术会议", units=("场",), parent="forum"),
        )
    assert refusal.value.field == "parent"
    verified("post", title="推文")
    with pytest.raises(KindUnclear) as refusal:
        change_kind(
            by=OFFICE, on=DAY, kind=kinds["post"], words=KindWords(code="x", zh="推文", units=("篇",), group=True)
        )
    assert refusal.value.field == "group"


def test_a_retired_kind_takes_no_later_work_and_leaves_the_terms(kinds, submitted):
    from xinglin.kernel.policy import Refusals

    retire_kind(by=OFFICE, on=DAY, kind=kinds["post"], until_on=date(2024, 6, 1))
    with pytest.raises(Refusals):
        submitted("post", title="推文", happened_on=date(2024, 6, 1))
    assert submitted("post", title="推文", happened_on=date(2024, 5, 31))
    keys = [one.filter for one in terms(date(2024, 6, 1))]
    assert (("kinds", "post"),) not in keys
    with pytest.raises(KindRetiredBefore):
        retire_kind(by=OFFICE, on=DAY, kind=kinds["post"], until_on=date(2024, 6, 1))


def test_terms_of_a_kind_count_sum_and_tell_places_apart(kinds):
    found = {one.key.partition("|")[2]: one for one in terms(DAY)
             if one.general and one.filter == (("kinds", "free_clinic"),)}
    assert list(found) == [
        "sum|count|kinds=free_clinic",
        "sum|people_on_site|kinds=free_clinic",
        "sum|patients|kinds=free_clinic",
        "sum|items|kinds=free_clinic",
        "distinct|region|kinds=free_clinic",
        "distinct|city|kinds=free_clinic",
        "distinct|place|kinds=free_clinic",
    ]
    assert {one.fact for one in found.values()} == {WorkVerified.TYPE}
    assert found["sum|patients|kinds=free_clinic"].units == ("人次", "人", "位", "名", "例")
    times = next(one for one in terms(DAY) if one.key == "worklog.work.verified|count||kinds=condolence")
    assert times.units == ("次", "批")


def test_a_series_is_a_term_with_its_aliases(kinds):
    series = open_series(
        by=OFFICE,
        on=DAY,
        title="上海医院发展论坛",
        kind=kinds["forum"],
        organisation=ACADEMIC,
        aliases=("医院发展论坛",),
    )
    term = next(one for one in terms(DAY) if one.filter == (("series", series.ref),))
    assert (term.measure, term.nouns) == ("count", ("上海医院发展论坛", "医院发展论坛"))


def test_the_engine_states_at_most_25_facts_and_documents_each():
    own = [one for name, one in fact_types().items() if name.startswith("worklog.")]
    assert len(own) == 21
    assert all(one.__doc__ for one in own)
