"""The second factor: who needs it, from when, and that a code is spent once."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.test import Client
from freezegun import freeze_time

from tests.security.conftest import DAY, PASSWORD
from tests.security.test_sign_in import sign_in, user_of
from xinglin.directory import telling
from xinglin.directory.roles import actor_of
from xinglin.directory.security.actions.factors import take_off_factor
from xinglin.directory.security.factors import due_on, is_factor_required
from xinglin.directory.security.models import LogEntry
from xinglin.kernel import keyring
from xinglin.kernel.jobs import Job, run_job
from xinglin.kernel.ledger.models import SealedFact
from xinglin.kernel.policy import NotAllowed

pytestmark = pytest.mark.django_db
STEP = "/account/2fa/authenticate/"


@pytest.fixture(autouse=True)
def required(settings):
    settings.XINGLIN_TOTP_REQUIRED = True


def bind(account):
    secret = generate_totp_secret()
    TOTP.activate(account, secret)
    return secret


def now_code(secret):
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def test_after_the_password_a_bound_account_is_not_yet_signed_in(client, account):
    secret = bind(account())
    assert sign_in(client, "linxing")["Location"] == STEP
    assert user_of(client) is None and client.get("/account/security/").status_code == 302
    assert client.post(STEP, {"code": now_code(secret)}).status_code == 302
    assert user_of(client) is not None


def test_a_wrong_one_time_password_is_refused_and_recorded(client, account):
    bind(account())
    sign_in(client, "linxing")
    assert client.post(STEP, {"code": "000000"}).status_code == 200
    assert user_of(client) is None
    assert LogEntry.objects.filter(kind="factor_failed").count() == 1


def test_a_one_time_password_is_spent_once(account):
    row = account()
    secret = bind(row)
    first, second = Client(), Client()
    for one in (first, second):
        sign_in(one, "linxing")
    code = now_code(secret)
    first.post(STEP, {"code": code})
    second.post(STEP, {"code": code})
    assert user_of(first) is not None and user_of(second) is None


def test_a_recovery_code_works_once(account):
    row = account()
    bind(row)
    code = RecoveryCodes.activate(row).get_unused_codes()[0]
    first, second = Client(), Client()
    for one in (first, second):
        sign_in(one, "linxing")
        one.post(STEP, {"code": code})
    assert user_of(first) is not None and user_of(second) is None


def test_the_secret_of_a_second_factor_is_sealed_at_rest(account):
    secret = bind(account())
    stored = Authenticator.objects.get().data["secret"]
    assert stored.startswith("x1.") and secret not in stored


@pytest.mark.parametrize(("title", "kind", "needed"), [
    ("staff", "department", True), ("president", "association", True), ("supervisor", "association", True),
    ("branch_secretary", "branch", False), ("committee_member", "branch", False),
])  # fmt: skip
def test_staff_leaders_and_supervisors_need_it(staff, title, kind, needed):
    assert is_factor_required(account=staff(title=title, kind=kind), on=DAY) is needed


@pytest.mark.parametrize("role", ["system_admin", "security_admin", "audit_admin"])
def test_the_three_administrations_need_it(administration, role):
    row = administration(role)
    assert is_factor_required(account=row, on=DAY)
    assert due_on(account=row, on=DAY) == DAY + timedelta(days=7)


def test_after_the_days_of_grace_nothing_works_without_it(staff):
    with freeze_time("2026-03-05 08:00:00") as clock:
        staff()
        clerk = Client()
        sign_in(clerk, "clerk")
        assert clerk.get("/account/security/").status_code == 200
        clock.tick(timedelta(days=7))
        again = Client()
        sign_in(again, "clerk")
        for path in ("/account/security/", "/security/exports/"):
            answer = again.get(path)
            assert (answer.status_code, answer["Location"]) == (302, "/account/2fa/totp/activate/")
        again.post("/account/reauthenticate/", {"password": PASSWORD})
        assert again.get("/account/2fa/totp/activate/").status_code == 200


def test_in_the_demonstration_it_is_not_asked_for(staff, settings):
    settings.XINGLIN_TOTP_REQUIRED = False
    assert due_on(account=staff(), on=DAY + timedelta(days=400)) is None


def test_binding_is_said_in_the_ledger_and_shows_recovery_codes_once(
    client, account, sealed, django_capture_on_commit_callbacks
):
    account()
    sign_in(client, "linxing")
    assert client.get("/account/2fa/totp/activate/")["Location"].startswith("/account/reauthenticate/")
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    client.get("/account/2fa/totp/activate/")
    secret = client.session["mfa.totp.secret"]
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post("/account/2fa/totp/activate/", {"code": now_code(secret)})
    assert answer.status_code == 302 and Authenticator.objects.filter(type="totp").count() == 1
    sealed()
    assert SealedFact.objects.filter(type="security.factor.added").count() == 1
    shown = client.get("/account/2fa/recovery-codes/").content.decode()
    code = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()[0]
    assert code in shown
    assert code not in client.get("/account/2fa/recovery-codes/").content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/account/2fa/recovery-codes/generate/")
    sealed()
    facts = SealedFact.objects.filter(type="security.factor.added").order_by("position")
    assert [one.body["kind"] for one in facts] == ["totp", "recovery_codes"]


@freeze_time("2026-03-05 08:00:00")
def test_who_needs_it_does_not_take_it_off(client, staff):
    row = staff()
    secret = bind(row)
    sign_in(client, "clerk")
    client.post(STEP, {"code": now_code(secret)})
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    assert client.get("/account/2fa/totp/deactivate/").status_code == 200
    client.post("/account/2fa/totp/deactivate/", {})
    assert Authenticator.objects.filter(type="totp").count() == 1


def test_the_system_administrator_takes_a_lost_one_off_and_a_member_cannot(account, administration):
    row, other = account(), account(username="other")
    bind(row)
    with pytest.raises(NotAllowed):
        take_off_factor(by=actor_of(account=other, on=DAY), on=DAY, account=row)
    take_off_factor(by=actor_of(account=administration("system_admin"), on=DAY), on=DAY, account=row)
    assert not Authenticator.objects.filter(user=row).exists()


def test_secrets_of_second_factors_move_to_a_new_key_and_keep_the_old_one_alive(account, settings, tmp_path):
    settings.VAR = tmp_path
    from django.core.management import call_command

    secret = bind(account())
    keyring.add_key()
    from xinglin.directory.security.rotation import keys_in_use

    assert "k1" in keys_in_use()
    call_command("rotate_keys", "--retire", verbosity=0)
    stored = Authenticator.objects.get()
    assert stored.data["secret"].startswith("x1.k2.") and stored.wrap().validate_code(now_code(secret))


def test_words_waiting_in_the_queue_move_to_a_new_key_and_keep_the_old_one_alive(settings, tmp_path, monkeypatch):
    settings.VAR = tmp_path
    from django.core.management import call_command

    telling.tell(mobile="13800001234", words="123456")
    keyring.add_key()
    from xinglin.directory.security.rotation import keys_in_use

    assert "k1" in keys_in_use()
    call_command("rotate_keys", "--retire", verbosity=0)
    assert "k1" not in keys_in_use()
    texts = []
    monkeypatch.setattr(telling, "gateway", lambda: SimpleNamespace(send=lambda **given: texts.append(given["text"])))
    run_job(job_id=Job.objects.get().pk)
    assert (texts, Job.objects.get().payload) == (["123456"], {})
