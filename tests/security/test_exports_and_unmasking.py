"""Sensitive numbers: masked until somebody says why, and taken out only with a second person, once."""

from datetime import timedelta

import pytest
from django.core import signing
from django.db import IntegrityError, connection, transaction
from django.test import Client, RequestFactory
from freezegun import freeze_time

from tests.security.conftest import DAY, PASSWORD
from tests.security.test_sign_in import sign_in
from xinglin.directory.accounts import Account
from xinglin.directory.people import Person
from xinglin.directory.roles import actor_of
from xinglin.directory.security.actions.exports import NotOpen, ask_export, decide_export, fetch_export
from xinglin.directory.security.actions.unmasking import NoReason, unmask_field
from xinglin.directory.security.gate import SALT, SecondPerson
from xinglin.directory.security.models import ExportRequest
from xinglin.kernel.ledger.models import Annex, SealedFact, UnsealedFact
from xinglin.kernel.policy import NotAllowed
from xinglin.shell.tables import Column, Table
from xinglin.shell.tables.exporting import TooLongForSheet, TooManyPicked

pytestmark = pytest.mark.django_db
ASKED = {"export": "test.people", "query": "q=1", "columns": ["mobile"], "rows": 3, "reason": "发会议通知"}


def actor(account):
    return actor_of(account=Account.objects.get(pk=account.pk), on=DAY)


@pytest.fixture
def asked(staff):
    clerk = staff(username="clerk")
    return clerk, ask_export(by=actor(clerk), on=DAY, **ASKED)


def test_a_number_is_read_in_full_only_with_a_reason_and_that_is_a_fact(staff, person, sealed):
    clerk, who = staff(), person(name="林杏", mobile="13800001234")
    plain = unmask_field(by=actor(clerk), on=DAY, subject=who.ref, field="mobile", reason="other", words="会费退款")
    assert plain == "13800001234"
    sealed()
    fact = SealedFact.objects.get(type="directory.field.unmasked")
    assert fact.body == {"subject": str(who.ref), "field": "mobile", "reason": "other"}
    assert fact.actor == str(clerk.ref) and "13800001234" not in fact.content
    assert "会费退款" in Annex.objects.get(key=fact.key).text


@pytest.mark.parametrize("given", [{"reason": ""}, {"reason": "curious"}, {"reason": "other", "words": "  "}])
def test_without_a_reason_no_number_and_no_fact(staff, person, given):
    clerk, who = staff(), person(name="林杏", mobile="13800001234")
    UnsealedFact.objects.all().delete()
    with pytest.raises(NoReason):
        unmask_field(by=actor(clerk), on=DAY, subject=who.ref, field="mobile", **given)
    assert not UnsealedFact.objects.exists()


@pytest.mark.parametrize("role", ["system_admin", "security_admin", "audit_admin"])
def test_no_administration_reads_the_numbers_of_members(administration, person, role):
    who = person(name="林杏", mobile="13800001234")
    with pytest.raises(NotAllowed):
        unmask_field(by=actor(administration(role)), on=DAY, subject=who.ref, field="mobile", reason="contact")


def test_a_member_reads_nobody_elses_number(account, person):
    who = person(name="林杏", mobile="13800001234")
    with pytest.raises(NotAllowed):
        unmask_field(by=actor(account()), on=DAY, subject=who.ref, field="mobile", reason="contact")


@freeze_time("2026-03-05 08:00:00")
def test_the_page_shows_the_number_for_seconds_and_covers_it_again(staff, person):
    staff()
    who, client = person(name="林杏", mobile="13800001234"), Client()
    sign_in(client, "clerk")
    path = f"/security/numbers/{who.ref}/mobile/"
    assert "13800001234" not in client.get(path).content.decode()
    page = client.post(path, {"reason": "contact", "words": ""})
    assert "13800001234" in page.content.decode() and "delay:30s" in page.content.decode()
    assert page["Cache-Control"] == "no-store"
    covered = client.get(path + "covered/").content.decode()
    assert "138****1234" in covered and "13800001234" not in covered


def test_nobody_approves_the_own_request(asked, staff):
    clerk, request = asked
    with pytest.raises(NotAllowed):
        decide_export(by=actor(clerk), on=DAY, asked=request, approve=True)
    request.refresh_from_db()
    assert request.state == "asked"


@pytest.mark.usefixtures("asked")
def test_the_database_itself_refuses_an_own_approval():
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE security_exportrequest SET decided_by_id = asked_by_id")


def test_a_colleague_without_the_right_does_not_approve(asked, staff):
    _clerk, request = asked
    with pytest.raises(NotAllowed):
        decide_export(by=actor(staff(username="colleague")), on=DAY, asked=request, approve=True)


def test_a_head_of_department_approves_and_one_download_opens(asked, staff, sealed):
    clerk, request = asked
    head = staff(username="head", title="department_head")
    decide_export(by=actor(head), on=DAY, asked=request, approve=True)
    given = {"table": "test.people", "columns": ("mobile",), "address": "q=1", "rows": 3, "on": DAY}
    gate = SecondPerson()
    assert not gate.granted(actor=actor(head), **given)
    assert not gate.granted(actor=actor(clerk), **{**given, "columns": ("mobile", "bank")})
    assert not gate.granted(actor=actor(clerk), **{**given, "address": ""})
    assert not gate.granted(actor=actor(clerk), **{**given, "rows": 4})
    assert gate.granted(actor=actor(clerk), **given)
    assert not gate.granted(actor=actor(clerk), **given)
    sealed()
    said = list(SealedFact.objects.filter(type__startswith="security.export").order_by("position").values_list(
        "type", flat=True))  # fmt: skip
    assert said == ["security.export.asked", "security.export.approved", "security.export.fetched"]


def test_an_approval_lapses_after_its_hours(staff):
    with freeze_time("2026-03-05 08:00:00") as clock:
        clerk, head = staff(username="clerk"), staff(username="head", title="department_head")
        request = ask_export(by=actor(clerk), on=DAY, **ASKED)
        decide_export(by=actor(head), on=DAY, asked=request, approve=True)
        clock.tick(timedelta(hours=4, minutes=1))
        assert not SecondPerson().granted(
            actor=actor(clerk), table="test.people", columns=("mobile",), address="q=1", rows=3, on=DAY)


def test_only_the_asker_fetches_an_approved_export_and_only_once(asked, staff, sealed):
    clerk, request = asked
    head = staff(username="head", title="department_head")
    with pytest.raises(NotOpen):
        fetch_export(by=actor(clerk), on=DAY, asked=request, rows=3)
    decide_export(by=actor(head), on=DAY, asked=request, approve=True)
    with pytest.raises(NotOpen):
        fetch_export(by=actor(head), on=DAY, asked=request, rows=3)
    fetch_export(by=actor(clerk), on=DAY, asked=request, rows=3)
    with pytest.raises(NotOpen):
        fetch_export(by=actor(clerk), on=DAY, asked=request, rows=3)
    sealed()
    assert SealedFact.objects.get(type="security.export.fetched").body == {"request": str(request.ref), "rows": 3}


def test_a_decision_is_made_once(asked, staff):
    _clerk, request = asked
    head = staff(username="head", title="department_head")
    decide_export(by=actor(head), on=DAY, asked=request, approve=False)
    with pytest.raises(NotOpen):
        decide_export(by=actor(head), on=DAY, asked=request, approve=True)
    assert ExportRequest.objects.get().state == "declined"


class PeopleTable(Table):
    """A list with a sensitive column (of the tests)."""

    code = "test.people"
    columns = (Column("name", "姓名"), Column("mobile", "手机号", sensitive=True))

    def rows(self):
        return Person.objects.exclude(mobile_index=None)


def taken_out(account, path="/people/", **more):
    request = RequestFactory().post(path, {"export": "csv", **more})
    request.actor, request.user = actor(account), account
    response = PeopleTable(request).response("x.html")
    body = b"".join(response.streaming_content).decode() if response.streaming else ""
    return response, body


def test_one_person_alone_takes_out_masked_numbers_only(staff, person):
    clerk = staff(username="clerk")
    person(name="林杏", mobile="13800001234")
    _response, body = taken_out(clerk)
    assert "林杏" in body and "13800001234" not in body


def test_asking_for_full_numbers_leads_to_the_second_person_and_back(staff, person, client):
    clerk = staff(username="clerk")
    staff(username="head", title="department_head")
    person(name="林杏", mobile="13800001234")
    response, body = taken_out(clerk, unmasked="1")
    assert response.status_code == 302 and not body
    with freeze_time("2026-03-05 08:00:00"):
        sign_in(client, "clerk", PASSWORD)
        path = taken_out(clerk, unmasked="1")[0]["Location"]
        assert client.post(path, {"reason": "发会议通知"}).status_code == 302
        request = ExportRequest.objects.get()
        assert (request.columns, request.rows, request.state) == (["mobile"], 1, "asked")
        boss = Client()
        sign_in(boss, "head", PASSWORD)
        assert client.post(f"/security/exports/{request.pk}/decide/", {"approve": "1"}).status_code == 403
        assert boss.post(f"/security/exports/{request.pk}/decide/", {"approve": "1"}).status_code == 302
        _response, body = taken_out(clerk, unmasked="1")
        assert "13800001234" in body
        response, body = taken_out(clerk, unmasked="1")
        assert response.status_code == 302 and not body


def agreed(clerk, boss, **more):
    """Ask for an export of these rows and let the second person agree."""
    response, _body = taken_out(clerk, unmasked="1", **more)
    given = signing.loads(response["Location"].rstrip("/").rpartition("/")[2], salt=SALT)
    request = ask_export(by=actor(clerk), on=DAY, export=given["table"], query=given["address"],
                         columns=given["columns"], rows=given["rows"], reason="发会议通知")
    decide_export(by=actor(boss), on=DAY, asked=request, approve=True)
    return request


def test_an_approval_of_picked_rows_opens_no_other_row(staff, person):
    clerk, boss = staff(username="clerk"), staff(username="head", title="department_head")
    one, _other = person(name="林杏", mobile="13800001234"), person(name="陈皮", mobile="13900005678")
    request = agreed(clerk, boss, picked=[str(one.pk)])
    assert request.rows == 1 and f"picked={one.pk}" in request.query
    for more in ({}, {"picked": [str(_other.pk)]}, {"address": f"picked={one.pk}"}):
        response, body = taken_out(clerk, unmasked="1", **more)
        assert response.status_code == 302 and not body
    _response, body = taken_out(clerk, unmasked="1", picked=[str(one.pk)])
    assert "13800001234" in body and "13900005678" not in body


def test_a_file_that_cannot_be_built_uses_up_no_approval(staff, person, monkeypatch):
    clerk, boss = staff(username="clerk"), staff(username="head", title="department_head")
    person(name="林杏", mobile="13800001234")
    request = agreed(clerk, boss)
    with monkeypatch.context() as patched, pytest.raises(TooLongForSheet):
        patched.setattr(Column, "plain", lambda column, row, unmasked=False: "长" * 32_768)
        taken_out(clerk, unmasked="1", export="xlsx")
    request.refresh_from_db()
    assert request.state == "approved"
    assert "13800001234" in taken_out(clerk, unmasked="1")[1]


def test_the_second_person_reads_in_words_how_many_rows_were_picked(staff, person, client):
    clerk, boss = staff(username="clerk"), staff(username="head", title="department_head")
    two = [str(person(name=f"林杏{at}", mobile=f"1380000123{at}").pk) for at in range(2)]
    with freeze_time("2026-03-05 08:00:00"):
        request = agreed(clerk, boss, picked=two)
        sign_in(client, "head", PASSWORD)
        page = client.get(f"/security/exports/{request.pk}/").content.decode()
    assert "勾选 2 条" in page and f"picked={two[0]}" not in page


def test_an_approval_opens_nothing_when_rows_came_since(staff, person):
    clerk, boss = staff(username="clerk"), staff(username="head", title="department_head")
    person(name="林杏", mobile="13800001234")
    agreed(clerk, boss)
    person(name="陈皮", mobile="13900005678")
    assert taken_out(clerk, unmasked="1")[0].status_code == 302


def test_an_approval_for_one_page_opens_no_list_of_another(staff, person):
    clerk, boss = staff(username="clerk"), staff(username="head", title="department_head")
    person(name="林杏", mobile="13800001234")
    agreed(clerk, boss)
    assert taken_out(clerk, path="/others/", unmasked="1")[0].status_code == 302


def test_more_picked_rows_than_somebody_looks_at_are_refused(staff):
    with pytest.raises(TooManyPicked):
        taken_out(staff(username="clerk"), unmasked="1", picked=[str(one) for one in range(201)])


def test_what_is_asked_cannot_be_bent_on_the_way(staff, client):
    staff(username="clerk")
    with freeze_time("2026-03-05 08:00:00"):
        sign_in(client, "clerk")
        assert client.post("/security/exports/ask/forged:1:x/", {"reason": "x"})["Location"] == "/security/exports/"
    assert not ExportRequest.objects.exists()
