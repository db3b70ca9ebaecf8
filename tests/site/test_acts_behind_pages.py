"""Acts that only a page or the sign-in library calls: each says what it says, and refuses whom it refuses."""

from datetime import date

import pytest

from xinglin.directory.accounts import Account
from xinglin.directory.actions.people import register_person
from xinglin.directory.people import Person
from xinglin.directory.roles import actor_of
from xinglin.directory.security.actions.accounts import open_account, shut_out
from xinglin.directory.security.actions.factors import note_factor
from xinglin.kernel.actors import Actor, house
from xinglin.kernel.ledger.models import SealedFact
from xinglin.kernel.policy import NotAllowed
from xinglin.kernel.refs import Ref
from xinglin.shell.actions.exporting import export_list

pytestmark = pytest.mark.django_db
DAY, HOUSE = date(2026, 3, 5), house("test")


@pytest.fixture
def account():
    """An account of somebody on the register."""
    person = register_person(by=HOUSE, on=DAY, name="林杏")
    return open_account(by=HOUSE, on=DAY, username="linxing", person=Person.objects.get(pk=person.key), active=True)


def said(sealed, type_):
    sealed()
    return list(SealedFact.objects.filter(type=type_).values_list("body", flat=True))


def test_a_shut_out_says_whose_account_after_how_many_tries_for_how_long(account, sealed):
    shut_out(by=HOUSE, on=DAY, account=account, tries=5, minutes=20)
    assert said(sealed, "security.account.shut_out") == [{"account": account.ref, "tries": 5, "minutes": 20}]


def test_a_factor_is_noted_by_its_owner_alone(account, sealed):
    owner = actor_of(account=account, on=DAY)
    note_factor(by=owner, on=DAY, account=account, kind="totp", added=True)
    note_factor(by=owner, on=DAY, account=account, kind="totp", added=False)
    with pytest.raises(NotAllowed):
        note_factor(by=owner, on=DAY, account=Account(username="other", pk=account.pk + 1), kind="totp", added=True)
    assert said(sealed, "security.factor.added") == [{"account": account.ref, "kind": "totp"}]
    assert said(sealed, "security.factor.removed") == [{"account": account.ref, "kind": "totp"}]


def test_an_export_says_which_list_how_many_rows_and_in_which_form(sealed):
    words = {"table": "test.lists", "rows": 3, "form": "xlsx", "narrowed": True}
    member = Actor(ref=Ref("directory.account:1"), person=None, name="", roles=frozenset({"office"}))
    export_list(by=member, on=DAY, **words)
    stranger = Actor(ref=Ref("directory.account:2"), person=None, name="", roles=frozenset())
    with pytest.raises(NotAllowed):
        export_list(by=stranger, on=DAY, **words)
    assert said(sealed, "shell.list.exported") == [
        {"list": "test.lists", "rows": 3, "format": "xlsx", "narrowed": True, "sensitive": False}]
