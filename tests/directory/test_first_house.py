"""A new installation begins: the association, its office and the head of the office, entered once at the console."""

import getpass

import pytest
from django.core.management import CommandError, call_command

from xinglin.directory.accounts import Account
from xinglin.directory.answers import association
from xinglin.directory.organisations import Organisation
from xinglin.directory.roles import actor_of
from xinglin.kernel import clock

pytestmark = pytest.mark.django_db
GIVEN = ("江海省医师协会", "office", "--head", "闻溪", "--email", "office@jianghai.example", "--region", "320000")


@pytest.fixture(autouse=True)
def password(monkeypatch):
    monkeypatch.setattr(getpass, "getpass", lambda _prompt: "Apricot-Grove-2026")


def test_the_head_of_the_office_may_work_at_once():
    call_command("open_association", *GIVEN, verbosity=0)
    account = Account.objects.get(username="office")
    head = actor_of(account=account, on=clock.today())
    assert association(on=clock.today()).label == "江海省医师协会"
    assert account.is_active and account.check_password("Apricot-Grove-2026")
    assert {"office", "department_head"} <= head.roles


def test_it_is_done_once():
    call_command("open_association", *GIVEN, verbosity=0)
    with pytest.raises(CommandError, match="本会已登记"):
        call_command("open_association", *GIVEN, verbosity=0)


def test_a_refused_entry_leaves_nothing_half_written():
    with pytest.raises(CommandError):
        call_command("open_association", *GIVEN[:-1], "99", verbosity=0)
    assert not Organisation.objects.exists() and not Account.objects.exists()
