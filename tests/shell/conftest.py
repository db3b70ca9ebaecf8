"""An account and its actor for the tests of the shell."""

from datetime import date
from pathlib import Path

import pytest

from xinglin.kernel import clock
from xinglin.kernel.actors import Actor, house
from xinglin.kernel.acts import act, state
from xinglin.kernel.refs import Code, Ref

DAY = date(2026, 11, 21)
OFFICE = frozenset({"member", "department", "office", "secretary_general"})
ADMIN = frozenset({"system_admin"})


@act
def _open(*, by, on, username):
    """Open an account the short way; how accounts are opened is the directory's own test."""
    from django.contrib.auth import get_user_model

    from xinglin.shell.facts import ListExported

    account = get_user_model()(username=username, is_active=True, password_changed_on=clock.today())
    account.set_password("an-orchard-of-apricots-7")
    account.save()
    state(ListExported(list=Code("test.setup"), rows=0, format=Code("csv")))
    return account


class Source:
    """Answers with the roles a test names."""

    def __init__(self):
        self.roles, self.asked = OFFICE, 0

    def of(self, *, account, on):
        """Return the actor the test wants."""
        self.asked += 1
        return Actor(ref=Ref(f"directory.account:{account.pk}"), name="闻溪", roles=self.roles)


@pytest.fixture
def source(monkeypatch):
    """The roles of whoever is signed in; set `source.roles` to others."""
    made = Source()
    monkeypatch.setattr("xinglin.shell.middleware.ask", lambda port: made)
    return made


@pytest.fixture
def account(db):
    """One account."""
    return _open(by=house("test"), on=DAY, username="wenxi")


@pytest.fixture
def browser_client(client, account, source):
    """A client signed in as a member of the office whose gates are passed."""
    client.force_login(account)
    session = client.session
    session["x_gate_passed_on"] = clock.today().isoformat()
    session.save()
    return client


@pytest.fixture
def pages(settings):
    """The addresses and templates that only these tests have."""
    settings.ROOT_URLCONF = "tests.shell.pages"
    [engine] = settings.TEMPLATES
    settings.TEMPLATES = [{**engine, "DIRS": [Path(__file__).parent / "templates"]}]


@pytest.fixture
def open_page(chromium, live_server, browser_client):
    """Open an address as the signed-in reader: `open_page(path, width=, theme=, signed=)`; gathers complaints."""
    contexts = []

    def go(path, *, width=1440, theme="light", signed=True, height=900, language=""):
        context = chromium.new_context(viewport={"width": width, "height": height}, base_url=live_server.url)
        contexts.append(context)
        cookies = [("theme", theme)] + ([("django_language", language)] if language else [])
        cookies += [(name, one.value) for name, one in browser_client.cookies.items()] if signed else []
        context.add_cookies([{"name": name, "value": value, "url": live_server.url} for name, value in cookies])
        page = context.new_page()
        page.complaints = []
        page.on("console", lambda said: page.complaints.append(f"{said.type}: {said.text}"))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.goto(path, wait_until="networkidle")
        return page

    yield go
    for context in contexts:
        context.close()
