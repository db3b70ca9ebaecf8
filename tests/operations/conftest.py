"""Accounts with any role a test names, and small facts and flows."""

from datetime import date

import pytest

from tests.kernel.conftest import visit  # noqa: F401
from tests.shell.conftest import account, browser_client, source  # noqa: F401  the shell's own fixtures
from xinglin.kernel.actors import Actor, house
from xinglin.kernel.refs import Ref

DAY = date(2026, 3, 5)
HOUSE = house("test")


@pytest.fixture(autouse=True)
def no_cache():
    """Counts of one test are not those of the next."""
    from django.core.cache import cache

    cache.clear()


@pytest.fixture
def as_role(browser_client, source):  # noqa: F811
    """Return the signed-in client after giving its reader these roles."""

    def become(*roles):
        source.roles = frozenset(roles)
        return browser_client

    return become


@pytest.fixture
def me(account):  # noqa: F811
    """The ref of the signed-in account."""
    return Ref(f"directory.account:{account.pk}")


def actor(*roles, key=1):
    """Return an actor with roles."""
    return Actor(ref=Ref(f"directory.account:{key}"), name="闻溪", roles=frozenset(roles))
