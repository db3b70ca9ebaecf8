"""The working calendar: how each day of a year counts, and what the association declares and takes back."""

from datetime import date

import pytest
from django import forms
from django.urls import reverse

from tests.operations.conftest import DAY, HOUSE, actor
from xinglin.kernel.actions.calendar import NoDays, NotDeclared, declare_days
from xinglin.kernel.actions.regulations import override_regulation
from xinglin.kernel.calendar import DeclaredDay, association_calendar
from xinglin.kernel.ledger.models import SealedFact
from xinglin.kernel.policy import NotAllowed
from xinglin.shell.operations import year as days_of_year
from xinglin.shell.operations.actions.days import withdraw_days
from xinglin.shell.operations.forms import read_days

pytestmark = pytest.mark.django_db
CALENDAR = "operations:calendar"


def kinds(*days):
    calendar = association_calendar(on=DAY)
    return [days_of_year.kind_of(day=day, calendar=calendar) for day in days]


def shown_year(client, year):
    return client.get(reverse(CALENDAR), {"year": year})


def test_how_days_count():
    assert kinds(date(2026, 2, 17), date(2026, 2, 14), date(2026, 3, 5), date(2026, 3, 7)) == [
        "holiday", "makeup", "work", "rest"]
    assert kinds(date(2026, 2, 15)) == ["holiday"], "a Sunday of the Spring Festival is a holiday, no mere weekend"


def test_a_year_adds_up_and_names_its_holidays(as_role):
    answer = shown_year(as_role("member"), 2026)
    assert (answer.context["worked"], answer.context["off"]) == (248, 117)
    spans = [(one.why, one.first, one.days) for one in answer.context["holidays"] if one.off]
    assert ("春节", date(2026, 2, 15), 9) in spans and ("国庆节", date(2026, 10, 1), 7) in spans
    assert [len(month.weeks) for month in answer.context["months"]][:3] == [5, 5, 6]
    assert sum(1 for month in answer.context["months"] for week in month.weeks for cell in week if cell) == 365


def test_a_year_not_announced_says_that_it_is_provisional(as_role):
    page = shown_year(as_role("office"), 2031).content.decode()
    assert "2031 年放假安排尚未录入" in page and "都是暂定" in page
    assert "尚未录入</h2>" not in shown_year(as_role("member"), 2031).content.decode()


def test_a_year_is_drawn_even_where_the_rule_refuses_to_count_it(as_role):
    override_regulation(by=HOUSE, on=DAY, regulation_id="X5.uncovered", value="refuse", from_on=DAY,
                        reason="理事会决定")
    assert shown_year(as_role("member"), 2031).context["worked"] == 261


@pytest.mark.parametrize("year", ["", "x", "1", "99999", "-5"])
def test_a_year_that_is_none_shows_the_present_one(as_role, year):
    assert shown_year(as_role("member"), year).status_code == 200


def test_the_office_declares_days_and_takes_them_back(as_role, sealed):
    client = as_role("office")
    answer = client.post(reverse("operations:declare"), {
        "from_on": "2026-09-17", "last_on": "2026-09-18", "off": "off", "source": "会庆"})
    assert answer.url == f"{reverse(CALENDAR)}?year=2026"
    client.post(reverse("operations:declare"), {"from_on": "2026-09-19", "off": "worked", "source": "会庆"})
    assert kinds(date(2026, 9, 17), date(2026, 9, 18), date(2026, 9, 19)) == ["own_off", "own_off", "own_work"]
    found = shown_year(client, 2026)
    spans = [(one.first.day, one.last.day, one.off) for one in found.context["declared"]]
    assert spans == [(17, 18, True), (19, 19, False)]
    assert found.context["worked"] == 248 - 2 + 1
    back = client.post(reverse("operations:withdraw"), {"first": "2026-09-17", "last": "2026-09-18"}, follow=True)
    assert "2 天改回公共日历。" in back.content.decode()
    assert list(DeclaredDay.objects.values_list("day", flat=True)) == [date(2026, 9, 19)]
    sealed()
    facts = SealedFact.objects.exclude(type="shell.list.exported").order_by("position")
    assert [one.type for one in facts] == ["kernel.day.declared"] * 3 + ["kernel.day.withdrawn"] * 2


def test_days_are_taken_back_all_or_none():
    days = [date(2026, 9, 17), date(2026, 9, 18)]
    declare_days(by=HOUSE, on=DAY, days=dict.fromkeys(days, True), source="会庆")
    with pytest.raises(NotAllowed):
        withdraw_days(by=actor("member"), on=DAY, days=days)
    with pytest.raises(NotDeclared):
        withdraw_days(by=HOUSE, on=DAY, days=[*days, date(2026, 9, 19)])
    with pytest.raises(NoDays):
        withdraw_days(by=HOUSE, on=DAY, days=[])
    assert DeclaredDay.objects.count() == 2
    assert withdraw_days(by=HOUSE, on=DAY, days=days) == 2 and not DeclaredDay.objects.exists()


def test_taking_back_what_was_not_declared_says_so(as_role):
    page = as_role("office").post(reverse("operations:withdraw"), {"first": "2026-09-17", "last": "x"}, follow=True)
    assert "写明要撤回的日期。" in page.content.decode()


def test_a_holiday_notice_speaks_for_its_whole_year(as_role):
    answer = as_role("office").post(reverse("operations:holidays"), {
        "year": "2031", "source": "国办发明电〔2030〕9号（虚构）",
        "off": "2031-01-01\n2031年1月22日 至 2031年1月28日", "worked": "2031-01-18"})
    assert answer.url == f"{reverse(CALENDAR)}?year=2031"
    assert DeclaredDay.objects.filter(statutory=True).count() == 9
    found = shown_year(as_role("office"), 2031)
    assert (found.context["known"], found.context["worked"]) == (True, 261 - 1 - 5 + 1)
    assert kinds(date(2031, 1, 18), date(2031, 1, 22), date(2031, 1, 25), date(2031, 2, 1)) == [
        "makeup", "holiday", "holiday", "rest"]


@pytest.mark.parametrize(("given", "field"), [
    ({"off": "someday"}, "off"), ({"off": "2030-12-31"}, "off"), ({"worked": "2031-01-01"}, "worked"),
    ({"source": " "}, "source"), ({"off": "2031-02-30"}, "off"), ({"year": "soon"}, "year")])
def test_a_notice_with_an_error_comes_back_as_typed(as_role, given, field):
    given = {"year": "2031", "source": "虚构", "off": "2031-01-01", "worked": ""} | given
    answer = as_role("office").post(reverse("operations:holidays"), given)
    assert answer.status_code == 422 and list(answer.context["form"].errors) == [field]
    assert given["off"] in answer.content.decode() and DeclaredDay.objects.count() == 0


@pytest.mark.parametrize(("given", "field"), [
    ({"last_on": "2026-09-16"}, "last_on"), ({"last_on": "2026-12-31"}, "last_on"), ({"source": ""}, "source"),
    ({"off": "perhaps"}, "off"), ({"from_on": ""}, "from_on")])
def test_days_with_an_error_come_back_as_typed(as_role, given, field):
    given = {"from_on": "2026-09-17", "last_on": "", "off": "off", "source": "会庆"} | given
    answer = as_role("office").post(reverse("operations:declare"), given)
    assert answer.status_code == 422 and list(answer.context["form"].errors) == [field]
    assert DeclaredDay.objects.count() == 0


@pytest.mark.parametrize("role", ["member", "supervisor", "audit_admin", "system_admin", "department"])
def test_others_declare_and_withdraw_nothing(as_role, role):
    declare_days(by=HOUSE, on=DAY, days={date(2026, 9, 18): True}, source="会庆")
    client = as_role(role)
    for name in ("declare", "holidays", "withdraw"):
        answer = client.post(reverse(f"operations:{name}"), {"first": "2026-09-18", "last": "2026-09-18"})
        assert answer.status_code == 403
    assert DeclaredDay.objects.count() == 1
    assert reverse("operations:withdraw") not in shown_year(client, 2026).content.decode()


def test_lines_of_days():
    found = read_days("2031-01-01\n\n２０３１年１月３日 到 2031.1.4；")
    assert found == [date(2031, 1, 1), date(2031, 1, 3), date(2031, 1, 4)]
    for wrong in ("2031-01-05 至 2031-01-01", "2031-01-01 至 2031-06-01", "2031-13-01", "元旦"):
        with pytest.raises(forms.ValidationError):
            read_days(wrong)


def test_several_days_are_taken_back_together_or_not_at_all(db):
    from datetime import date

    from xinglin.kernel.actions.calendar import declare_days
    from xinglin.kernel.actors import house
    from xinglin.kernel.policy import Refusal
    from xinglin.shell.operations.actions.days import withdraw_days

    by, on, days = house("test"), date(2026, 3, 2), [date(2026, 6, 8), date(2026, 6, 9)]
    declare_days(by=by, on=on, days=dict.fromkeys(days, True), source="停电")
    with pytest.raises(Refusal):
        withdraw_days(by=by, on=on, days=[*days, date(2026, 6, 10)])
    assert withdraw_days(by=by, on=on, days=days) == 2
    with pytest.raises(Refusal):
        withdraw_days(by=by, on=on, days=[])
