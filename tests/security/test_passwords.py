"""Passwords: what they must be, how they change, what recovery gives away."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from freezegun import freeze_time

from tests.security.conftest import DAY, HOUSE, PASSWORD
from tests.security.test_sign_in import sign_in, user_of
from xinglin.directory.accounts import Account
from xinglin.directory.roles import actor_of
from xinglin.directory.security.actions.passwords import WeakPassword, change_password, void_password
from xinglin.directory.security.passwords import kinds_of
from xinglin.kernel.acts import OutsideAct
from xinglin.kernel.policy import NotAllowed
from xinglin.kernel.stated import StatedQuerySet

pytestmark = pytest.mark.django_db


def set_to(account, password):
    change_password(by=HOUSE, on=DAY, account=account, password=password)


@pytest.mark.parametrize(("password", "kinds"), [("abc", 1), ("abC1", 3), ("中文Ab1", 4), ("1234", 1), ("a-b", 2)])
def test_kinds_of_characters_are_counted(password, kinds):
    assert kinds_of(password) == kinds


@pytest.mark.parametrize("password", [
    "Short-1", "onlysmallletters", "Xinglin2026!", "Password2026", "Qwertyuiop12", "aaaaaaaaaaA1", "linxing-2026-Ab",
    "Ab13800001234", "Spring-19800507", "lin.xing@Qx2026",
])  # fmt: skip
def test_a_weak_password_is_refused_and_the_old_one_stays(account, person, password):
    from datetime import date

    who = person(name="林杏", born_on=date(1980, 5, 7))
    row = account(who=who, email="lin.xing@jianghai.example", mobile="13800001234")
    with pytest.raises(WeakPassword):
        set_to(row, password)
    assert Account.objects.get(pk=row.pk).check_password(PASSWORD)


@pytest.mark.parametrize("password", ["Plum-Rain-44", "江南梅雨Season9", "a phrase of several small words"])
def test_a_strong_password_or_a_long_phrase_is_taken(account, password):
    row = account()
    set_to(row, password)
    assert Account.objects.get(pk=row.pk).check_password(password)


def test_the_last_five_passwords_are_not_taken_again_and_the_sixth_is(account):
    row = account()
    for number in range(5):
        set_to(row, f"Plum-Rain-44{number}")
    for former in (PASSWORD, "Plum-Rain-440", "Plum-Rain-444"):
        with pytest.raises(WeakPassword):
            set_to(Account.objects.get(pk=row.pk), former)
    set_to(row, "Plum-Rain-445")
    set_to(row, PASSWORD)
    assert row.past_passwords.count() == 5


def test_only_the_owner_changes_a_password(account, administration):
    row, other = account(), account(username="other")
    for actor in (actor_of(account=other, on=DAY), actor_of(account=administration("system_admin"), on=DAY)):
        with pytest.raises(NotAllowed):
            change_password(by=actor, on=DAY, account=row, password="Plum-Rain-44")
    assert Account.objects.get(pk=row.pk).check_password(PASSWORD)


def test_nothing_about_an_account_changes_outside_an_act(account):
    row = account()
    row.email = "thief@evil.example"
    with pytest.raises(OutsideAct):
        row.save()
    with pytest.raises(OutsideAct):
        Account.objects.filter(pk=row.pk).update(email="thief@evil.example")
    with pytest.raises(OutsideAct):
        row.save(update_fields=["email", "last_login"])
    assert isinstance(Account.objects.all(), StatedQuerySet)


def test_changing_the_password_signs_out_everywhere_else_and_says_so(account, sealed):
    from xinglin.kernel.ledger.models import SealedFact

    account()
    here, there = Client(), Client()
    sign_in(here, "linxing")
    sign_in(there, "linxing")
    answer = here.post("/account/password/change/", {
        "oldpassword": PASSWORD, "password1": "Plum-Rain-44", "password2": "Plum-Rain-44"})  # fmt: skip
    assert answer.status_code == 302
    assert user_of(here) is not None and here.get("/account/security/").status_code == 200
    assert there.get("/account/security/").status_code == 302
    sealed()
    assert SealedFact.objects.filter(type="security.password.changed", body__way="own").count() == 1


def test_the_change_form_says_what_is_wrong_beside_the_field(client, account):
    account()
    sign_in(client, "linxing")
    answer = client.post("/account/password/change/", {
        "oldpassword": PASSWORD, "password1": "short", "password2": "short"})  # fmt: skip
    assert answer.status_code == 200 and "password1" in answer.context["form"].errors


def test_staff_change_an_old_password_before_anything_else_and_members_need_not(staff, account):
    with freeze_time("2026-03-05 08:00:00") as clock:
        staff(username="clerk")
        account(username="member")
        clock.tick(timedelta(days=90))
        clerk, member = Client(), Client()
        sign_in(clerk, "clerk")
        sign_in(member, "member")
        answer = clerk.get("/account/security/")
        assert (answer.status_code, answer["Location"]) == (302, "/account/password/change/")
        assert member.get("/account/security/").status_code == 200
        clerk.post("/account/password/change/", {
            "oldpassword": PASSWORD, "password1": "Plum-Rain-44", "password2": "Plum-Rain-44"})  # fmt: skip
        assert clerk.get("/account/security/").status_code == 200


def code_in(message):
    return re.search(r"\b([A-Z0-9]{3,5}-?[A-Z0-9]{3,5})\b", message.body).group(1)


def recover(client, email):
    return client.post("/account/password/reset/", {"email": email})


def test_recovery_sends_a_code_and_no_address_a_forged_host_could_bend(client, account, settings):
    settings.ALLOWED_HOSTS = ["testserver"]
    account(email="lin@jianghai.example")
    forged = client.post(
        "/account/password/reset/", {"email": "lin@jianghai.example"}, headers={"host": "evil.example"}
    )
    assert forged.status_code == 400 and not mail.outbox
    client.post("/account/password/reset/", {"email": "lin@jianghai.example"},
                headers={"x-forwarded-host": "evil.example"})  # fmt: skip
    assert len(mail.outbox) == 1 and "evil" not in mail.outbox[0].body
    assert "http" not in mail.outbox[0].body


def test_recovery_answers_alike_for_known_and_unknown_addresses(account):
    account(email="lin@jianghai.example")
    answers = [recover(Client(), mail_) for mail_ in ("lin@jianghai.example", "nobody@jianghai.example")]
    assert [(one.status_code, one["Location"]) for one in answers] == [
        answers[0].status_code and (302, answers[0]["Location"])
    ] * 2
    assert len(mail.outbox) == 1


def test_recovery_by_code_sets_a_new_password_and_still_asks_to_sign_in(client, account):
    row = account(email="lin@jianghai.example")
    recover(client, "lin@jianghai.example")
    answer = client.post("/account/password/reset/confirm/", {"code": code_in(mail.outbox[0])})
    assert answer.status_code == 302
    answer = client.post(
        "/account/password/reset/complete/", {"password1": "Plum-Rain-44", "password2": "Plum-Rain-44"}
    )
    assert answer.status_code == 302 and user_of(client) is None
    assert Account.objects.get(pk=row.pk).check_password("Plum-Rain-44")


def test_a_recovery_code_is_not_guessed(client, account):
    row = account(email="lin@jianghai.example")
    recover(client, "lin@jianghai.example")
    for _ in range(4):
        client.post("/account/password/reset/confirm/", {"code": "AAAA-0000"})
    client.post("/account/password/reset/confirm/", {"code": code_in(mail.outbox[0])})
    client.post("/account/password/reset/complete/", {"password1": "Plum-Rain-44", "password2": "Plum-Rain-44"})
    assert Account.objects.get(pk=row.pk).check_password(PASSWORD)


def test_a_voided_password_is_useless_and_nobody_learns_a_new_one(client, account):
    row = account(email="lin@jianghai.example")
    sign_in(client, "linxing")
    void_password(by=HOUSE, on=DAY, account=row)
    assert client.get("/account/security/").status_code == 302
    assert sign_in(Client(), "linxing").status_code == 200
    assert not Account.objects.get(pk=row.pk).has_usable_password()
