"""An association sets its own values: dated, with a reason, and never against the law."""

import math
from datetime import date

import pytest
import yaml
from django.utils import translation

from tests.kernel.conftest import CLERK, DAY
from xinglin.kernel import regulations
from xinglin.kernel.actions.regulations import NoReason, WrongSpan, WrongValue, override_regulation
from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act
from xinglin.kernel.ledger.models import SealedFact
from xinglin.kernel.policy import NotAllowed
from xinglin.kernel.refs import Ref, shown
from xinglin.kernel.regulations import RegulationError, RegulationOverride, UnknownRegulation, value

pytestmark = pytest.mark.django_db
RULE = {"zh": "试", "en": "Trial", "source": "虚构", "values": [{"value": 7}]}
TABLE = {
    "T1.days": RULE | {"confidence": "C"},
    "T1.law": RULE | {"confidence": "A"},
    "T1.safe": RULE | {"confidence": "B", "override": "system_admin"},
    "T1.way": RULE | {"confidence": "C", "values": [{"value": "back"}], "alternatives": ["none"]},
    "T1.tries": RULE | {"confidence": "B", "override": "security_admin", "min": 3, "max": 10},
    "T1.late": RULE | {"confidence": "C", "values": [{"value": 7, "from": date(2021, 1, 1)}]},
    "T1.on": RULE | {"confidence": "C", "values": [{"value": True}]},
}


@pytest.fixture(autouse=True)
def rules(tmp_path, settings):
    (tmp_path / "trial.yaml").write_text(yaml.safe_dump(TABLE), "utf-8")
    settings.REGULATIONS = tmp_path


def actor(*roles):
    return Actor(ref=Ref("directory.person:1"), roles=frozenset(roles))


def override(rule="T1.days", by=CLERK, **how):
    how = {"value": 10, "from_on": date(2026, 4, 1), "reason": "常务理事会决定"} | how
    return override_regulation(by=by, on=DAY, regulation_id=rule, **how)


def test_an_override_holds_from_its_day_to_its_last_and_is_stated(sealed):
    row = override(until_on=date(2026, 7, 1))
    on = [
        value("T1.days", on=day) for day in (date(2026, 3, 31), date(2026, 4, 1), date(2026, 6, 30), date(2026, 7, 1))
    ]
    assert on == [7, 10, 10, 7]
    sealed()
    fact = SealedFact.objects.get()
    assert (fact.type, fact.body) == (
        "kernel.regulation.overridden",
        {"override": f"kernel.override:{row.pk}", "regulation": "kernel.regulation:T1.days"},
    )


def test_a_regulation_is_shown_by_its_title_in_the_readers_language():
    known, unknown = Ref("kernel.regulation:T1.days"), Ref("kernel.regulation:T9")
    labels = shown([known, unknown])
    assert (labels[known].label, labels[unknown].label) == ("试", unknown)
    with translation.override("en"):
        assert shown([known])[known].label == "Trial"


def test_the_later_decision_holds():
    override()
    override(value=12, from_on=date(2026, 5, 1))
    assert [value("T1.days", on=date(2026, month, 2)) for month in (4, 5)] == [10, 12]


@pytest.mark.parametrize(
    ("rule", "role", "may"),
    [
        ("T1.days", "office", True),
        ("T1.days", "system_admin", False),
        ("T1.days", "member", False),
        ("T1.safe", "system_admin", True),
        ("T1.safe", "office", False),
        ("T1.tries", "security_admin", True),
        ("T1.tries", "office", False),
        ("T1.tries", "system_admin", False),
        ("T1.law", "office", False),
        ("T1.law", "house", False),
    ],
)
def test_who_may_override_what(rule, role, may):
    if may:
        assert override(rule, by=actor(role)).value == 10
    else:
        with pytest.raises(NotAllowed) as refused:
            override(rule, by=actor(role))
        assert refused.value.regulation == rule
        assert RegulationOverride.objects.count() == 0


@pytest.mark.parametrize(
    ("rule", "wrong"),
    [
        ("T1.days", "ten"),
        ("T1.days", True),
        ("T1.days", None),
        ("T1.way", "sideways"),
        ("T1.way", 3),
        ("T1.on", 1),
        ("T1.tries", 0),
        ("T1.tries", 11),
        ("T1.days", float("nan")),
    ],
)
def test_a_value_the_rule_cannot_have_is_refused(rule, wrong):
    with pytest.raises(WrongValue):
        override(rule, value=wrong)
    assert RegulationOverride.objects.count() == 0


def test_a_listed_reading_and_a_flag_are_taken():
    assert override("T1.way", value="none").value == "none"
    assert override("T1.on", value=False).value is False


def test_the_security_administration_sets_the_rules_of_sign_in_within_their_limits(settings):
    settings.REGULATIONS = settings.ROOT / "regulations"
    rules = {key: one for key, one in regulations.load(settings.REGULATIONS).items() if key.startswith("SE")}
    assert {one.override for one in rules.values() if one.confidence != "A"} == {"security_admin"}
    assert all(one.least <= one.printed(DAY) <= one.most < math.inf for one in rules.values() if one.confidence != "A")
    guard = actor("security_admin")
    assert override("SE2.tries", by=guard, value=3).value == 3
    for rule, wrong in (("SE2.tries", 0), ("SE3.grace", 99999), ("SE1.length", 4)):
        with pytest.raises(WrongValue):
            override(rule, by=guard, value=wrong)


def test_an_override_from_before_the_rule_was_in_force_is_refused():
    with pytest.raises(WrongSpan) as refused:
        override("T1.late", from_on=date(2020, 6, 1))
    assert refused.value.field == "from_on"


def test_a_rule_that_names_nobody_known_is_refused(tmp_path):
    (tmp_path / "more.yaml").write_text(yaml.safe_dump({"T2.x": RULE | {"confidence": "B", "override": "boss"}}))
    with pytest.raises(RegulationError, match="override is one of none, office"):
        regulations.load(tmp_path)


def test_other_refusals():
    with pytest.raises(WrongSpan):
        override(until_on=date(2026, 4, 1))
    with pytest.raises(NoReason):
        override(reason="  ")
    with pytest.raises(UnknownRegulation):
        override("T9.days")
    assert regulations.RegulationOverride.objects.count() == 0


def test_an_act_reads_own_values_once_and_sees_the_one_it_sets(django_assert_num_queries):
    override()

    @act
    def read_rules(*, by, on):
        with django_assert_num_queries(1):
            found = [value("T1.days", on=date(2026, 4, 1)), value("T1.days", on=DAY), value("T1.late", on=DAY)]
        override(value=12)
        return [*found, value("T1.days", on=date(2026, 4, 1))]

    assert read_rules(by=CLERK, on=DAY) == [10, 7, 7, 12]
