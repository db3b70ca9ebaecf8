"""Requests: forged ones, too many of them, headers, hosts, and what an error gives away."""

import threading
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.exceptions import SuspiciousOperation
from django.test import Client, RequestFactory
from freezegun import freeze_time

from tests.security.test_sign_in import sign_in, user_of
from xinglin.directory.accounts import Account
from xinglin.directory.security import log, rates
from xinglin.directory.security.models import LogEntry

pytestmark = pytest.mark.django_db


def test_a_forged_form_is_refused(account):
    account()
    client = Client(enforce_csrf_checks=True)
    assert sign_in(client, "linxing").status_code == 403 and user_of(client) is None


@pytest.mark.parametrize("path", [
    "/account/password/change/", "/account/security/sessions/", "/account/logout/", "/security/accounts/1/stop/",
    "/security/grants/", "/security/exports/1/decide/", "/account/alive/",
])  # fmt: skip
def test_no_change_without_the_forms_own_token(account, path):
    account()
    client = Client(enforce_csrf_checks=True)
    client.force_login(Account.objects.get())
    assert client.post(path, {"x": "1"}).status_code == 403


def test_headers_of_every_page(client):
    answer = client.get("/account/login/")
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "script-src 'self'" in policy and "frame-ancestors 'none'" in policy
    assert "unsafe-inline" not in policy and "unsafe-eval" not in policy
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "microphone=()" in answer["Permissions-Policy"]


def test_a_page_holds_no_script_or_style_of_its_own(client):
    import re

    page = client.get("/account/login/").content.decode()
    assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>", page) and " style=" not in page and "<style" not in page
    assert not re.search(r"\son[a-z]+=", page)


def test_cookies_are_closed_to_scripts_and_to_other_sites(client, account):
    account()
    sign_in(client, "linxing")
    cookie = client.cookies["sessionid"]
    assert cookie["httponly"] and cookie["samesite"] == "Lax"


def test_over_https_cookies_are_secure_and_plain_requests_are_sent_on():
    """The settings module is read anew as an installation would with XINGLIN_HTTPS=1."""
    import os
    import subprocess
    import sys

    code = (
        "from xinglin.site import security as s;"
        "print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_SSL_REDIRECT, s.SECURE_HSTS_SECONDS)"
    )
    out = subprocess.run([sys.executable, "-c", code], env={**os.environ, "XINGLIN_HTTPS": "1"}, capture_output=True,
                         text=True, check=True)  # fmt: skip
    assert out.stdout.split() == ["True", "True", "True", "31536000"]


@pytest.mark.parametrize("host", ["evil.example", "testserver.evil.example", "testserver:80@evil.example"])
def test_a_wrong_host_name_is_refused(client, host, settings):
    settings.ALLOWED_HOSTS = ["testserver"]
    assert client.get("/account/login/", headers={"host": host}).status_code == 400


def test_an_error_shows_no_secret_and_no_path(client, settings, monkeypatch):
    settings.DEBUG = False
    from xinglin.directory.security.web import views

    def fail(*, account):
        raise SuspiciousOperation("secret-detail") if account is None else RuntimeError("secret-detail /etc/passwd")

    monkeypatch.setattr(views, "alive_sessions", fail)
    client.raise_request_exception = False
    from tests.security.conftest import HOUSE, PASSWORD
    from xinglin.directory.security.actions.accounts import open_account
    from xinglin.directory.security.actions.passwords import change_password
    from xinglin.kernel import clock

    row = open_account(by=HOUSE, on=clock.today(), username="someone", active=True)
    change_password(by=HOUSE, on=clock.today(), account=row, password=PASSWORD)
    sign_in(client, "someone")
    page = client.get("/account/security/")
    assert page.status_code == 500
    text = page.content.decode()
    assert "secret-detail" not in text and "Traceback" not in text and "site-packages" not in text


# Rates -----------------------------------------------------------------------------------------------------


def test_sign_in_is_held_to_a_rate_per_address(account, settings):
    settings.XINGLIN_RATES = ["sign_in=3/60/ip"]
    account()
    with freeze_time("2026-03-05 08:00:00") as clock:
        answers = [sign_in(Client(), "nobody", "x").status_code for _ in range(4)]
        assert answers == [200, 200, 200, 429]
        assert sign_in(Client(REMOTE_ADDR="198.51.100.9"), "linxing").status_code == 302
        clock.tick(timedelta(seconds=61))
        assert sign_in(Client(), "linxing").status_code == 302
    assert LogEntry.objects.filter(kind="rate_exceeded").count() == 1


def test_codes_to_one_number_are_held_to_a_rate_wherever_they_are_asked_from(settings):
    settings.XINGLIN_RATES = ["code=2/3600/key"]
    answers = [
        Client(REMOTE_ADDR=f"198.51.100.{n}").post("/account/login/code/", {"phone": "13800001234"}).status_code
        for n in range(3)
    ]
    assert answers[-1] == 429 and 429 not in answers[:2]


def test_a_rate_per_account_follows_the_account(settings, account):
    settings.XINGLIN_RATES = ["export=1/60/account"]
    request = RequestFactory().post("/")
    request.user = account()
    rates.demand(request=request, name="export")
    with pytest.raises(rates.TooOften):
        rates.demand(request=request, name="export")


def test_search_and_export_are_held_to_their_rates(settings, client, account):
    settings.XINGLIN_RATES = ["search=2/60/ip", "export=1/3600/account"]
    client.force_login(account())
    assert [client.get("/search/?q=x").status_code for _ in range(3)] == [200, 200, 429]
    assert client.get("/events/1/register/").status_code == 404  # a crowd behind one address registers; none is there
    answers = [client.post("/security/log/", {"export": "csv"}).status_code for _ in range(2)]
    assert answers == [403, 429]


def test_a_wrong_rate_is_named(settings):
    settings.XINGLIN_RATES = ["search=many"]
    with pytest.raises(ValueError, match="XINGLIN_RATES: search=many"):
        rates.rates("search")


@pytest.mark.django_db(transaction=True)
def test_counting_misses_nobody_when_many_ask_at_once():
    from django.db import connection, connections

    if connection.vendor == "sqlite" and "mode=memory" in str(connection.settings_dict["NAME"]):
        rate = rates.Rate(name="x", times=1, seconds=3600, per="ip")
        assert [rates.count(rate=rate, whom="a") for _ in range(50)] == list(range(1, 51))
        return
    found, rate = [], rates.Rate(name="x", times=1, seconds=3600, per="ip")

    def ask():
        found.append(rates.count(rate=rate, whom="a"))
        connections.close_all()

    threads = [threading.Thread(target=ask) for _ in range(20)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(found) == list(range(1, 21))


@pytest.mark.parametrize(("proxies", "said", "expected"), [
    (0, "203.0.113.5", "10.0.0.1"),
    (1, "203.0.113.5", "203.0.113.5"),
    (1, "1.2.3.4, 203.0.113.5", "203.0.113.5"),
    (2, "1.2.3.4, 203.0.113.5, 10.9.9.9", "203.0.113.5"),
    (1, "nonsense", None),
])  # fmt: skip
def test_a_client_cannot_choose_its_own_address(settings, proxies, said, expected):
    settings.XINGLIN_PROXIES = proxies
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", headers={"x-forwarded-for": said})
    assert log.client_ip(request) == expected


def test_a_spoofed_address_gives_no_new_tries(account, settings):
    settings.XINGLIN_RATES = ["sign_in=2/60/ip"]
    answers = [
        Client(headers={"x-forwarded-for": f"203.0.113.{n}"}).post("/account/login/", {"login": "a", "password": "b"})
        for n in range(3)
    ]
    assert [one.status_code for one in answers] == [200, 200, 429]


def test_null_bytes_and_long_names_break_nothing(client):
    for name in ("a\x00b", "x" * 100_000, "’ OR 1=1 --", "<script>alert(1)</script>"):
        answer = sign_in(client, name, "x")
        assert answer.status_code in (200, 400) and "<script>alert(1)" not in answer.content.decode()


def test_what_a_file_is_is_read_from_its_content_not_from_its_name():
    from xinglin.lib.filetypes import right_name, tell

    found = tell(content=BytesIO(b"%PDF-1.7\n"), name="报名表.exe")
    assert found.code == "pdf" and right_name(name="报名表.exe", type_=found) == "报名表.pdf"
