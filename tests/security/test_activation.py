"""First sign-in: document and code open an account for people on the register, and tell strangers nothing."""

import re
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.core import mail
from django.test import Client, override_settings
from freezegun import freeze_time

from tests.security.conftest import DAY, HOUSE, PASSWORD
from tests.security.test_sign_in import sign_in, user_of
from xinglin.directory import telling
from xinglin.directory.accounts import Account
from xinglin.directory.actions import people
from xinglin.directory.checks import Proof
from xinglin.directory.people import IdentityDocument
from xinglin.directory.roles import actor_of
from xinglin.directory.security import codes
from xinglin.directory.security.actions.accounts import open_account, readdress_account
from xinglin.directory.security.models import LogEntry
from xinglin.kernel.actors import house
from xinglin.kernel.clock import pretending
from xinglin.kernel.jobs import Job, cancel_job, recover_jobs, run_job
from xinglin.kernel.ledger.models import SealedFact

pytestmark = pytest.mark.django_db
NUMBER = "110101199003077651"
FIRST, SECOND, CHANGE = "/account/activate/", "/account/activate/password/", "/account/security/address/"
NEW = {"username": "linxing", "password1": "Plum-Rain-44", "password2": "Plum-Rain-44"}


@pytest.fixture
def sent(monkeypatch):
    """Collect the text messages instead of sending them."""
    found = []

    def heard(*, words, mobile="", email="", subject=""):
        if mobile or email:
            found.append((mobile or email, re.search(r"[0-9A-Z-]{6,}", words).group()))

    monkeypatch.setattr(codes, "tell", heard)
    return found


def sign_in_anew(client, name):
    """Sign in and prove oneself again, as before every change of an address."""
    sign_in(client, name)
    assert client.post("/account/reauthenticate/", {"password": PASSWORD, "next": CHANGE}).url == CHANGE


def ask(client, number=NUMBER, name="林杏"):
    return client.post(FIRST, {"kind": "resident_id", "number": number, "name": name})


def test_a_person_on_the_register_activates_and_signs_in(client, person, sent, sealed):
    who = person(name="林杏", number=NUMBER, mobile="13800001234", email="lin@jianghai.example")
    assert ask(client).url == SECOND
    assert [mobile for mobile, _code in sent] == ["13800001234"]
    assert client.post(SECOND, {"code": sent[0][1], **NEW}).url == "/account/login/"
    row = Account.objects.get()
    assert (row.person, row.mobile, row.email, row.is_active) == (who, "13800001234", "", True)
    assert sign_in(client, "13800001234", "Plum-Rain-44").status_code == 302
    sealed()
    said = list(SealedFact.objects.order_by("position").values_list("type", flat=True))
    assert said == ["security.account.opened", "security.password.changed", "security.account.activated"]


def test_without_a_mobile_the_code_goes_by_mail_from_a_job(client, person):
    person(name="林杏", number=NUMBER, email="lin@jianghai.example")
    ask(client)
    job = Job.objects.get()
    assert not mail.outbox and "lin@jianghai.example" not in str(job.payload)
    run_job(job_id=job.pk)
    code = re.search(r"\d{6}", mail.outbox[0].body).group()
    client.post(SECOND, {"code": code, **NEW})
    assert Account.objects.get().email == "lin@jianghai.example"


def test_a_strangers_request_does_as_much_and_nobody_hears_anything(client, person, monkeypatch):
    texts = []
    monkeypatch.setattr(telling, "gateway", lambda: SimpleNamespace(send=lambda **given: texts.append(given["mobile"])))
    person(name="林杏", number=NUMBER, mobile="13800001234")
    for name, heard in (("别人", []), ("林杏", ["13800001234"])):
        ask(client, name=name)
        assert LogEntry.objects.count() == Job.objects.count()
        run_job(job_id=Job.objects.latest("pk").pk)
        assert texts == heard and not mail.outbox
        assert Job.objects.latest("pk").state == "done"


def test_the_permit_is_found_as_it_is_printed_with_its_renewal(client, person, seed, sent):
    who = person(name="林杏", mobile="13800001234")
    seed(IdentityDocument(person=who, kind="hong_kong_macao_permit", number="H12345678", masked="H1******8"))
    client.post(FIRST, {"kind": "hong_kong_macao_permit", "number": "h12345678 01", "name": "林杏"})
    assert [to for to, _code in sent] == ["13800001234"]


@override_settings(XINGLIN_RATES=["activate_number=2/3600/key"])
def test_one_document_is_tried_a_few_times_an_hour_from_wherever(client, person, sent):
    person(name="林杏", number=NUMBER, mobile="13800001234")
    with freeze_time("2026-03-05 08:00:00"):
        answers = [ask(Client(REMOTE_ADDR=f"203.0.113.{n}"), name="别人").status_code for n in range(3)]
    assert answers == [302, 302, 429] and not sent


def test_one_number_gets_no_more_codes_than_the_rule_says(client, account, person, sent):
    person(name="林杏", number=NUMBER, mobile="13800001234")
    with freeze_time("2026-03-05 08:00:00"):
        for _ in range(6):
            assert ask(Client()).url == SECOND
        assert len(sent) == 5 and LogEntry.objects.filter(kind="rate_exceeded", detail="codes").count() == 1
        account(username="other")
        sign_in_anew(client, "other")
        page = client.post(CHANGE, {"mobile": "13800001234"})
        assert page.status_code == 200 and len(sent) == 5


@pytest.mark.parametrize("seal", [True, False])
@pytest.mark.parametrize("what", ["mobile", "document"])
def test_after_a_clerk_changed_number_or_document_days_pass_before_the_first_sign_in(
    client, person, sent, what, seal, sealed
):
    who = person(name="林杏", number=NUMBER, mobile="13800001234")
    if what == "mobile":
        people.correct_person(by=HOUSE, on=DAY, person=who.ref, mobile="13900005678")
        number = NUMBER
    else:
        number = "110101199003074303"
        people.record_document(by=HOUSE, on=DAY, person=who.ref, proof=Proof(number=number))
    if seal:
        sealed()
    with freeze_time("2026-03-07 08:00:00"):
        ask(client, number)
        assert not sent
    assert "2026-03-08" in telling.unseal(Job.objects.latest("pk").payload["words"], column=telling.COLUMN)
    with freeze_time("2026-03-08 08:00:00"):
        ask(client, number)
        assert len(sent) == 1


def test_the_number_that_was_replaced_is_told(person, monkeypatch):
    texts = []
    monkeypatch.setattr(telling, "gateway", lambda: SimpleNamespace(send=lambda **given: texts.append(given["mobile"])))
    who = person(name="林杏", mobile="13800001234")
    people.correct_person(by=HOUSE, on=DAY, person=who.ref, mobile="13900005678")
    run_job(job_id=Job.objects.get().pk)
    assert texts == ["13800001234"]


def test_the_address_that_was_replaced_is_told_and_nothing_of_it_stays_in_the_queue(person):
    who = person(name="林杏", mobile="13800001234", email="lin@jianghai.example")
    people.correct_person(by=HOUSE, on=DAY, person=who.ref, email="new@jianghai.example")
    job = Job.objects.get()
    run_job(job_id=job.pk)
    job.refresh_from_db()
    assert ([one.to for one in mail.outbox], job.state, job.payload) == ([["lin@jianghai.example"]], "done", {})


def test_a_message_that_failed_for_good_or_was_cancelled_is_forgotten(person, monkeypatch):
    telling.tell(mobile="13800001234", words="123456")
    monkeypatch.setattr(telling, "gateway", lambda: None)
    run_job(job_id=Job.objects.latest("pk").pk)
    telling.tell(mobile="13800001234", words="123456")
    cancel_job(job_id=Job.objects.latest("pk").pk, by=house("telling"))
    telling.tell(mobile="13800001234", words="123456")
    Job.objects.filter(state="queued").update(state="running", attempts=3, beat_at=datetime(2026, 3, 5, tzinfo=UTC))
    recover_jobs(now=datetime(2026, 3, 6, tzinfo=UTC))
    assert list(Job.objects.order_by("pk").values_list("state", "payload")) == [
        ("failed", {}), ("cancelled", {}), ("failed", {})]


def test_an_account_the_system_administrator_opened_waits_for_its_owner(client, person, administration, sent):
    who = person(name="林杏", number=NUMBER, mobile="13800001234", email="lin@jianghai.example")
    clerk = actor_of(account=administration("system_admin"), on=DAY)
    waiting = open_account(by=clerk, on=DAY, username="lin", person=who)
    assert (waiting.mobile, waiting.email, waiting.is_active) == ("", "", False)
    ask(client)
    page = client.post(SECOND, {"code": sent[0][1], **NEW}, follow=True)
    row = Account.objects.get(person=who)
    assert (row.username, row.mobile, row.is_active) == ("lin", "13800001234", True)
    assert "lin" in page.content.decode()


def test_an_administration_opened_by_one_and_activated_by_its_owner_is_granted_by_another(client, person, account,
                                                                                         administration, sent):
    clerk, officer = administration("system_admin"), administration("security_admin")
    who = person(name="林杏", number=NUMBER, mobile="13800001234")
    account(who=who, mobile="13800001234")
    with pretending(DAY):
        page = Client()
        sign_in(page, clerk.username)
        page.post("/security/accounts/open/", {"username": "audit2", "person": str(who.pk), "administers": "on"})
        ask(client)
        assert client.post(SECOND, {"code": sent[0][1], **NEW}).status_code == 302
        granting = Client()
        sign_in(granting, officer.username)
        granting.post("/security/grants/", {"account": "audit2", "role": "audit_admin", "reason": "任命"})
        assert sign_in(client, "audit2", "Plum-Rain-44").status_code == 302
        assert client.get("/security/log/").status_code == 200
    row = Account.objects.get(username="audit2")
    assert (row.person, row.administers, row.mobile, user_of(client)) == (who, True, "", str(row.pk))


@pytest.mark.parametrize(("number", "name"), [("110101199003070000", "林杏"), (NUMBER, "别人"), (NUMBER[:-1], "林杏")])
def test_a_stranger_sees_the_same_page_and_gets_nothing(client, person, sent, number, name):
    person(name="林杏", number=NUMBER, mobile="13800001234")
    assert ask(client, number, name).url == SECOND
    for code in ("000000", "123456"):
        assert client.post(SECOND, {"code": code, **NEW}).status_code == 200
    assert not Account.objects.exists() and not sent


def test_a_person_with_an_account_gets_no_second_one(client, person, account, sent):
    who = person(name="林杏", number=NUMBER, mobile="13800001234")
    account(who=who)
    assert ask(client).url == SECOND
    assert not sent and Account.objects.count() == 1


def test_a_code_is_not_guessed(client, person, sent):
    person(name="林杏", number=NUMBER, mobile="13800001234")
    ask(client)
    wrong = "000000" if sent[0][1] != "000000" else "111111"
    for _ in range(codes.TRIES):
        client.post(SECOND, {"code": wrong, **NEW})
    client.post(SECOND, {"code": sent[0][1], **NEW})
    assert not Account.objects.exists()


def test_a_code_lapses(client, person, sent):
    person(name="林杏", number=NUMBER, mobile="13800001234")
    with freeze_time("2026-03-05 08:00:00") as clock:
        ask(client)
        clock.tick(timedelta(minutes=codes.MINUTES, seconds=1))
        client.post(SECOND, {"code": sent[0][1], **NEW})
    assert not Account.objects.exists()


def test_a_weak_password_costs_no_new_code(client, person, sent):
    person(name="林杏", number=NUMBER, mobile="13800001234")
    ask(client)
    page = client.post(SECOND, {"code": sent[0][1], **NEW, "password1": "short", "password2": "short"})
    assert page.status_code == 200 and "linxing" in page.content.decode() and not Account.objects.exists()
    client.post(SECOND, {"code": sent[0][1], **NEW})
    assert Account.objects.count() == 1


def test_a_code_for_an_address_activates_nothing(client, account, person, sent):
    account(username="other")
    person(name="林杏", number=NUMBER, mobile="13800001234")
    sign_in_anew(client, "other")
    client.post(CHANGE, {"mobile": "13900005678"})
    client.post(SECOND, {"code": sent[0][1], **NEW})
    assert Account.objects.count() == 1


def test_nobody_changes_an_address_without_proving_themselves_again(client, account, sent):
    account(mobile="13800001234")
    with freeze_time("2026-03-05 08:00:00") as clock:
        sign_in_anew(client, "linxing")
        clock.tick(timedelta(minutes=6))
        page = client.post(CHANGE, {"mobile": "13900005678"})
        assert page.status_code == 302 and page.url.startswith("/account/reauthenticate/") and not sent


def test_the_old_address_is_told_that_it_was_replaced(account, monkeypatch):
    row = account(email="lin@jianghai.example")
    readdress_account(by=actor_of(account=row, on=DAY), on=DAY, account=row, email="new@jianghai.example")
    run_job(job_id=Job.objects.get().pk)
    assert [one.to for one in mail.outbox] == [["lin@jianghai.example"]]


def test_a_new_mobile_is_proved_by_a_code_before_it_counts(client, account, sent):
    row = account(mobile="13800001234")
    sign_in_anew(client, "linxing")
    client.post(CHANGE, {"mobile": "13900005678"})
    assert Account.objects.get(pk=row.pk).mobile == "13800001234"
    client.post("/account/security/address/code/", {"code": sent[0][1]})
    assert Account.objects.get(pk=row.pk).mobile == "13900005678"
    assert Account.objects.get(mobile_index__matches="13900005678") == row


def test_sign_in_by_text_message(client, account, sent):
    found = sent
    row = account(mobile="13800001234")
    assert client.post("/account/login/code/", {"phone": "138 0000 1234"}).status_code == 302
    assert found[0][0] == "13800001234"
    client.post("/account/login/code/confirm/", {"code": found[0][1]})
    assert user_of(client) == str(row.pk)


def test_a_text_message_to_an_unknown_number_is_not_sent_and_looks_alike(client, account, sent):
    account(mobile="13800001234")
    known = client.post("/account/login/code/", {"phone": "13800001234"})
    unknown = client.post("/account/login/code/", {"phone": "13900005678"})
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert [to for to, _code in sent] == ["13800001234"]
