"""Document numbers: given in order, voided and kept, gaps visible, and by the office alone."""

from datetime import date

import pytest
from django.urls import reverse

from tests.operations.conftest import DAY, HOUSE
from xinglin.kernel import clock
from xinglin.kernel.actions.numbering import issue_number, open_series, void_number
from xinglin.kernel.acts import act, state
from xinglin.kernel.facts_of_kernel import NumberIssued
from xinglin.kernel.ledger.models import SealedFact
from xinglin.kernel.numbering import IssuedNumber, NumberSeries
from xinglin.kernel.refs import Code, Ref, ref, shown
from xinglin.shell.operations.register import gaps_in, series_lines

pytestmark = pytest.mark.django_db
PATTERN = "江医协〔{year}〕{serial}号"


@pytest.fixture
def general(db):
    open_series(by=HOUSE, on=DAY, code=Code("general"), label="发文", pattern=PATTERN)
    return NumberSeries.objects.get()


def give(number=1, on=None):
    return [issue_number(by=HOUSE, on=on or clock.today(), code=Code("general")) for _one in range(number)]


@act
def _skip_to(*, by, on, serial):
    """Give a number out of turn, as an old register may have done; the kernel's own act never does."""
    row = IssuedNumber.objects.create(series_id="general", year=on.year, serial=serial, issued_on=on,
                                      text=PATTERN.format(year=on.year, serial=serial))
    state(NumberIssued(number=row.ref, series=ref("kernel.series", "general"), year=on.year, serial=serial))


def test_the_office_opens_a_series_by_form(as_role):
    client, address = as_role("office"), reverse("operations:new_series")
    given = {"code": "general", "label": "发文", "pattern": PATTERN, "official": "on"}
    assert client.post(address, given).status_code == 302
    row = NumberSeries.objects.get()
    assert (row.pk, row.label, row.pattern) == ("general", "发文", PATTERN)
    again = client.post(address, {"code": "general", "label": "别的", "pattern": PATTERN})
    assert again.status_code == 422 and list(again.context["form"].errors) == ["code"]
    assert NumberSeries.objects.get().label == "发文"


@pytest.mark.parametrize(("given", "field"), [
    ({"pattern": "第{serial}号"}, "pattern"), ({"pattern": "无号"}, "pattern"), ({"code": "发文"}, "code"),
    ({"label": ""}, "label")])
def test_a_series_that_is_none_is_refused_beside_its_field(as_role, given, field):
    given = {"code": "general", "label": "发文", "pattern": PATTERN, "official": "on"} | given
    answer = as_role("office").post(reverse("operations:new_series"), given)
    assert answer.status_code == 422 and list(answer.context["form"].errors) == [field]
    assert NumberSeries.objects.count() == 0


def test_a_change_holds_for_numbers_to_come(as_role, general):
    [first] = give()
    as_role("office").post(reverse("operations:series", args=["general"]), {
        "label": "发文", "pattern": "江协〔{year}〕{serial}号", "official": "on"})
    [second] = give()
    year = clock.today().year
    assert (first.text, second.text) == (f"江医协〔{year}〕1号", f"江协〔{year}〕2号")


def test_the_next_number_is_given_to_what_the_reader_came_with(as_role, general, sealed):
    give(2)
    address = reverse("operations:give")
    assert "3号" in as_role("office").get(address).content.decode()
    answer = as_role("office").post(f"{address}?about=trial.letter:5", {"series": "general"})
    row = IssuedNumber.objects.get(serial=3)
    assert answer.url == reverse("operations:number", args=[row.pk])
    assert (row.about, row.issued_on) == ("trial.letter:5", clock.today())
    again = as_role("office").post(f"{address}?about=trial.letter:5", {"series": "general"})
    assert again.status_code == 422 and row.text in again.content.decode()
    sealed()
    assert SealedFact.objects.filter(type="kernel.number.issued").count() == 3


def test_a_void_number_stays_with_its_reason_and_leaves_no_gap(as_role, general, sealed):
    give(3)
    second = IssuedNumber.objects.get(serial=2)
    page = reverse("operations:number", args=[second.pk])
    assert as_role("office").post(page, {"reason": ""}).status_code == 422
    assert as_role("office").post(page, {"reason": "because"}).status_code == 422
    assert as_role("office").post(page, {"reason": "not_sent"}).status_code == 302
    second.refresh_from_db()
    assert (second.voided_on, second.reason) == (clock.today(), "not_sent")
    assert "文件未发出" in as_role("office").get(page).content.decode()
    [line] = series_lines(on=clock.today())
    assert (line.given, line.voided, line.gaps, line.following) == (3, 1, [], f"江医协〔{clock.today().year}〕4号")
    answer = as_role("office").get(reverse("operations:numbers"))
    assert [row.name for row in answer.context["table"].shown_rows] == [
        f"江医协〔{clock.today().year}〕{serial}号" for serial in (3, 2, 1)]
    assert "今年编号 3 个，作废 1 个；连号，无缺。" in answer.content.decode()
    void = as_role("office").get(reverse("operations:numbers"), {"list": "void"}).context["table"]
    assert [row.key for row in void.shown_rows] == [str(second.pk)]
    refused = as_role("office").post(page, {"reason": "trial"})
    assert refused.status_code == 422 and IssuedNumber.objects.get(pk=second.pk).reason == "not_sent"
    sealed()
    assert SealedFact.objects.filter(type="kernel.number.voided").count() == 1


def test_a_gap_is_seen(as_role, general):
    give(2)
    _skip_to(by=HOUSE, on=clock.today(), serial=5)
    [line] = series_lines(on=clock.today())
    assert (line.gaps, line.gaps_said) == ([3, 4], "3、4")
    page = as_role("supervisor").get(reverse("operations:numbers")).content.decode()
    assert "缺 2 号" in page and "3、4" in page


def test_each_year_counts_on_its_own(general):
    give(2, on=date(2025, 5, 1))
    give(1)
    [line] = series_lines(on=clock.today())
    assert (line.given, line.gaps) == (1, [])
    assert series_lines(on=date(2025, 12, 31))[0].given == 2


def test_gaps():
    assert (gaps_in([]), gaps_in([1, 2]), gaps_in([3]), gaps_in([5, 1, 2])) == ([], [], [1, 2], [3, 4])


@pytest.mark.parametrize("role", ["supervisor", "audit_admin", "member", "department", "system_admin"])
def test_others_give_and_void_nothing(as_role, general, role):
    [one] = give()
    client = as_role(role)
    assert client.post(reverse("operations:give"), {"series": "general"}).status_code == 403
    assert client.post(reverse("operations:number", args=[one.pk]), {"reason": "trial"}).status_code == 403
    change = client.post(reverse("operations:series", args=["general"]), {"label": "x", "pattern": PATTERN})
    assert change.status_code == 403
    one.refresh_from_db()
    assert IssuedNumber.objects.count() == 1 and one.voided_on is None and NumberSeries.objects.get().label == "发文"


def test_refs_of_numbers_and_series_lead_to_their_pages(general):
    [one] = give()
    void_number(by=HOUSE, on=DAY, number=one.ref, reason=Code("trial"))
    series = Ref("kernel.series:general")
    found = shown([one.ref, series, Ref("kernel.number:999"), Ref("kernel.house:flows")])
    assert (found[one.ref].label, found[one.ref].url) == (one.text, f"/numbers/{one.pk}/")
    assert (found[series].label, found[series].url) == ("发文", "/numbers/?series=general")
    assert found["kernel.number:999"].url == "" and found["kernel.house:flows"].label == "系统"
