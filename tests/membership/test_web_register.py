"""The register's pages: list, questions, one member, tiers, and letters to many."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from xinglin.directory.actions.people import record_title
from xinglin.directory.actions.terms import begin_term
from xinglin.engines.membership import questions
from xinglin.engines.membership.actions.choices import make_choice
from xinglin.engines.membership.actions.exits import leave
from xinglin.engines.membership.actions.members import waive_fee
from xinglin.engines.membership.actions.tiers import grant
from xinglin.engines.membership.activity import deeds_of
from xinglin.engines.membership.certificates import Choice
from xinglin.engines.membership.members import Affiliation, Coverage, Member, Spell
from xinglin.engines.worklog.actions.verifying import verify_work
from xinglin.engines.worklog.actions.words import seed_vocabulary
from xinglin.engines.worklog.actions.work import log_work
from xinglin.engines.worklog.words import Kind
from xinglin.engines.worklog.works import Work
from xinglin.kernel import clock
from xinglin.kernel.notices.models import Notice

from .conftest import DAY, HOUSE, OFFICE, actor
from .paying import pay

pytestmark = pytest.mark.django_db


@pytest.fixture
def crowd(someone, admit, cardiology, surgery, tiers):
    """Four members: a cardiologist, a surgeon, one who left, one of old whose fee is waived."""
    wang, li, zhao, qian = (someone(name) for name in ("王小明", "李小红", "赵一", "钱二"))
    made = {"wang": admit(wang, branch=cardiology), "li": admit(li, branch=surgery),
            "zhao": admit(zhao, branch=cardiology, on=date(2020, 1, 1)),
            "qian": admit(qian, on=date(2019, 1, 1), tier="senior")}
    leave(by=actor(person=zhao), on=DAY, member=made["zhao"])
    waive_fee(by=OFFICE, on=DAY, member=made["qian"], from_on=date(2019, 1, 1), reason="名誉")
    return made


def listed(client, **query):
    page = client.get(reverse("membership:members"), query)
    assert page.status_code == 200
    return {name for name in ("王小明", "李小红", "赵一", "钱二") if f">{name}<" in page.content.decode()}


def test_the_register_shows_who_is_on_it_and_filters_by_what_the_office_asks(visit, crowd, cardiology):
    client = visit(OFFICE)
    assert listed(client) == {"王小明", "李小红", "钱二"}
    assert listed(client, list="left") == {"赵一"}
    assert listed(client, list="joining") == {"王小明", "李小红"}
    assert listed(client, branch=cardiology.pk) == {"王小明"}
    assert listed(client, tier="senior") == {"钱二"}
    assert listed(client, q="李小红") == {"李小红"}


def test_whose_paid_time_ends_within_thirty_days_is_asked_by_the_day_of_the_visit(visit, crowd):
    for name, days in (("wang", 30), ("li", 31)):
        pay(by=HOUSE, on=DAY - timedelta(days=9), member=crowd[name], until_on=DAY + timedelta(days=days))
    assert listed(visit(OFFICE), special="due") == {"王小明"}


def test_a_span_up_to_the_last_of_days_is_no_fault(visit, crowd):
    assert visit(OFFICE).get(reverse("membership:groups"), {"to": "9999-12-31"}).status_code == 200


def test_no_activity_this_year_names_exactly_those_of_whom_the_ledger_tells_nothing(visit, crowd, cardiology, sealed):
    seed_vocabulary(by=HOUSE, on=DAY, from_on=date(2019, 1, 1))
    entry = log_work(by=HOUSE, on=DAY, submit=True, work=Work(
        kind=Kind.objects.get(code="forum"), title="心血管论坛（虚构）", happened_on=DAY, organisation=cardiology.ref,
        people=(crowd["wang"].person.ref,)))
    sealed()
    client = visit(OFFICE)
    assert listed(client, activity="none") == {"王小明", "李小红", "钱二"}  # nobody has verified it yet
    verify_work(by=OFFICE, on=DAY, entries=[entry])
    sealed()
    assert listed(client, activity="none") == {"李小红", "钱二"}
    assert listed(client, activity="some") == {"王小明"}
    assert listed(client, activity="none", branch=cardiology.pk, tier="ordinary") == set()
    page = client.get(crowd["wang"].get_absolute_url()).content.decode()
    assert "已核实工作" in page and "心血管论坛" in page


def test_idle_and_busy_are_those_whom_each_record_alone_says_so(crowd, found, admit, cardiology, sealed):
    seed_vocabulary(by=HOUSE, on=DAY, from_on=date(2019, 1, 1))
    unit = admit(found("江海省第一医院"), tier="unit")
    for who, day in (("wang", DAY), ("li", date(2025, 5, 4)), ("qian", date(2025, 12, 31)), ("qian", DAY)):
        entry = log_work(by=HOUSE, on=DAY, submit=True, work=Work(
            kind=Kind.objects.get(code="forum"), title="论坛（虚构）", happened_on=day, organisation=cardiology.ref,
            people=(crowd[who].person.ref,)))
        verify_work(by=OFFICE, on=DAY, entries=[entry])
    sealed()
    rows = Spell.objects.exclude(member=unit)
    for year in (2024, 2025, 2026):
        begin, end = date(year, 1, 1), date(year + 1, 1, 1)
        did = {row.pk for row in rows if deeds_of(row.member.person.ref, from_on=begin, until_on=end)}
        assert set(questions.busy(Spell.objects.all(), year=year).values_list("pk", flat=True)) == did
        assert set(questions.idle(Spell.objects.all(), year=year).values_list("pk", flat=True)) == {
            row.pk for row in rows} - did


def test_a_search_names_everybody_once_by_name_pinyin_number_or_unit(visit, crowd, found, admit):
    unit, client = admit(found("江海省第一医院"), tier="unit"), visit(OFFICE)
    for words, member in (("王", crowd["wang"]), ("wang", crowd["wang"]), ("w", crowd["wang"]), ("第一医院", unit),
                          (crowd["li"].number, crowd["li"])):
        table = client.get(reverse("membership:members"), {"q": words}).context["table"]
        assert [row.member for row in table.selected] == [member] and table.count == 1


def test_who_becomes_senior_or_exempt_and_who_lapsed_in_office_is_found(visit, crowd, someone, admit, cardiology):
    old, wise = someone("孙三", born_on=date(1950, 1, 1)), someone("周四")
    admit(old, on=date(2015, 5, 1))
    admit(wise, on=date(2021, 3, 2))
    record_title(by=HOUSE, on=DAY, person=wise.ref, title="chief_physician")
    begin_term(by=HOUSE, on=DAY, person=wise.ref, organisation=cardiology.ref, title="committee_member",
               from_on=date(2024, 1, 1))
    client = visit(OFFICE)

    def named(**query):
        page = client.get(reverse("membership:members"), query).content.decode()
        return {name for name in ("孙三", "周四", "王小明", "钱二") if f">{name}<" in page}

    assert named(special="waiver") == {"孙三"}
    assert named(special="senior") == {"周四"}
    assert named(special="office", list="lapsed") == {"周四"}


def test_a_branch_sees_its_own_and_a_member_not_the_register(visit, crowd, surgery):
    assert listed(visit(actor("branch_secretary", where=surgery))) == {"李小红"}
    assert visit(actor(person=crowd["wang"].person)).get(reverse("membership:members")).status_code == 403
    assert visit(actor("branch_secretary", where=surgery)).get(crowd["wang"].get_absolute_url()).status_code == 403
    assert visit(actor(person=crowd["wang"].person)).get(crowd["wang"].get_absolute_url()).status_code == 200


def test_a_branch_reads_what_its_member_did_and_not_what_they_asked_or_why_they_pay_nothing(
    visit, crowd, surgery, sealed
):
    li = crowd["li"]
    make_choice(by=actor(person=li.person), on=DAY, member=li, what=Choice.What.ERASURE, allowed=True)
    waive_fee(by=OFFICE, on=DAY, member=li, from_on=DAY, reason="家庭困难")
    sealed()
    branch, office = (visit(who).get(li.get_absolute_url()).content.decode() for who in (
        actor("branch_secretary", where=surgery), OFFICE))
    assert "家庭困难" in office and "会员作出选择" in office
    assert "家庭困难" not in branch and "会员作出选择" not in branch and "已批准入会" in branch


@pytest.mark.parametrize("query", [{"year": "0000"}, {"year": "99999"}, {"year": "x"}])
def test_a_year_that_is_none_is_this_year(visit, crowd, query):
    assert visit(OFFICE).get(crowd["li"].get_absolute_url(), query).status_code == 200


def test_the_page_of_a_member_says_why_and_which_rights_rest(visit, crowd, tiers):
    grant(by=OFFICE, on=DAY, tier=tiers["ordinary"], code="vote", from_on=DAY)
    grant(by=OFFICE, on=DAY, tier=tiers["ordinary"], code="fee", from_on=DAY)
    page = visit(OFFICE).get(crowd["wang"].get_absolute_url()).content.decode()
    assert "待缴首年会费" in page and "首年会费未缴" in page and "表决权" in page
    with clock.pretending(DAY + timedelta(days=60)):
        late = visit(OFFICE).get(crowd["wang"].get_absolute_url()).content.decode()
    assert "失效" in late and "缴费前暂停" in late and "会费未缴" in late


def test_the_office_enters_grades_waives_and_moves(visit, someone, tiers, cardiology, surgery):
    client, wu = visit(OFFICE), someone("吴五")
    answer = client.post(reverse("membership:admit"), {
        "person": wu.ref, "tier": "ordinary", "branch": cardiology.ref, "joined_on": "2026-03-02"})
    one = Member.objects.get()
    assert answer.status_code == 302 and answer["Location"] == one.get_absolute_url()
    assert client.post(reverse("membership:admit"), {
        "person": wu.ref, "tier": "ordinary", "joined_on": "2026-03-02"}).status_code == 422
    assert client.post(reverse("membership:admit"), {"tier": "ordinary", "joined_on": "2026-03-02"}).status_code == 422
    assert client.post(reverse("membership:grade", args=[one.pk]), {
        "tier": "senior", "from_on": "2026-03-03"}).status_code == 302
    assert client.post(reverse("membership:waive", args=[one.pk]), {
        "from_on": "2026-03-02", "reason": "名誉"}).status_code == 302
    assert client.post(reverse("membership:branch", args=[one.pk]), {
        "organisation": surgery.ref, "from_on": "2026-03-05", "leaves": cardiology.pk}).status_code == 302
    assert Affiliation.objects.get(until_on=None).organisation == surgery
    with clock.pretending(DAY + timedelta(days=9)):
        client.post(reverse("membership:leave_branch", args=[one.pk, surgery.pk]))
    assert not Affiliation.objects.filter(until_on=None).exists()


def test_a_waiver_entered_by_mistake_is_ended_on_the_members_page(visit, crowd):
    member, client = crowd["qian"], visit(OFFICE)
    [cover] = Coverage.objects.all()
    address = reverse("membership:end_waiver", args=[member.pk, cover.pk])
    assert address in client.get(member.get_absolute_url()).content.decode()
    assert client.get(reverse("membership:end_waiver", args=[crowd["li"].pk, cover.pk])).status_code == 404
    for day in (DAY - timedelta(days=1), ""):
        assert client.post(address, {"until_on": day, "once": uuid4().hex}).status_code == 422
    assert client.post(address, {"until_on": str(DAY), "once": uuid4().hex}).status_code == 302
    assert Coverage.objects.get().until_on == DAY
    assert address not in client.get(member.get_absolute_url()).content.decode()
    reader = visit(actor("department"))
    assert address not in reader.get(member.get_absolute_url()).content.decode()
    assert reader.get(address).status_code == 403


def test_the_matrix_shows_the_rules_of_a_day_and_the_office_changes_them(visit, tiers):
    client = visit(OFFICE)
    assert client.post(reverse("membership:tier_rule", args=["ordinary"]), {
        "code": "activity", "holds": "yes", "amount": 2, "from_on": "2026-07-01"}).status_code == 302
    assert "参加本会活动" not in client.get(reverse("membership:tiers")).content.decode()
    assert "参加本会活动" in client.get(reverse("membership:tiers"), {"on": "2026-07-01"}).content.decode()
    assert client.post(reverse("membership:tier_rule", args=["ordinary"]), {
        "code": "vote", "holds": "no", "from_on": "2026-07-01"}).status_code == 422
    assert visit(actor("department")).get(reverse("membership:tier_rule", args=["ordinary"])).status_code == 403


def test_a_letter_goes_to_those_picked_and_seen(visit, crowd, surgery):
    keys = [str(one.pk) for one in crowd.values()]
    client = visit(actor("branch_secretary", where=surgery))
    words = {"title": "换届通知", "words": "四月十日开会。"}
    answer = client.post(reverse("membership:write_to"), {"member": keys, **words})
    assert answer.status_code == 302
    assert list(Notice.objects.filter(template="membership_letter").values_list("to", flat=True)) == [
        str(crowd["li"].person.ref)]
    first = client.post(reverse("membership:write_to"), {"pick": [str(Spell.objects.get(member=crowd["li"]).pk)],
                                                         "from_list": "1"})
    assert first.status_code == 200 and "name=\"words\"" in first.content.decode()
