"""A small association for the tests of security: people, posts, accounts, administrations."""

from datetime import date

import pytest

from xinglin.directory.accounts import Account
from xinglin.directory.organisations import Organisation
from xinglin.directory.people import IdentityDocument, Person
from xinglin.directory.posts import Post, Term
from xinglin.directory.security.actions.accounts import open_account
from xinglin.directory.security.actions.grants import give_grant
from xinglin.directory.security.actions.passwords import change_password
from xinglin.kernel import acts
from xinglin.kernel.actors import house

DAY = date(2026, 3, 5)
PASSWORD = "Apricot-Grove-2026"
HOUSE = house("test")
OURS = {"branch", "youth_committee", "department", "office"}  # belong to the one association unless said otherwise


@pytest.fixture(autouse=True)
def no_cache():
    """One-time codes and rates of one test are not those of the next."""
    from django.core.cache import cache

    cache.clear()


@pytest.fixture
def seed():
    """Return a writer of directory rows that need no act of their own in these tests."""

    def write(row):
        token = acts._running.set(acts._Running(act=acts.new_key(), by=HOUSE, on=DAY))
        try:
            row.save()
        finally:
            acts._running.reset(token)
        return row

    return write


@pytest.fixture
def organisation(seed):
    def make(kind="association", name="", **given):
        ours = Organisation.objects.ours(DAY).first()
        if kind == "association" and not name:
            name = "江海省医师协会（演示）"
            if ours:
                return ours
        if kind in OURS and "parent" not in given:
            given["parent"] = ours or make()
        return seed(Organisation(name=name, kind=kind, sort_key=name, **given))

    return make


@pytest.fixture
def person(seed):
    def make(name="林杏", number="", **given):
        row = seed(Person(name=name, sort_key=name, registered_on=DAY, **given))
        if number:
            seed(IdentityDocument(person=row, number=number, masked=number[:6] + "*"))
        return row

    return make


@pytest.fixture
def term(seed):
    def make(person, title, organisation, from_on=date(2026, 1, 1), until_on=None):
        post = Post.objects.filter(organisation=organisation, title=title).first()
        post = post or seed(Post(organisation=organisation, title=title))
        return seed(Term(person=person, post=post, from_on=from_on, until_on=until_on))

    return make


@pytest.fixture
def account(person):
    """Return a maker of active accounts with the password of these tests."""

    def make(username="linxing", who=None, on=DAY, **given):
        administers = given.get("administers", False)
        who = who if who is not None or administers else person(name=username)
        row = open_account(by=HOUSE, on=on, username=username, person=who, active=True, **given)
        change_password(by=HOUSE, on=on, account=row, password=PASSWORD, way="activation")
        return Account.objects.get(pk=row.pk)

    return make


@pytest.fixture
def administration(account, person):
    """Return a maker of accounts that hold one of the three administrations."""

    def make(role, username="", on=DAY, who=None):
        row = account(username=username or role, who=who or person(name=role), administers=True, on=on)
        give_grant(by=HOUSE, on=on, account=row, role=role, reason="test")
        return Account.objects.get(pk=row.pk)

    return make


@pytest.fixture
def staff(account, person, term, organisation):
    """Return a maker of accounts whose person holds a post."""

    def make(username="clerk", title="staff", kind="department", at=None, **when):
        who = person(name=username)
        at = at or (organisation() if kind == "association" else organisation(kind=kind, name=f"{kind} of {username}"))
        term(who, title, at, **when)
        return account(username=username, who=who)

    return make
