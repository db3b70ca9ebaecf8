"""A programme is data; what is wrong in it is said with file, line, column and what would be right."""

from typing import Literal

import pytest
from pydantic import Field

from tests.kernel.conftest import CLERK, DAY
from xinglin.kernel import programmes
from xinglin.kernel.actions.programmes import WrongEdition, open_round
from xinglin.kernel.actors import Actor
from xinglin.kernel.ledger.models import SealedFact
from xinglin.kernel.policy import NotAllowed
from xinglin.kernel.programmes import Options, ProgrammeRound, component, definition_of, load_programme
from xinglin.kernel.refs import Ref, shown
from xinglin.lib.marked_yaml import SourceError

GOOD = """\
code: young-doctor   # 虚构
zh: 青年医师奖
en: Young doctor award
regulations: [X2.form]
parts:
  - code: who
    zh: 参评对象
    en: Who may apply
    use: trial.people
    with:
      max_age: 45
stages:
  - code: apply
    zh: 申报
    en: Applications
    use: trial.intake
  - code: review
    zh: 评审
    en: Review
    use: trial.intake
    with: {per_unit: 3, kinds: [paper, report], blind: double}
"""


@pytest.fixture(autouse=True)
def registered(monkeypatch):
    monkeypatch.setattr(programmes, "_components", {})

    @component("trial.people")
    class People(Options):
        max_age: int = Field(ge=18, le=70)

    @component("trial.intake")
    class Intake(Options):
        per_unit: int = 2
        kinds: tuple[str, ...] = ("paper",)
        blind: Literal["none", "single", "double"] = "none"


@pytest.fixture
def load(tmp_path):
    def load(text):
        file = tmp_path / "young-doctor.yaml"
        file.write_text(text, "utf-8")
        return load_programme(file=file)

    return load


def test_a_programme_is_resolved_with_its_defaults_and_frozen(load):
    made = load(GOOD)
    assert (made.code, made.zh, made.regulations) == ("young-doctor", "青年医师奖", ("X2.form",))
    assert made.parts[0].options.max_age == 45
    assert [stage.code for stage in made.stages] == ["apply", "review"]
    assert made.resolved()["stages"][0]["with"] == {"per_unit": 2, "kinds": ["paper"], "blind": "none"}
    with pytest.raises(ValueError, match="frozen"):
        made.parts[0].options.max_age = 50


def test_the_digest_covers_what_is_meant_and_not_how_it_is_written(load):
    digest = load(GOOD).digest
    assert len(digest) == 64
    assert load(GOOD.replace("   # 虚构", "\n")).digest == digest
    spelt_out = GOOD.replace("    use: trial.intake\n  -", "    use: trial.intake\n    with: {per_unit: 2}\n  -")
    assert load(spelt_out).digest == digest
    assert load(GOOD.replace("max_age: 45", "max_age: 44")).digest != digest


@pytest.mark.parametrize(("old", "new", "line", "column", "said"), [
    ("use: trial.people", "use: trial.peple", 9, 5, "trial.peple is no component; trial.people would be right"),
    ("max_age: 45", "max_ag: 45", 11, 7, "max_ag is no word; max_age would be right"),
    ("max_age: 45", "max_age: 99", 11, 7, "max_age: Input should be less than or equal to 70, not 99"),
    ("    with:\n      max_age: 45\n", "", 6, 5, "max_age is missing"),
    ("zh: 青年医师奖\n", "", 1, 1, "zh is missing"),
    ("blind: double", "blind: triple", 21, 49,
     "blind: Input should be 'none', 'single' or 'double', not 'triple'"),
    ("kinds: [paper, report]", "kinds: [paper, 3]", 21, 40, "kinds.1: Input should be a valid string, not 3"),
    ("max_age: 45", "max_age: '{{ age }}'", 11, 7, "expressions are not used here"),
    ("zh: 申报", "zh: =1+1", 14, 5, "expressions are not used here"),
    ("regulations: [X2.form]", "regulations: [X2.form, X9]", 4, 24, "no regulation X9 is declared"),
    ("code: review", "code: apply", 17, 5, "apply stands twice; codes are unique"),
    ("zh: 评审", "zh: 评审\n    zh: 复评", 19, 5, "zh stands here twice"),
    ("zh: 评审", "zh: &a 评审\n    en: *a", 1, 1, "aliases"),
    ("stages:", "stage:", 12, 1, "stage is no word; stages would be right"),
    ("code: young-doctor", "code: Young Doctor", 1, 1, "code: String should match pattern"),
    ("en: Young doctor award", "en: [Young", 4, 12, "expected ',' or ']'"),
])
def test_errors_name_the_place_and_what_would_be_right(load, old, new, line, column, said):
    assert old in GOOD
    with pytest.raises(SourceError) as wrong:
        load(GOOD.replace(old, new, 1))
    assert (wrong.value.file, wrong.value.line, wrong.value.column) == ("young-doctor.yaml", line, column), wrong.value
    assert said in wrong.value.said


@pytest.mark.parametrize("text", ["", "- a\n", "just words\n", "a: !!python/object:os.system x\n"])
def test_what_is_no_programme_is_refused(load, text):
    with pytest.raises(SourceError):
        load(text)


@pytest.mark.django_db
def test_a_round_keeps_its_definition_and_later_edits_touch_later_rounds_only(load, sealed):
    first = open_round(by=CLERK, on=DAY, programme=load(GOOD), edition=11)
    second = open_round(by=CLERK, on=DAY, programme=load(GOOD.replace("max_age: 45", "max_age: 40")), edition=12)
    kept = ProgrammeRound.objects.order_by("edition")
    assert [definition_of(row).parts[0].options.max_age for row in kept] == [45, 40]
    assert definition_of(kept[0]).digest == first.digest != second.digest
    sealed()
    fact = SealedFact.objects.get(position=1)
    assert (fact.type, fact.body) == ("kernel.round.opened", {
        "round": first.ref, "programme": "kernel.programme:young-doctor", "digest": first.digest})
    assert shown([first.ref])[first.ref].label == "青年医师奖 11"


@pytest.mark.django_db
@pytest.mark.parametrize("edition", [10, 11, 13])
def test_a_repeated_or_skipped_edition_is_refused(load, edition):
    open_round(by=CLERK, on=DAY, programme=load(GOOD), edition=11)
    with pytest.raises(WrongEdition, match="12"):
        open_round(by=CLERK, on=DAY, programme=load(GOOD), edition=edition)
    assert ProgrammeRound.objects.count() == 1


@pytest.mark.django_db
def test_a_round_is_opened_by_the_office_or_within_another_act(load):
    member = Actor(ref=Ref("directory.person:1"), roles=frozenset({"member"}))
    with pytest.raises(NotAllowed):
        open_round(by=member, on=DAY, programme=load(GOOD), edition=1)
    assert ProgrammeRound.objects.count() == 0
