"""Rules: every one with the value in force, who set it and why, and the association's own value by form."""

from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml
from django.test import Client
from django.urls import reverse

from tests.operations.conftest import DAY, HOUSE
from xinglin.kernel import clock
from xinglin.kernel.actions.regulations import override_regulation
from xinglin.kernel.ledger.models import SealedFact, UnsealedFact
from xinglin.kernel.refs import Ref, shown
from xinglin.kernel.regulations import RegulationOverride, load, value
from xinglin.shell.operations.rules import rules_on

pytestmark = pytest.mark.django_db
RULE = {"zh": "试行天数", "en": "Days of trial", "source": "虚构", "values": [{"value": 7}]}
TABLE = {
    "T1.days": RULE | {"confidence": "C", "unit": "天", "number": "虚发〔2026〕1号", "article": "第三条"},
    "T2.law": RULE | {"zh": "法定天数", "confidence": "A"},
    "T3.safe": RULE | {"confidence": "B", "override": "system_admin"},
    "T4.way": RULE | {"confidence": "C", "values": [{"value": "back"}], "alternatives": ["none：不移", "另行商定"]},
    "T5.on": RULE | {"confidence": "C", "values": [{"value": True}]},
    "T6.share": RULE | {"confidence": "C", "values": [{"value": 0.5}]},
    "T7.only": RULE | {"confidence": "C", "values": [{"value": "back"}]},
    "T12.late": RULE | {"confidence": "C", "values": [{"value": 1, "until": date(2020, 1, 1)}]},
}
REASON = "常务理事会 2026 年第 1 次会议决定"


@pytest.fixture
def trial(tmp_path, settings):
    (tmp_path / "trial.yaml").write_text(yaml.safe_dump(TABLE), "utf-8")
    settings.REGULATIONS = tmp_path


def send(client, key="T1.days", **given):
    given = {"value": "10", "from_on": "2026-04-01", "until_on": "", "reason": REASON} | given
    return client.post(reverse("operations:override", args=[key]), given)


def set_value(value, from_on=DAY, until_on=None, key="T1.days"):
    return override_regulation(by=HOUSE, on=DAY, regulation_id=key, value=value, from_on=from_on, until_on=until_on,
                               reason=REASON)


def test_what_the_list_shows_is_what_the_kernel_answers(settings):
    on = clock.today()
    override_regulation(by=HOUSE, on=on, regulation_id="G17.days", value=9, from_on=on, reason=REASON)
    override_regulation(by=HOUSE, on=on, regulation_id="G17.days", value=12, from_on=on, reason=REASON)
    known = load(Path(settings.REGULATIONS))
    lines = {one.key: one for one in rules_on(on=on)}
    assert set(lines) == set(known)
    in_force = {key: one.own.value if one.own else one.printed for key, one in lines.items() if one.in_force}
    assert in_force == {key: value(key, on=on) for key in in_force}
    assert in_force["G17.days"] == 12


def test_everybody_reads_the_rules_and_only_account_holders_who_decided(as_role, trial):
    set_value(10, from_on=clock.today())
    page = Client().get("/regulations/T1.days/")
    assert page.status_code == 200 and "10" in page.content.decode() and REASON not in page.content.decode()
    page = as_role("member").get("/regulations/T1.days/").content.decode()
    assert REASON in page and "虚发〔2026〕1号" in page and "第三条" in page and "现行" in page


def test_the_list_names_value_source_confidence_and_who_set_it(as_role, trial):
    set_value(10, from_on=clock.today())
    answer = as_role("member").get("/regulations/")
    rows = {row.key: [str(cell) for _column, cell in row.cells] for row in answer.context["table"].shown_rows}
    assert list(rows) == ["T1.days", "T2.law", "T3.safe", "T4.way", "T5.on", "T6.share", "T7.only", "T12.late"]
    assert rows["T1.days"][1:] == ["10 天", "虚构", "虚发〔2026〕1号 第三条", "C　行业惯例", "本会"]
    assert [rows[key][1] for key in ("T2.law", "T5.on", "T6.share", "T12.late")] == ["7", "是", "0.5", "未生效"]
    assert "其中 1 条由本会另定。" in answer.content.decode()
    narrowed = as_role("member").get("/regulations/", {"own": "1"}).context["table"]
    assert [row.key for row in narrowed.shown_rows] == ["T1.days"]


def test_the_office_sets_a_value_by_form_and_it_is_stated(as_role, trial, sealed, account):
    answer = send(as_role("office"), until_on="2026-06-30")
    assert (answer.status_code, answer.url) == (302, "/regulations/T1.days/")
    row = RegulationOverride.objects.get()
    assert (row.value, row.from_on, row.until_on, row.reason, row.by) == (
        10, date(2026, 4, 1), date(2026, 7, 1), REASON, f"directory.account:{account.pk}")
    assert [value("T1.days", on=day) for day in (date(2026, 6, 30), date(2026, 7, 1))] == [10, 7]
    sealed()
    assert SealedFact.objects.get(type="kernel.regulation.overridden").body["regulation"] == "kernel.regulation:T1.days"


@pytest.mark.parametrize(("key", "typed", "kept"), [
    ("T1.days", "12", 12), ("T4.way", "none", "none"), ("T5.on", "no", False), ("T6.share", "0.25", 0.25)])
def test_a_value_keeps_the_kind_its_rule_has(as_role, trial, key, typed, kept):
    assert send(as_role("office"), key, value=typed).status_code == 302
    found = RegulationOverride.objects.get().value
    assert found == kept and type(found) is type(kept)


@pytest.mark.parametrize(("given", "field"), [
    ({"value": "ten"}, "value"), ({"value": "2.5"}, "value"), ({"value": ""}, "value"), ({"reason": " "}, "reason"),
    ({"from_on": "soon"}, "from_on"), ({"until_on": "2026-03-01"}, "until_on")])
def test_a_refusal_stands_beside_its_field_and_nothing_typed_is_lost(as_role, trial, given, field):
    answer = send(as_role("office"), **given)
    page = answer.content.decode()
    assert answer.status_code == 422 and list(answer.context["form"].errors) == [field]
    assert f'id="id_{field}_error"' in page
    assert all(typed in page for typed in ({"value": "10", "reason": REASON} | given).values() if typed.strip())
    assert RegulationOverride.objects.count() == 0


def test_a_reading_that_is_none_is_refused(as_role, trial):
    answer = send(as_role("office"), "T4.way", value="另行商定")
    assert answer.status_code == 422 and RegulationOverride.objects.count() == 0


@pytest.mark.parametrize(("key", "role", "may"), [
    ("T1.days", "office", True), ("T1.days", "secretary_general", False), ("T1.days", "system_admin", False),
    ("T1.days", "supervisor", False), ("T1.days", "audit_admin", False), ("T2.law", "office", False),
    ("T3.safe", "system_admin", True), ("T3.safe", "office", False), ("T7.only", "office", False),
    ("T12.late", "office", False)])
def test_who_may_is_asked_for_page_button_and_form_alike(as_role, trial, key, role, may):
    client, address = as_role(role), reverse("operations:override", args=[key])
    assert client.get(address).status_code == (200 if may else 403)
    assert (address in client.get(f"/regulations/{key}/").content.decode()) is may
    UnsealedFact.objects.all().delete()
    assert (send(client, key).status_code == 302) is may
    assert RegulationOverride.objects.count() == int(may) == UnsealedFact.objects.count()


def test_the_reason_stands_where_the_button_would(as_role, trial):
    client = as_role("office")
    assert "此取值由法律规定，不得改定。" in client.get("/regulations/T2.law/").content.decode()
    assert "没有别的读法" in client.get("/regulations/T7.only/").content.decode()


def test_the_history_says_what_holds_what_comes_and_what_is_over(as_role, trial):
    today = clock.today()
    for first, until in ((-90, -30), (-20, None), (-10, None), (30, None)):
        set_value(10, today + timedelta(days=first), today + timedelta(days=until) if until else None)
    answer = as_role("member").get("/regulations/T1.days/")
    assert [one.word for one in answer.context["history"]] == ["待生效", "现行", "已改定", "到期"]


def test_an_override_is_shown_by_its_rule_value_and_day(trial):
    row = set_value(10)
    ref, rule = Ref(f"kernel.override:{row.pk}"), Ref("kernel.regulation:T1.days")
    found = shown([ref, rule])
    assert (found[ref].label, found[ref].url) == (
        "试行天数：自 2026-03-05 起 10", f"/regulations/T1.days/#o{row.pk}")
    assert (found[rule].label, found[rule].url) == ("试行天数", "/regulations/T1.days/")


def test_an_unknown_rule_is_not_found(as_role):
    assert as_role("office").get(reverse("operations:override", args=["Z99"])).status_code == 404
