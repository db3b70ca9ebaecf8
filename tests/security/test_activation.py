"""First sign-in: document and code open an account for people on the register, and tell strangers nothing."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from freezegun import freeze_time

from tests.security.test_sign_in import sign_in, user_of
from xinglin.directory.accounts import Account
from xinglin.directory.security import codes
from xinglin.kernel.ledger.models import SealedFact

pytestmark = pytest.mark.django_db
NUMBER = "11010119900307765X"
FIRST, SECOND = "/account/activate/", "/account/activate/password/"
NEW = {"username": "linxing", "password1": "Plum-Rain-44", "password2": "Plum-Rain-44"}


@pytest.fixture
def sent(monkeypatch):
    """Collect the text messages instead of sending them."""
    found = []
    monkeypatch.setattr(codes, "send_text", lambda *, mobile, code: found.append((mobile, code)))
    return found


def ask(client, number=NUMBER, name="林杏"):
    return client.post(FIRST, {"kind": "resident_id", "number": number, "name": name})


def test_a_person_on_the_register_activates_and_signs_in(client, person, sent, sealed):
    who = person(name="林杏", number=NUMBER, mobile="13800001234", email="lin@jianghai.example")
    assert ask(client).url == SECOND
    assert [mobile for mobile, _code in sent] == ["13800001234"]
    assert client.post(SECOND, {"code": sent[0][1], **NEW}).url == "/account/login/"
    row = Account.objects.get()
    assert (row.person, row.mobile, row.email, row.is_active) == (who, "13800001234", "lin@jianghai.example", True)
    assert sign_in(client, "13800001234", "Plum-Rain-44").status_code == 302
    sealed()
    said = list(SealedFact.objects.order_by("position").values_list("type", flat=True))
    assert said == ["security.account.opened", "security.password.changed", "security.account.activated"]


def test_without_a_mobile_the_code_goes_by_mail(client, person, sent):
    person(name="林杏", number=NUMBER, email="lin@jianghai.example")
    ask(client)
    code = re.search(r"\d{6}", mail.outbox[0].body).group()
    client.post(SECOND, {"code": code, **NEW})
    assert Account.objects.count() == 1 and not sent


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
    sign_in(client, "other")
    client.post("/account/security/address/", {"mobile": "13900005678"})
    client.post(SECOND, {"code": sent[0][1], **NEW})
    assert Account.objects.count() == 1


def test_a_new_mobile_is_proved_by_a_code_before_it_counts(client, account, sent):
    row = account(mobile="13800001234")
    sign_in(client, "linxing")
    client.post("/account/security/address/", {"mobile": "13900005678"})
    assert Account.objects.get(pk=row.pk).mobile == "13800001234"
    client.post("/account/security/address/code/", {"code": sent[0][1]})
    assert Account.objects.get(pk=row.pk).mobile == "13900005678"
    assert Account.objects.get(mobile_index__matches="13900005678") == row


def test_sign_in_by_text_message(client, account, monkeypatch):
    from xinglin.directory.security import adapters

    found = []
    monkeypatch.setattr(adapters, "send_text", lambda *, mobile, code: found.append((mobile, code)))
    row = account(mobile="13800001234")
    assert client.post("/account/login/code/", {"phone": "138 0000 1234"}).status_code == 302
    assert found[0][0] == "13800001234"
    client.post("/account/login/code/confirm/", {"code": found[0][1]})
    assert user_of(client) == str(row.pk)


def test_a_text_message_to_an_unknown_number_is_not_sent_and_looks_alike(client, account, monkeypatch):
    from xinglin.directory.security import adapters

    found = []
    monkeypatch.setattr(adapters, "send_text", lambda *, mobile, code: found.append(mobile))
    account(mobile="13800001234")
    known = client.post("/account/login/code/", {"phone": "13800001234"})
    unknown = client.post("/account/login/code/", {"phone": "13900005678"})
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url) and found == ["13800001234"]
