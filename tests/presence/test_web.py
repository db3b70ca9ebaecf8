"""The web's half: who may open a sitting, heartbeats by either way, the page to try it."""

import io
import json
import os
import subprocess
import sys

import pytest
from django.db import OperationalError
from django.urls import reverse

from xinglin.directory.accounts import Account
from xinglin.directory.security import before_middleware
from xinglin.directory.security.actions.accounts import open_account
from xinglin.directory.security.endings import end_handed_out
from xinglin.directory.security.models import LogEntry
from xinglin.kernel import clock
from xinglin.kernel.actors import Actor, house
from xinglin.kernel.refs import Ref
from xinglin.lib.pacing import Pace
from xinglin.mechanics.presence import film, models, short_way, sittings
from xinglin.mechanics.presence.player import player_for
from xinglin.mechanics.presence.spans import local_day
from xinglin.mechanics.presence.values import Kind
from xinglin.shell import middleware

from .pages import ANNA, BEN, LECTURE, T0, Page, at

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit(client, monkeypatch):
    """Sign in as a person."""

    def sign_in(person=ANNA):
        known = Account.objects.filter(username="tester").first()
        client.force_login(known or open_account(by=house("test"), on=local_day(T0), username="tester", active=True))
        actor = Actor(ref=Ref("directory.account:9"), person=person, roles=frozenset({"member"}))
        monkeypatch.setattr(middleware, "actor_of", lambda request: actor)
        return client

    return sign_in


def ticket(person=ANNA, **more):
    """Return the ticket that a page of an engine would carry."""
    return player_for(person=person, session=LECTURE, kind=Kind.LIVE, source="/x.m3u8", at=clock.now(), **more).ticket


def opened(client, **given):
    """Open a sitting as the page does."""
    return client.post(reverse("presence:open"), {"ticket": ticket(), **given})


def test_a_ticket_opens_a_sitting_for_whom_it_names(visit):
    answer = opened(visit())
    assert answer.status_code == 200
    said = answer.json()
    assert (said["beat"], said["counted"], said["state"], said["check"]) == (60, 0, "paused", None)
    assert models.Sitting.objects.get().person == ANNA
    assert said["token"] and said["secret"]


def test_nobody_sits_on_the_ticket_of_another(visit):
    answer = opened(visit(person=BEN))
    assert answer.status_code == 403
    assert models.Sitting.objects.count() == 0


@pytest.mark.parametrize("text", ["", "x", "a:b:c"])
def test_a_ticket_of_ones_own_making_is_refused(visit, text):
    assert opened(visit(), ticket=text).status_code == 410


def test_an_old_ticket_is_refused(visit, monkeypatch):
    kept = ticket()
    monkeypatch.setattr("xinglin.mechanics.presence.player.VALID", -1)
    assert opened(visit(), ticket=kept).status_code == 410


def test_who_is_signed_out_opens_nothing(client):
    assert opened(client).status_code == 401
    assert models.Sitting.objects.count() == 0


def test_a_form_from_elsewhere_opens_nothing(visit):
    from django.test import Client

    client = visit()
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    assert strict.post(reverse("presence:open"), {"ticket": ticket()}).status_code == 403


def wsgi(body, *, path=short_way.PATH, method="POST", app=None, **more):
    """Ask the short way as a server would, and return the status and the answer."""
    told = []
    environ = {"PATH_INFO": path, "REQUEST_METHOD": method, "CONTENT_LENGTH": str(len(body)), "REMOTE_ADDR": "10.0.0.9",
               "HTTP_HOST": "testserver", "wsgi.input": io.BytesIO(body), **more}
    answer = b"".join(short_way.ShortWay(app or (lambda environ, start: [b"the rest"]))(
        environ, lambda status, headers: told.append((status, dict(headers)))))
    return (told[0] if told else None), answer


def test_both_ways_give_the_same_answer(client, unasked, monkeypatch):
    page = Page()
    body = page.body(played=[(0, 60_000, 0)])
    monkeypatch.setattr("xinglin.kernel.clock.now", lambda: at(60))
    (status, headers), answer = wsgi(body)
    assert status == "200 OK" and headers["Cache-Control"] == "no-store"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin" and "camera" in headers["Permissions-Policy"]
    first = json.loads(answer)
    assert (first["state"], first["counted"], first["seq"]) == ("counting", 60, 1)
    answer = client.post(reverse("presence:beat"), body, content_type="text/plain")
    assert answer.status_code == 200 and answer.json()["state"] == "again"


def test_the_short_way_leaves_everything_else_alone(unasked):
    assert wsgi(b"", path="/members/") == (None, b"the rest")
    assert wsgi(b"", method="GET") == (None, b"the rest")


@pytest.mark.parametrize(("body", "status"), [(b"", "403"), (b"x" * 20_001, "403"), (b"nonsense", "403")])
def test_the_short_way_refuses_what_is_no_heartbeat(body, status):
    (told, _headers), answer = wsgi(body)
    assert told.startswith(status) and json.loads(answer)["state"] == "forged"


@pytest.mark.parametrize("size", ["x", "-1", "9" * 5000, "99999", "1e3", "²"])
def test_a_length_that_is_none_is_no_error(size):
    (told, _headers), _answer = wsgi(b"x", CONTENT_LENGTH=size)
    assert told.startswith("403")


def test_another_host_and_a_bug_are_answered_and_a_refusal_leaves_one_line_a_minute(monkeypatch):
    for pace in (before_middleware.LOGGED, before_middleware.LOGGED_IN_ALL):
        pace.seen.clear()
    assert wsgi(b"", HTTP_HOST="elsewhere.example")[0][0] == "400 Bad Request"
    for _time in range(3):
        wsgi(b"nonsense")
    assert [(one.kind, one.ip, one.detail) for one in LogEntry.objects.all()] == [
        ("refused", "10.0.0.9", short_way.PATH)]
    monkeypatch.setattr(short_way, "beat", lambda **given: 1 / 0)
    assert wsgi(b"x")[0][0] == "503 Service Unavailable"


def test_who_was_signed_out_earns_nothing_more_by_either_way(client, unasked, monkeypatch):
    page, later = Page(), Page(person=BEN)
    end_handed_out(who=[ANNA])
    monkeypatch.setattr("xinglin.kernel.clock.now", lambda: at(60))
    body = page.body(played=[(0, 60_000, 0)])
    assert wsgi(body)[0][0] == "410 Gone"
    assert client.post(reverse("presence:beat"), body, content_type="text/plain").status_code == 410
    assert models.Sitting.objects.get(person=ANNA).seq == 0
    assert wsgi(later.body(played=[(0, 60_000, 0)]))[0][0] == "200 OK"


@pytest.mark.parametrize("long", [False, True])
def test_a_page_that_asks_without_end_is_told_to_wait(unasked, client, monkeypatch, long):
    def ask(body):
        given = {"content_type": "text/plain"}
        answer = client.post(reverse("presence:beat"), body, **given).content if long else wsgi(body)[1]
        return json.loads(answer)["state"]

    page = Page()
    monkeypatch.setattr(sittings, "PACE", Pace(each_second=0, at_once=4))
    monkeypatch.setattr("xinglin.kernel.clock.now", lambda: at(60))
    body = page.body(played=[(0, 60_000, 0)])
    for pace in (before_middleware.LOGGED, before_middleware.LOGGED_IN_ALL):
        pace.seen.clear()
    monkeypatch.setattr("xinglin.kernel.clock.now", lambda: at(1))
    assert ask(body) == "fast" and not LogEntry.objects.exists()  # pause and play: honest
    monkeypatch.setattr("xinglin.kernel.clock.now", lambda: at(60))
    states = [ask(body) for _time in range(5)]
    assert states == ["counting", "again", "again", "fast", "fast"]
    assert [(one.kind, one.account) for one in LogEntry.objects.all()] == [("rate_exceeded", ANNA)]


def test_a_database_that_is_away_is_said_so_and_the_page_tries_again(monkeypatch):
    def away(*, body, at):
        raise OperationalError("gone")

    monkeypatch.setattr(short_way, "beat", away)
    monkeypatch.setattr(short_way.connection, "close", lambda: None)
    (status, _headers), answer = wsgi(b"x")
    assert (status, answer) == ("503 Service Unavailable", b'{"state": "busy"}')


def test_the_page_to_try_it_says_when_there_is_no_film(visit, settings, tmp_path):
    settings.VAR = tmp_path
    answer = visit().get(reverse("presence:try"))
    assert answer.status_code == 200
    assert b"data-presence" not in answer.content
    film.folder().mkdir()
    (film.folder() / film.LIST).write_text("#EXTM3U")
    page = visit().get(reverse("presence:try_kind", args=["live"])).content.decode()
    assert "data-presence" in page and "live.m3u8" in page
    assert visit().get(reverse("presence:film", args=[film.LIST])).status_code == 200
    for name in ("demo.json", "piece001.ts", "..%2Fdemo.json"):
        assert visit().get(f"/presence/try/film/{name}").status_code == 404


def test_whoever_has_no_entry_has_no_minutes_to_try(visit):
    assert visit(person=None).get(reverse("presence:try")).status_code == 404


def test_the_simulated_stream_goes_round(settings):
    first, later = film.live_list(at=at(0)), film.live_list(at=at(4))
    assert first.count("#EXTINF") == film.AHEAD == later.count("#EXTINF")
    numbers = [int(one.split("#EXT-X-MEDIA-SEQUENCE:")[1].split()[0]) for one in (first, later)]
    assert numbers[1] - numbers[0] == 1


def test_without_ffmpeg_the_house_says_so(settings, tmp_path, monkeypatch):
    settings.VAR = tmp_path
    monkeypatch.setattr(film.shutil, "which", lambda name: None)
    monkeypatch.setattr(film.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(film.NoFfmpeg, match="缺 ffmpeg"):
        film.make_film()


def test_the_film_is_made_once(settings, tmp_path):
    settings.VAR = tmp_path
    made = film.make_film(seconds=8)
    assert made.read_text().count("#EXTINF") == 2 and "#EXT-X-ENDLIST" in made.read_text()
    stamp = made.stat().st_mtime_ns
    assert film.make_film(seconds=8).stat().st_mtime_ns == stamp


def test_the_streaming_service_is_let_in_by_a_setting(visit):
    assert "media-src 'self' blob:" in visit().get(reverse("presence:try")).headers["Content-Security-Policy"]
    code = ("import django; django.setup(); from django.conf import settings;"
            "said = settings.CONTENT_SECURITY_POLICY['DIRECTIVES']; print(said['media-src'][-1],"
            "said['connect-src'][-1])")
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True,
                          env={**os.environ, "XINGLIN_STREAMS": "https://live.example.org"})
    assert told.stdout.split() == ["https://live.example.org"] * 2
