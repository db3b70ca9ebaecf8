"""The member's own pages, exits, certificates and requests: what each shows and does, and whom it refuses."""

import json
import re
from datetime import date, timedelta

import pytest
from django.urls import reverse

from xinglin.directory.actions.people import choose_specialties
from xinglin.engines.membership.actions.appeals import lodge_appeal
from xinglin.engines.membership.actions.certificates import issue_certificate, revoke_certificate
from xinglin.engines.membership.actions.choices import make_choice
from xinglin.engines.membership.actions.exits import end_membership, leave
from xinglin.engines.membership.actions.joining import ask_to_join
from xinglin.engines.membership.actions.receipts import issue_receipt
from xinglin.engines.membership.certificates import Appeal, Certificate, Choice, JoinRequest
from xinglin.engines.membership.members import Affiliation, Spell
from xinglin.engines.worklog.actions.verifying import verify_work
from xinglin.engines.worklog.actions.words import seed_vocabulary
from xinglin.engines.worklog.actions.work import log_work
from xinglin.engines.worklog.words import Kind
from xinglin.engines.worklog.works import Work
from xinglin.kernel import clock
from xinglin.kernel.ledger.models import SealedFact

from . import fees
from .conftest import DAY, HOUSE, OFFICE, actor
from .paying import pay

pytestmark = pytest.mark.django_db
YEAR = timedelta(days=365)


@pytest.fixture
def member(someone, admit, cardiology):
    member = admit(someone(), branch=cardiology)
    pay(by=HOUSE, on=DAY, member=member, until_on=DAY + YEAR)
    return member


@pytest.fixture
def own(member):
    return actor(person=member.person)


@pytest.fixture
def paper(member):
    return issue_certificate(by=OFFICE, on=DAY, member=member)


def page(client, name, *args, status=200, **query):
    response = client.get(reverse(f"membership:{name}", args=args), query)
    assert response.status_code == status, (name, response.status_code)
    return response.content.decode()


def post(client, name, *args, **given):
    return client.post(reverse(f"membership:{name}", args=args), given)


def public(client, paper, on=DAY, status=200):
    client.logout()
    with clock.pretending(on):
        return page(client, "certified", paper.key, status=status)


def test_my_page_shows_card_status_and_reason(visit, own, member, paper):
    words = page(visit(own), "mine")
    for one in ("王小明", "2026-000001", "普通会员", "有效", "2027-03-02", "心血管内科专业委员会", paper.key):
        assert one in words
    assert f"/members/certificates/{paper.pk}.pdf" in words


def test_every_own_page_answers(visit, own, member, sealed):
    sealed()
    client = visit(own)
    for name in ("mine", "my_dues", "my_branches", "my_record", "privacy", "leave", "my_appeal"):
        page(client, name)


def test_my_dues_say_how_to_pay_and_give_the_receipt_to_nobody_else(visit, own, member, tiers, someone):
    line = fees.line_of(fees.standard(tiers), "ordinary")
    charge = fees.bill(member, line)
    words = page(visit(own), "my_dues")
    assert charge.code in words and "200.00" in words and "1 份会费通知待缴" in words
    assert "尚未设置，缴费前请问秘书处" in words
    fees.account()
    assert "江海省医师协会（虚构）" in page(visit(own), "my_dues")
    assert reverse("membership:my_dues") in page(visit(own), "mine")
    fees.pay(charge, amount="200.00")
    receipt = issue_receipt(by=OFFICE, on=DAY, charge=charge)
    words = page(visit(own), "my_dues")
    address = reverse("membership:receipt_pdf", args=[receipt.pk])
    assert "现无应缴会费" in words and address in words
    assert visit(own).get(address)["Content-Type"] == "application/pdf"
    assert visit(actor(person=someone("他人"))).get(address).status_code == 403


def test_the_front_page_asks_for_what_is_left_of_a_bill_and_nothing_of_who_left(visit, own, member, tiers):
    charge = fees.bill(member, fees.line_of(fees.standard(tiers), "ordinary"))
    fees.pay(charge, amount="80.00")
    words = page(visit(own), "mine")
    assert "120.00" in words and "200.00" not in words
    leave(by=own, on=DAY, member=member)
    assert "120.00" not in page(visit(own), "mine") and "现无应缴会费" in page(visit(own), "my_dues")


@pytest.mark.parametrize("year", ["9999", "0001", "2099", "20x6", "²⁰²⁶"])
def test_a_year_that_cannot_be_is_this_year(visit, own, member, year):
    for who, name, args, shown in ((own, "my_record", [], "record"), (OFFICE, "member", [member.pk], "record"),
                                   (OFFICE, "fees", [], "figures")):
        answer = visit(who).get(reverse(f"membership:{name}", args=args), {"year": year})
        assert answer.context[shown].year == DAY.year, name


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "x"])
def test_a_span_of_days_that_cannot_be_counted_is_none(visit, member, day):
    page(visit(OFFICE), "groups", **{"from": day, "to": day})


def test_who_is_no_member_reads_how_to_become_one(visit, someone):
    words = page(visit(actor(person=someone("路人"))), "mine", status=404)
    assert reverse("membership:choose") in words


def test_a_visitor_is_asked_to_sign_in(client, db):
    assert client.get(reverse("membership:mine")).status_code == 302


def test_a_member_takes_the_certificate_with_one_click(visit, own, member):
    post(visit(own), "take_certificate")
    assert Certificate.objects.get().spell.member == member
    assert "HYZ-2026-000001" in page(visit(own), "mine") or Certificate.objects.get().key in page(visit(own), "mine")


def test_the_paper_is_for_its_holder_and_the_office_only(visit, own, paper, someone):
    address = reverse("membership:certificate_pdf", args=[paper.pk])
    response = visit(own).get(address)
    assert (response.status_code, response["Content-Type"], response.content[:5]) == (200, "application/pdf", b"%PDF-")
    assert visit(OFFICE).get(address).status_code == 200
    assert visit(actor(person=someone("他人"))).get(address).status_code == 403


def test_the_public_page_names_nobody_unless_the_holder_chose(client, member, own, paper):
    words = public(client, paper)
    main = words.replace("HYZ-2026-000001", "")
    assert "有效" in words and "HYZ-2026-000001" in words
    assert not any(one in main for one in ("2026-000001", "普通会员", "王小明", "心血管", "2026-03-02</dd>"))
    make_choice(by=own, on=DAY, member=member, what=Choice.What.NUMBER_SHOWN, allowed=True)
    main = public(client, paper).replace("HYZ-2026-000001", "")
    assert "2026-000001" in main and "普通会员" in main
    main = public(client, paper, on=DAY + timedelta(days=455)).replace("HYZ-2026-000001", "")
    assert "失效" in main and "2026-000001" not in main and "普通会员" not in main
    make_choice(by=own, on=DAY, member=member, what=Choice.What.NUMBER_SHOWN, allowed=False)
    make_choice(by=own, on=DAY, member=member, what=Choice.What.NAME_SHOWN, allowed=True)
    assert "王小明" in public(client, paper)
    make_choice(by=own, on=DAY, member=member, what=Choice.What.NAME_SHOWN, allowed=False)
    assert "王小明" not in public(client, paper)


@pytest.mark.parametrize(("days", "word", "also"), [
    (364, "有效", ""), (365, "有效", "续费"), (454, "有效", "续费"), (455, "失效", "")])
def test_the_public_page_follows_the_status_of_the_day(client, paper, days, word, also):
    words = public(client, paper, on=DAY + timedelta(days=days))
    assert re.search(r'<div class="x-verdict.*?<strong>(.*?)</strong>', words, re.S)[1] == word
    assert ("续费" in words) is bool(also)


def test_a_revoked_certificate_and_one_of_a_former_member_say_so(client, member, own, paper):
    make_choice(by=own, on=DAY, member=member, what=Choice.What.NAME_SHOWN, allowed=True)
    leave(by=own, on=DAY + timedelta(days=1), member=member)
    words = public(client, paper, on=DAY + timedelta(days=1))
    assert "已非会员" in words and "王小明" not in words
    assert "已非会员" not in public(client, paper)  # the day before
    revoke_certificate(by=OFFICE, on=DAY, certificate=paper, why="伪造变造")
    words = public(client, paper)
    assert "已撤销" in words and "伪造" not in words


def test_an_unknown_key_gets_a_clear_page(client, db):
    assert "没有这个地址的会员证" in page(client, "certified", "A" * 22, status=404)


def test_too_many_looks_at_certificates_are_held_back(client, paper, settings):
    settings.XINGLIN_RATES = ["certificate=2/60/ip"]
    address = reverse("membership:certified", args=[paper.key])
    assert [client.get(address).status_code for _time in range(3)] == [200, 200, 429]


def test_leaving_takes_one_click_and_one_confirmation_and_shows_the_rule(visit, own, member):
    client = visit(own)
    words = page(client, "leave")
    assert "国办发〔2020〕21号" in words and "不退" in words
    assert Spell.objects.get().ended_on is None
    assert post(client, "leave").status_code == 302
    assert (Spell.objects.get().ended_on, Spell.objects.get().ended_by) == (DAY, "left")
    words = page(client, "mine")
    assert "已退会" in words and reverse("membership:leave") not in words
    assert "您已不是会员" in page(client, "leave")


def test_joining_and_leaving_a_branch_on_my_page(visit, own, member, surgery, cardiology):
    client = visit(own)
    assert post(client, "my_branches", organisation=surgery.pk).status_code == 302
    assert JoinRequest.objects.get().organisation == surgery
    assert "待分支机构答复" in page(client, "my_branches")
    assert post(client, "my_branches", organisation=surgery.pk).status_code == 422
    with clock.pretending(DAY + timedelta(days=1)):
        post(client, "my_leave_branch", cardiology.pk)
    assert Affiliation.objects.get().until_on == DAY + timedelta(days=1)


def test_a_branch_officer_answers_the_requests_of_their_branch_only(visit, own, member, surgery, cardiology):
    asked = ask_to_join(by=own, on=DAY, member=member, organisation=surgery)
    here, elsewhere = (actor("branch_secretary", where=one) for one in (surgery, cardiology))
    assert "王小明" not in page(visit(elsewhere), "requests")
    assert visit(elsewhere).get(reverse("membership:request", args=[asked.pk])).status_code == 403
    assert "王小明" in page(visit(here), "requests")
    assert post(visit(here), "request", asked.pk, taken_in="no").status_code == 422
    assert post(visit(here), "request", asked.pk, taken_in="yes").status_code == 302
    assert JoinRequest.objects.get().taken_in is True
    assert visit(own).get(reverse("membership:requests")).status_code == 403


def test_suggestions_only_when_allowed_and_with_their_reason(visit, own, member, someone, admit, surgery):
    for name in ("甲一", "乙二", "丙三"):
        other = admit(someone(name), branch=surgery)
        choose_specialties(by=HOUSE, on=DAY, person=other.person.ref, codes=["kc-0304"])
    choose_specialties(by=HOUSE, on=DAY, person=member.person.ref, codes=["kc-0304"])
    client = visit(own)
    assert "可能适合您" not in page(client, "mine")
    post(client, "choose_privacy", "suggestions", allowed="1")
    words = page(client, "mine")
    assert "可能适合您" in words and "外科专业委员会" in words and "3 名" in words
    post(client, "choose_privacy", "suggestions", allowed="0")
    assert "可能适合您" not in page(client, "mine")


def test_a_branch_is_suggested_for_what_the_member_did_there(visit, own, member, surgery, sealed):
    seed_vocabulary(by=HOUSE, on=DAY, from_on=date(2019, 1, 1))
    work = Work(kind=Kind.objects.get(code="forum"), title="外科论坛", happened_on=DAY, organisation=str(surgery.ref),
                people=(str(member.person.ref),))
    verify_work(by=OFFICE, on=DAY, entries=[log_work(by=HOUSE, on=DAY, work=work, submit=True)])
    sealed()
    make_choice(by=own, on=DAY, member=member, what=Choice.What.SUGGESTIONS, allowed=True)
    words = page(visit(own), "mine")
    assert "外科专业委员会" in words and "您参加过其 1 项活动" in words
    words = page(visit(own), "my_record")
    assert "1<" in words.partition("2026 年统计")[2][:300]


def test_my_record_tells_what_the_ledger_says_of_me_and_of_nobody_else(visit, own, member, someone, admit, sealed):
    other = admit(someone("李小红"))
    sealed()
    words = page(visit(own), "my_record")
    assert "已批准入会" in words and "会费期已确认" in words
    assert "李小红" not in words and other.number not in words
    assert "这一年没有记录" in page(visit(own), "my_record", year="2020")


def test_my_data_is_shown_and_goes_out_as_a_file_which_is_a_fact(visit, own, member, sealed):
    client = visit(own)
    words = page(client, "privacy")
    assert "王小明" in words and "2026-000001" in words
    answer = post(client, "stored", "json")
    lines = json.loads(answer.content)
    assert {"part": "会籍", "label": "会员号", "value": "2026-000001"} in lines
    assert post(client, "stored", "xlsx").content[:2] == b"PK"
    assert post(client, "stored", "pdf").status_code == 404
    sealed()
    assert SealedFact.objects.filter(type="shell.list.exported", body__list="membership.own_record").count() == 2


def test_deletion_is_asked_for_on_my_page_and_done_by_the_office_after_the_exit(visit, own, member):
    post(visit(own), "choose_privacy", "erasure", allowed="1")
    row = Choice.objects.get(what="erasure")
    assert "退会后办理" in page(visit(OFFICE), "erasures")
    assert visit(own).get(reverse("membership:erasures")).status_code == 403
    leave(by=own, on=DAY, member=member)
    page(visit(OFFICE), "erase", row.pk)
    post(visit(OFFICE), "erase", row.pk)
    row.refresh_from_db()
    assert row.allowed is False


def test_the_office_writes_exits_down_with_what_each_needs(visit, member, own):
    client = visit(OFFICE)
    page(client, "exit", member.pk)
    tomorrow = (DAY + timedelta(days=1)).isoformat()
    for given in ({"how": ""}, {"how": "expelled", "ended_on": DAY.isoformat()}, {"how": "died", "ended_on": tomorrow},
                  {"how": "died", "ended_on": date(2025, 1, 1).isoformat()}, {"how": "lapsed", "ended_on": DAY}):
        assert post(client, "exit", member.pk, **given).status_code == 422, given
    assert Spell.objects.get().ended_on is None
    assert visit(own).get(reverse("membership:exit", args=[member.pk])).status_code == 403
    assert reverse("membership:exit", args=[member.pk]) in page(visit(OFFICE), "member", member.pk)
    given = {"how": "expelled", "ended_on": DAY.isoformat(), "decision": "常务理事会 2026-03-01 第 3 号"}
    assert post(visit(OFFICE), "exit", member.pk, **given).status_code == 302
    assert (Spell.objects.get().ended_by, Spell.objects.get().ended_on) == ("expelled", DAY)
    assert reverse("membership:reinstate", args=[member.pk]) in page(visit(OFFICE), "member", member.pk)


def test_an_expelled_member_appeals_and_the_office_decides(visit, member, own, someone):
    end_membership(by=OFFICE, on=DAY, member=member, how=Spell.Ended.EXPELLED, ended_on=DAY, decision="第 3 号")
    client = visit(own)
    assert reverse("membership:my_appeal") in page(client, "mine")
    assert post(client, "my_appeal", words="不服除名").status_code == 302
    appeal = Appeal.objects.get()
    assert post(client, "my_appeal", words="再次").status_code == 422
    assert visit(own).get(reverse("membership:appeal", args=[appeal.pk])).status_code == 403
    office = visit(OFFICE)
    assert "王小明" in page(office, "appeals")
    assert "不服除名" in page(office, "appeal", appeal.pk)
    assert reverse("membership:appeal", args=[appeal.pk]) in page(office, "reinstate", member.pk)
    assert post(office, "appeal", appeal.pk, upheld="yes", answer="程序有误").status_code == 302
    assert Spell.objects.get().ended_on is None
    page(office, "appeal", appeal.pk)


def test_the_office_takes_a_lapse_back_in_time_only(visit, member, own):
    end_membership(by=OFFICE, on=DAY, member=member, how=Spell.Ended.LAPSED, ended_on=DAY)
    late = DAY + timedelta(days=31)
    client = visit(OFFICE)
    with clock.pretending(late):
        response = post(client, "reinstate", member.pk, reason="误记")
    assert response.status_code == 422 and "退会申诉期限" in response.content.decode()
    with clock.pretending(DAY):
        lodge_appeal(by=own, on=DAY, member=member, words="有误")
    with clock.pretending(late):
        assert post(visit(OFFICE), "reinstate", member.pk, reason="误记").status_code == 302
    assert Appeal.objects.get().upheld is True


def test_the_office_makes_out_and_revokes_certificates(visit, member, own):
    client = visit(OFFICE)
    page(client, "certificates", member.pk)
    assert post(client, "certificates", member.pk).status_code == 302
    paper = Certificate.objects.get()
    assert post(client, "certificates", member.pk, why="").status_code == 422  # a reason is needed to revoke
    assert post(client, "certificates", member.pk, why="遗失").status_code == 302
    paper.refresh_from_db()
    assert paper.revoked_on == DAY
    assert visit(own).get(reverse("membership:certificates", args=[member.pk])).status_code == 403
