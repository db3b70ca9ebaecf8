"""People of a small association, the shipped kinds, and a shorthand for logging work."""

from datetime import date

import pytest
from django.urls import reverse

from xinglin.directory.security.actions.accounts import open_account
from xinglin.engines.worklog.actions.registers import ItemWords, list_items, open_track
from xinglin.engines.worklog.actions.verifying import verify_work
from xinglin.engines.worklog.actions.words import seed_vocabulary
from xinglin.engines.worklog.actions.work import log_work
from xinglin.engines.worklog.web import choosing
from xinglin.engines.worklog.words import Kind
from xinglin.engines.worklog.works import Work
from xinglin.kernel import clock
from xinglin.kernel.actors import Actor, house
from xinglin.kernel.refs import Ref
from xinglin.shell import middleware

DAY = date(2024, 6, 14)
ACADEMIC = "directory.organisation:academic"
BRANCH = "directory.organisation:anaesthesia"
OTHER = "directory.organisation:radiology"


def person(name: str, roles: dict[str, str], label: str = "") -> Actor:
    """Return an actor who is a person; an empty scope means the whole association."""
    return Actor(
        ref=Ref(f"directory.account:{name}"),
        person=Ref(f"directory.person:{name}"),
        name=label or name,
        roles=frozenset(("member", *roles)),
        scope={role: frozenset({where}) for role, where in roles.items() if where},
    )


CLERK = person("clerk", {"department": ACADEMIC})
HEAD = person("head", {"department_head": ACADEMIC})
OFFICE = person("office", {"office": ""})
SECRETARY = person("secretary", {"branch_secretary": BRANCH})
CHAIR = person("chair", {"branch_chair": BRANCH})
MEMBER = person("member", {})
SUPERVISOR = person("supervisor", {"supervisor": ""})
HOUSE = house("set_up")


@pytest.fixture
def kinds(db):
    seed_vocabulary(by=HOUSE, on=DAY, from_on=date(2019, 1, 1))
    return {one.code: one for one in Kind.objects.select_related("parent")}


@pytest.fixture
def work(kinds):
    """Return a maker of work: `work("forum", count=3)`."""
    return lambda kind="forum", **given: Work(
        **{"kind": kinds[kind], "title": "肝病论坛", "happened_on": DAY, "organisation": ACADEMIC, **given}
    )


@pytest.fixture
def submitted(work):
    """Return a maker of submitted entries."""
    return lambda kind="forum", by=CLERK, **given: log_work(
        by=by, on=max(DAY, given.get("happened_on", DAY)), work=work(kind, **given), submit=True
    )


@pytest.fixture
def verified(submitted):
    """Return a maker of verified entries."""

    def make(kind="forum", by=CLERK, checker=OFFICE, **given):
        entry = submitted(kind, by=by, **given)
        return verify_work(by=checker, on=max(DAY, entry.last_on), entries=[entry]).verified[0]

    return make


@pytest.fixture
def track(kinds):
    """Return a maker of registers: `track("facility", "护理中心", target=30)`."""
    return lambda pattern, title, **given: open_track(
        by=OFFICE, on=given.pop("on", DAY), pattern=pattern, title=title, organisation=ACADEMIC, **given
    )


@pytest.fixture
def listed():
    """Return a maker of items: `listed(track, title="…")`."""
    return lambda one, on=DAY, **given: list_items(by=OFFICE, on=on, track=one, items=[ItemWords(**given)])[0]


@pytest.fixture
def draft(work):
    return lambda **given: log_work(by=CLERK, on=DAY, work=work(**given))


@pytest.fixture
def departments(monkeypatch):
    monkeypatch.setattr(choosing, "organisation_options", lambda actor, on: [(ACADEMIC, "学术部")])


@pytest.fixture
def visit(client, db, monkeypatch, departments):
    """Return a client whose actor is the one given, on the day of the tests."""
    with clock.pretending(DAY):
        account = open_account(by=HOUSE, on=DAY, username="tester", active=True)
        client.force_login(account)
        session = client.session
        session["x_gate_passed_on"] = DAY.isoformat()
        session.save()

        def become(actor):
            monkeypatch.setattr(middleware, "actor_of", lambda request: actor)
            return client

        yield become


def page(client, name, *args, **query):
    response = client.get(reverse(f"worklog:{name}", args=args), query)
    assert response.status_code == 200, (name, response.status_code)
    return response.content.decode()
