"""An account and its actor for the tests of the shell."""

from datetime import date

import pytest

from xinglin.kernel import clock
from xinglin.kernel.acts import act, state
from xinglin.kernel.actors import Actor, house
from xinglin.kernel.refs import Code, Ref

DAY = date(2026, 11, 21)
OFFICE = frozenset({"member", "department", "office", "secretary_general", "system_admin"})


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
