"""A small association with two branches, three tiers, and people to admit."""

from datetime import date

import pytest

from xinglin.directory.actions.organisations import found_organisation
from xinglin.directory.actions.people import register_person
from xinglin.directory.models import Organisation, Person
from xinglin.directory.security.actions.accounts import open_account
from xinglin.engines.membership.actions.members import Newcomer, admit_members
from xinglin.engines.membership.actions.tiers import open_tier
from xinglin.engines.membership.tiers import Holder
from xinglin.kernel import clock
from xinglin.kernel.actors import Actor, house
from xinglin.kernel.ledger.models import SealedFact
from xinglin.kernel.refs import Code, Ref
from xinglin.shell import middleware

DAY = date(2026, 3, 2)
HOUSE = house("test")


def actor(*roles: str, person: Person | None = None, where: Organisation | None = None) -> Actor:
    """Return somebody who holds these roles, in one organisation or everywhere."""
    scope = {role: frozenset({where.ref}) for role in roles} if where else {}
    return Actor(ref=Ref("directory.account:9"), person=person.ref if person else None, name="试用",
                 roles=frozenset({"member", *roles}), scope=scope)


OFFICE = actor("office")


@pytest.fixture
def found(db):
    """Found an organisation and return its row."""
    def make(name, **given):
        made = found_organisation(**{"by": HOUSE, "on": DAY, "name": name, "kind": "hospital", **given})
        return Organisation.objects.get(pk=made.key)

    return make


@pytest.fixture
def association(found):
    """The fictional association."""
    return found("江海省医师协会（虚构）", kind="association", from_on=date(2001, 5, 1))


@pytest.fixture
def cardiology(found, association):
    """Its branch of cardiology."""
    return found("心血管内科专业委员会", kind="branch", parent=association.ref, from_on=date(2010, 6, 1))


@pytest.fixture
def surgery(found, association):
    """Its branch of surgery."""
    return found("外科专业委员会", kind="branch", parent=association.ref, from_on=date(2010, 6, 1))


@pytest.fixture
def someone(db):
    """Register somebody and return the row."""
    def make(name="王小明", **given):
        made = register_person(**{"by": HOUSE, "on": DAY, "name": name, **given})
        return Person.objects.get(pk=made.key)

    return make


@pytest.fixture
def tiers(db):
    """Ordinary and senior members, and units."""
    made = [("ordinary", "普通会员", Holder.PERSON), ("senior", "资深会员", Holder.PERSON),
            ("unit", "单位会员", Holder.UNIT)]
    return {code: open_tier(by=HOUSE, on=DAY, code=Code(code), zh=zh, en=code.title(), holder=holder,
                            from_on=date(2001, 5, 1), order=order)
            for order, (code, zh, holder) in enumerate(made)}


@pytest.fixture
def admit(tiers):
    """Admit one person or unit and return the member."""
    def make(who, tier="ordinary", on=DAY, **given):
        newcomer = Newcomer(who=who, tier=tiers[tier], **given)
        [spell] = admit_members(by=HOUSE, on=max(on, DAY), newcomers=[newcomer], joined_on=on)
        return spell.member

    return make


@pytest.fixture
def visit(client, db, monkeypatch):
    """Return a client whose actor is the one given, on the day of the tests."""
    with clock.pretending(DAY):
        client.force_login(open_account(by=HOUSE, on=DAY, username="tester", active=True))
        session = client.session
        session["x_gate_passed_on"] = DAY.isoformat()
        session.save()

        def become(who):
            monkeypatch.setattr(middleware, "actor_of", lambda request: who)
            return client

        yield become


@pytest.fixture
def said(sealed):
    """Seal and return the membership facts said since the last call, as (type, body)."""
    seen = [0]

    def since():
        sealed()
        rows = list(SealedFact.objects.filter(position__gt=seen[0]).order_by("position"))
        seen[0] = rows[-1].position if rows else seen[0]
        return [(one.type.removeprefix("membership."), one.body) for one in rows if one.type.startswith("membership.")]

    return since
