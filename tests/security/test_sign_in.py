"""Signing in: by three names, shut out after five wrong passwords, ended when idle, seen and ended elsewhere."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from freezegun import freeze_time

from tests.security.conftest import DAY, HOUSE, PASSWORD
from xinglin.directory.accounts import Account
from xinglin.directory.security.actions.accounts import NothingToDo, let_in, stop_account
from xinglin.directory.security.endings import counts, names_of
from xinglin.directory.security.models import LogEntry, OpenSession
from xinglin.directory.security.registration import keep_log
from xinglin.directory.security.sessions import ACTIVE
from xinglin.kernel import clock
from xinglin.kernel.ledger.models import SealedFact, UnsealedFact

pytestmark = pytest.mark.django_db
LOGIN = "/account/login/"


def sign_in(client, name, password=PASSWORD, **more):
    return client.post(LOGIN, {"login": name, "password": password, **more})


def user_of(client):
    return client.session.get("_auth_user_id")


def kinds():
    return list(LogEntry.objects.order_by("number").values_list("kind", flat=True))


@pytest.mark.parametrize("name", ["linxing", "LinXing", "lin@jianghai.example", "138 0000 1234", "+8613800001234"])
def test_a_person_signs_in_by_user_name_mail_or_mobile(client, account, name):
    row = account(email="lin@jianghai.example", mobile="13800001234")
    assert sign_in(client, name).status_code == 302
    assert user_of(client) == str(row.pk)
    assert kinds() == ["signed_in"]


def test_a_wrong_password_is_recorded_without_what_was_typed(client, account):
    row = account()
    response = sign_in(client, "linxing", "wrong-and-secret")
    assert response.status_code == 200 and user_of(client) is None
    entry = LogEntry.objects.get()
    assert (entry.kind, entry.account) == ("sign_in_failed", str(row.ref))
    assert "wrong-and-secret" not in entry.detail


def test_an_unknown_name_and_a_wrong_password_answer_alike(client, account):
    account()
    known, unknown = sign_in(client, "linxing", "x"), sign_in(client, "nobody", "x")
    assert known.status_code == unknown.status_code == 200
    say = [page.context["form"].non_field_errors() for page in (known, unknown)]
    assert say[0] == say[1] and len(say[0]) == 1


def test_five_wrong_passwords_shut_the_account_out_whatever_it_is_called(client, account):
    row = account(email="lin@jianghai.example", mobile="13800001234")
    for name in ("linxing", "lin@jianghai.example", "13800001234", "LINXING"):
        assert sign_in(client, name, "wrong").status_code == 200
    fifth = sign_in(client, "linxing", "wrong")
    assert fifth.status_code == 429 and "20" in fifth.content.decode()
    # The right password does not open it either, from another machine and browser.
    other = Client(REMOTE_ADDR="198.51.100.7", headers={"user-agent": "another"})
    assert sign_in(other, "linxing").status_code == 429 and user_of(other) is None
    assert kinds().count("shut_out") == 1
    facts = [one for one in UnsealedFact.objects.all() if "security.account.shut_out" in one.content]
    assert len(facts) == 1 and f'"account":"{row.ref}","minutes":20,"tries":5' in facts[0].content


def test_a_shut_out_ends_by_itself_and_is_not_lengthened_by_further_tries(client, account):
    with freeze_time("2026-03-05 08:00:00") as clock:
        account()
        for _ in range(5):
            sign_in(client, "linxing", "wrong")
        clock.tick(timedelta(minutes=19))
        assert sign_in(client, "linxing").status_code == 429
        clock.tick(timedelta(minutes=2))
        assert sign_in(client, "linxing").status_code == 302


def test_a_clerk_lets_in_before_the_time_and_it_is_said(client, account, sealed):
    row = account()
    for _ in range(5):
        sign_in(client, "linxing", "wrong")
    let_in(by=HOUSE, on=DAY, account=row)
    assert sign_in(client, "linxing").status_code == 302
    sealed()
    assert SealedFact.objects.filter(type="security.account.let_in").count() == 1
    with pytest.raises(NothingToDo):
        let_in(by=HOUSE, on=DAY, account=row)


def test_nothing_personal_is_kept_by_the_lock(client, account):
    from axes.models import AccessAttempt

    account(mobile="13800001234")
    sign_in(client, "13800001234", "wrong-password-of-mine")
    sign_in(client, "somebody@else.example", "x")
    rows = " ".join(f"{one.username} {one.post_data} {one.get_data}" for one in AccessAttempt.objects.all())
    assert AccessAttempt.objects.count() == 2
    assert not any(word in rows for word in ("13800001234", "wrong-password", "somebody@"))


def test_the_session_key_changes_at_sign_in_so_that_a_planted_one_is_worthless(client, account):
    account()
    client.get(LOGIN)
    session = client.session
    session["planted"] = "1"
    session.save()
    planted = session.session_key
    client.cookies["sessionid"] = planted
    sign_in(client, "linxing")
    assert client.session.session_key != planted
    thief = Client()
    thief.cookies["sessionid"] = planted
    assert user_of(thief) is None


def test_an_idle_session_ends_on_the_server_whatever_the_cookie_says(client, account, settings):
    with freeze_time("2026-03-05 08:00:00") as clock:
        account()
        sign_in(client, "linxing")
        clock.tick(timedelta(seconds=settings.XINGLIN_IDLE - 60))
        assert client.get("/account/security/").status_code == 200
        clock.tick(timedelta(seconds=settings.XINGLIN_IDLE + 60))
        assert client.get("/account/security/").status_code == 302
        assert user_of(client) is None


def test_requests_a_page_makes_by_itself_keep_nothing_alive(client, account, settings):
    with freeze_time("2026-03-05 08:00:00") as clock:
        account()
        sign_in(client, "linxing")
        began = client.session[ACTIVE]
        for _ in range(3):
            clock.tick(timedelta(seconds=settings.XINGLIN_IDLE // 3 + 30))
            answer = client.get("/account/security/", headers={"X-Background": "1"})
        assert answer.status_code == 302 and "idle=1" in answer["Location"]
        assert began and "idle_out" in kinds()


def test_what_was_signed_for_an_account_ends_with_its_last_session_and_never_by_idling(account, settings):
    with freeze_time("2026-03-05 08:00:00") as moment:
        row = account()
        desk, phone = Client(headers={"user-agent": "desk"}), Client(headers={"user-agent": "phone"})
        sign_in(desk, "linxing"), sign_in(phone, "linxing")

        def still():
            return all(counts(who=one, since=began) for one in names_of(row))

        moment.tick(timedelta(seconds=60))
        began = clock.now().timestamp()
        moment.tick(timedelta(seconds=settings.XINGLIN_IDLE - 120))
        desk.get("/account/security/")
        moment.tick(timedelta(seconds=300))
        assert phone.get("/account/security/").status_code == 302 and still()  # left idle
        moment.tick(timedelta(seconds=settings.XINGLIN_IDLE + 60))
        assert desk.get("/account/security/").status_code == 302 and still()  # who watches does nothing else
        sign_in(phone, "linxing")
        phone.post(reverse("account_logout"))
        assert still()  # the desk may be watching yet
        sign_in(desk, "linxing")
        moment.tick(timedelta(seconds=settings.SESSION_COOKIE_AGE + 60))
        desk.cookies.clear()
        sign_in(phone, "linxing")
        phone.post(reverse("account_logout"))
        assert still()  # the desk's ran out, though nobody came back to be told
        sign_in(desk, "linxing")
        assert OpenSession.objects.count() == 1  # and goes on there
        desk.post(reverse("account_logout"))
        assert not still() and not OpenSession.objects.exists()


def test_the_night_forgets_where_sessions_were_that_ran_out(client, account, settings):
    with freeze_time("2026-03-05 08:00:00") as moment:
        account()
        sign_in(client, "linxing")
        keep_log(on=clock.today())
        assert OpenSession.objects.exists()
        moment.tick(timedelta(seconds=settings.SESSION_COOKIE_AGE + 60))
        keep_log(on=clock.today())
        assert not OpenSession.objects.exists()


def test_a_visitor_keeps_what_the_house_knows_them_by_while_they_are_busy(client, settings):
    with freeze_time("2026-03-05 08:00:00") as moment:
        session = client.session
        session["known_by"] = "zhou@example.org"
        session.save()
        client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
        for _each in range(5):
            moment.tick(timedelta(seconds=settings.SESSION_COOKIE_AGE - 60))
            client.get("/account/login/")
        assert client.session["known_by"] == "zhou@example.org"
        moment.tick(timedelta(seconds=settings.SESSION_COOKIE_AGE + 60))
        client.get("/account/login/")
        assert "known_by" not in client.session
        assert Session.objects.exists()
        keep_log(on=clock.today())
        assert not Session.objects.exists()  # the night forgets them


def test_a_session_ends_after_its_hours_however_busy(client, account, settings):
    with freeze_time("2026-03-05 08:00:00") as clock:
        account()
        sign_in(client, "linxing")
        for _ in range(settings.XINGLIN_SESSION_HOURS * 3):
            clock.tick(timedelta(minutes=20))
            client.get("/account/security/")
        clock.tick(timedelta(minutes=1))
        assert client.get("/account/security/").status_code == 302


def test_the_owner_sees_where_the_account_is_signed_in_and_ends_it_elsewhere(account):
    account()
    here, there = Client(), Client(headers={"user-agent": "the other one"})
    sign_in(here, "linxing")
    sign_in(there, "linxing")
    page = here.get("/account/security/").content.decode()
    assert "the other one" in page and OpenSession.objects.count() == 2
    here.post("/account/security/sessions/")
    assert here.get("/account/security/").status_code == 200
    assert there.get("/account/security/").status_code == 302
    assert OpenSession.objects.count() == 1


def test_nobody_ends_the_session_of_somebody_else(account):
    account()
    account(username="other")
    mine, theirs = Client(), Client()
    sign_in(mine, "linxing")
    sign_in(theirs, "other")
    mine.post("/account/security/sessions/", {"key": theirs.session.session_key})
    assert theirs.get("/account/security/").status_code == 200


def test_after_a_new_password_the_session_is_still_seen_and_still_ended_elsewhere(client, account):
    row = account()
    sign_in(client, "linxing")
    before = client.session.session_key
    words = {"oldpassword": PASSWORD, "password1": "Plum-Rain-44", "password2": "Plum-Rain-44"}
    assert client.post(reverse("account_change_password"), words).status_code == 302
    after = client.session.session_key
    assert after != before
    assert list(OpenSession.objects.filter(account=row).values_list("key", flat=True)) == [after]
    other = Client()
    sign_in(other, "linxing", "Plum-Rain-44")
    other.post("/account/security/sessions/", {"key": after})
    assert client.get("/account/security/").status_code == 302 and user_of(client) is None


def test_one_place_only_when_the_setting_says_so(account, settings):
    settings.XINGLIN_SINGLE_SESSION = True
    account()
    first, second = Client(), Client()
    sign_in(first, "linxing")
    sign_in(second, "linxing")
    assert first.get("/account/security/").status_code == 302
    assert second.get("/account/security/").status_code == 200


def test_stopping_an_account_ends_its_sessions_at_once(client, account):
    row = account()
    sign_in(client, "linxing")
    stop_account(by=HOUSE, on=DAY, account=row, reason="left")
    assert client.get("/account/security/").status_code == 302
    assert sign_in(client, "linxing").url == "/account/inactive/"
    assert user_of(client) is None


def test_signing_out_takes_a_post_ends_the_session_and_clears_the_browser(client, account):
    account()
    sign_in(client, "linxing")
    client.get("/account/logout/")
    assert user_of(client) is not None
    answer = client.post("/account/logout/")
    assert user_of(client) is None and '"cache"' in answer["Clear-Site-Data"]
    assert OpenSession.objects.count() == 0 and kinds() == ["signed_in", "signed_out"]


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/x", "/\\evil.example", "javascript:alert(1)"]
)
def test_sign_in_leads_nowhere_else(client, account, target):
    account()
    answer = sign_in(client, "linxing", next=target)
    assert answer.status_code == 302 and answer["Location"] == "/"


def test_nobody_signs_up(client):
    answer = client.post("/account/signup/", {"username": "thief", "password1": PASSWORD, "email": "t@evil.example"})
    assert not Account.objects.exists() and answer.status_code == 200


def test_the_library_pages_not_used_here_do_not_exist(client, account):
    account()
    sign_in(client, "linxing")
    for path in ("email/", "confirm-email/", "phone/change/"):
        assert client.get(f"/account/{path}").status_code == 404


def test_language_and_theme_follow_the_account(client, account):
    row = account()
    row.language, row.theme = "en", "dark"
    row.save(update_fields=["language", "theme"])
    answer = sign_in(client, "linxing")
    assert (answer.cookies["django_language"].value, answer.cookies["theme"].value) == ("en", "dark")


def test_a_signed_in_page_is_not_kept_by_browser_or_proxy(client, account):
    account()
    sign_in(client, "linxing")
    assert client.get(reverse("security:mine"))["Cache-Control"] == "no-store, private"
