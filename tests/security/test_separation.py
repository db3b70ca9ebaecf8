"""Three separated administrations: none does another's work, the audit writes nothing, supervisors only watch."""

import getpass
import pkgutil
from importlib import import_module

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

import xinglin
from tests.security.conftest import DAY, HOUSE
from xinglin.directory.accounts import Account
from xinglin.directory.roles import actor_of
from xinglin.directory.security.actions import accounts, grants, passwords
from xinglin.directory.security.actions.grants import NoSuchRole, NotSeparated
from xinglin.directory.security.models import ADMINISTRATIONS, Grant
from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act
from xinglin.kernel.acts import acts as all_acts
from xinglin.kernel.confinement import is_open, open_to
from xinglin.kernel.ledger.models import SealedFact, UnsealedFact
from xinglin.kernel.policy import NotAllowed, Refusal
from xinglin.kernel.refs import Ref

pytestmark = pytest.mark.django_db

# Every act of the house, also those whose module no page has loaded yet.
for _found in pkgutil.walk_packages(xinglin.__path__, "xinglin."):
    if _found.name.rpartition(".")[0].endswith(".actions"):
        import_module(_found.name)

# What an audit administrator or a supervisor may cause: their own sign-in, and taking out what they may read.
OWN = {"change_password", "readdress_account", "note_factor", "export_list"}
SUPERVISORS = OWN | {"unmask_field"}


def actor(account):
    return actor_of(account=Account.objects.get(pk=account.pk), on=DAY)


def watching(role):
    return Actor(ref=Ref("directory.account:0"), name="watcher", roles=frozenset({role, "member"}))


def test_the_audit_administrator_may_do_no_act_of_the_whole_house_but_its_own_sign_in():
    open_ = {
        name.rpartition(".")[2]
        for name, one in all_acts().items()
        if is_open(function=one, actor=Actor(ref=Ref("a.b:1"), roles=frozenset({"audit_admin"})))
    }
    assert open_ <= OWN, f"the audit administration may not do {sorted(open_ - OWN)}"
    assert {"change_password", "export_list"} <= open_


@pytest.mark.parametrize("name", sorted(name for name in all_acts() if name.rpartition(".")[2] not in OWN))
def test_each_act_tried_by_the_audit_administrator_is_refused_before_it_begins(name):
    one = all_acts()[name]
    wrapped = act(one)
    with pytest.raises(NotAllowed):
        wrapped(by=watching("audit_admin"), on=DAY)
    assert not UnsealedFact.objects.exists()


@pytest.mark.parametrize("role", ["system_admin", "security_admin"])
def test_system_and_security_administrators_do_no_work_of_the_association(role):
    mine = {name for name, one in all_acts().items() if is_open(function=one, actor=watching(role))}
    assert all(
        name.startswith(("xinglin.directory.security.", "xinglin.shell.", "xinglin.kernel.")) for name in mine
    ), sorted(mine)


def test_a_supervisor_writes_nothing_but_what_names_supervisors_or_members():
    @act
    @open_to("member")
    def register_me(*, by, on):
        raise Refusal("reached")

    @act
    def decide(*, by, on):
        raise Refusal("reached")

    with pytest.raises(Refusal, match="reached"):
        register_me(by=watching("supervisor"), on=DAY)
    with pytest.raises(NotAllowed):
        decide(by=watching("supervisor"), on=DAY)
    with pytest.raises(NotAllowed):
        register_me(by=watching("audit_admin"), on=DAY)


def test_the_security_administrator_grants_and_it_is_said(account, administration, person, sealed):
    officer = administration("security_admin")
    other = account(username="audit2", who=person(name="审计"), administers=True)
    grant = grants.give_grant(by=actor(officer), on=DAY, account=other, role="audit_admin", reason="任命")
    sealed()
    fact = SealedFact.objects.get(type="security.grant.given", body__grant=str(grant.ref))
    assert (fact.body["role"], fact.body["account"], fact.actor) == ("audit_admin", str(other.ref), str(officer.ref))
    assert "任命" not in fact.content
    assert actor(other).roles == {"audit_admin"}


@pytest.mark.parametrize("role", ["system_admin", "audit_admin"])
@pytest.mark.parametrize("wanted", ADMINISTRATIONS)
def test_system_and_audit_administrators_cannot_grant_anything(account, administration, person, role, wanted):
    other = account(username="other", who=person(name="他"), administers=True)
    with pytest.raises(NotAllowed):
        grants.give_grant(by=actor(administration(role)), on=DAY, account=other, role=wanted, reason="x")
    assert Grant.objects.filter(account=other).count() == 0


def test_one_account_never_holds_two_administrations(administration):
    officer, clerk = administration("security_admin"), administration("system_admin")
    for role in ADMINISTRATIONS:
        with pytest.raises(NotSeparated):
            grants.give_grant(by=actor(officer), on=DAY, account=clerk, role=role, reason="x")
    assert Grant.objects.filter(account=clerk).count() == 1


def test_one_person_never_holds_two_administrations_by_two_accounts(account, administration, person):
    who = person(name="林杏")
    administration("system_admin", who=who)
    second = account(username="second", who=who, administers=True)
    with pytest.raises(NotSeparated):
        grants.give_grant(by=HOUSE, on=DAY, account=second, role="audit_admin", reason="x")


def test_a_personal_account_holds_no_administration(account):
    with pytest.raises(NotSeparated):
        grants.give_grant(by=HOUSE, on=DAY, account=account(), role="system_admin", reason="x")


def test_only_the_three_administrations_are_granted(account, person):
    row = account(username="other", who=person(name="他"), administers=True)
    for role in ("office", "leader", "house", ""):
        with pytest.raises(NoSuchRole):
            grants.give_grant(by=HOUSE, on=DAY, account=row, role=role, reason="x")


def test_nobody_grants_to_the_own_account(administration):
    officer = administration("security_admin")
    with pytest.raises(NotSeparated):
        grants.give_grant(by=actor(officer), on=DAY, account=officer, role="audit_admin", reason="x")


def test_a_withdrawn_administration_ends_today_and_the_last_security_administrator_stays(administration):
    officer, clerk = administration("security_admin"), administration("system_admin")
    grants.end_grant(by=actor(officer), on=DAY, grant=clerk.grants.get())
    assert actor(clerk).roles == frozenset()
    with pytest.raises(NotSeparated):
        grants.end_grant(by=actor(officer), on=DAY, grant=officer.grants.get())


def test_the_system_administrator_takes_over_no_administration(administration):
    clerk, officer = administration("system_admin"), administration("security_admin")
    by = actor(clerk)
    for tried in (
        lambda: passwords.void_password(by=by, on=DAY, account=officer),
        lambda: accounts.stop_account(by=by, on=DAY, account=officer, reason="left"),
        lambda: accounts.readdress_account(by=by, on=DAY, account=officer, email="mine@evil.example"),
        lambda: passwords.change_password(by=by, on=DAY, account=officer, password="Plum-Rain-44"),
    ):
        with pytest.raises(NotAllowed):
            tried()


def test_the_security_administrator_keeps_no_personal_accounts(administration, account):
    officer, row = administration("security_admin"), account()
    with pytest.raises(NotAllowed):
        accounts.stop_account(by=actor(officer), on=DAY, account=row, reason="left")
    with pytest.raises(NotAllowed):
        accounts.open_account(by=actor(officer), on=DAY, username="mine")


@pytest.mark.parametrize("given", [{"email": "mine@evil.example"}, {"mobile": "13800001234"}, {"active": True}])
def test_the_system_administrator_brings_no_address_into_an_account(administration, person, given):
    clerk = actor(administration("system_admin"))
    with pytest.raises(accounts.AddressGiven):
        accounts.open_account(by=clerk, on=DAY, username="new", person=person(), **given)


@pytest.mark.parametrize("administers", [True, False])
def test_nobody_vouches_for_the_owner_of_an_account(administration, person, administers):
    clerk, officer = actor(administration("system_admin")), actor(administration("security_admin"))
    row = accounts.open_account(by=clerk, on=DAY, username="new", person=person(name="新"), administers=administers)
    for by in (clerk, officer):
        with pytest.raises(NotAllowed):
            accounts.activate_account(by=by, on=DAY, account=row, way="clerk")
    assert not Account.objects.get(pk=row.pk).is_active


def test_an_account_is_of_somebody_on_the_register(administration):
    with pytest.raises(accounts.NobodyBehind):
        accounts.open_account(by=actor(administration("system_admin")), on=DAY, username="new")
    with pytest.raises(accounts.NobodyBehind):
        accounts.open_account(by=HOUSE, on=DAY, username="new", administers=True)


def test_the_database_itself_refuses_an_administration_of_nobody(administration):
    administration("system_admin")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE directory_account SET person_id = NULL")


def test_the_console_opens_an_administration_for_somebody(monkeypatch):
    monkeypatch.setattr(getpass, "getpass", lambda _prompt: "Apricot-Grove-2026")
    call_command("open_administration", "security_admin", "guard", "--name", "蒋慎言", verbosity=0)
    row = Account.objects.get(username="guard")
    assert (row.person.name, row.is_active, row.grants.get().role) == ("蒋慎言", True, "security_admin")


@pytest.mark.parametrize("name", ["13800001234", "+8613800001234", "138 0000 1234", "boss@jianghai.example", "", "a b"])
def test_a_user_name_is_nobodys_number_or_address(person, name):
    with pytest.raises(accounts.WrongName):
        accounts.open_account(by=HOUSE, on=DAY, username=name, person=person())


def test_the_system_administrator_opens_and_keeps_personal_accounts(administration, person, sealed):
    clerk = actor(administration("system_admin"))
    row = accounts.open_account(by=clerk, on=DAY, username="new", person=person(name="新"))
    accounts.activate_account(by=HOUSE, on=DAY, account=row, way="document_and_code")
    accounts.stop_account(by=clerk, on=DAY, account=row, reason="left")
    accounts.resume_account(by=clerk, on=DAY, account=row)
    sealed()
    said = list(SealedFact.objects.filter(actor=str(clerk.ref)).order_by("position").values_list("type", flat=True))
    assert said == ["security.account.opened", "security.account.stopped", "security.account.resumed"]


def test_nobody_stops_the_own_account(administration):
    clerk = administration("system_admin")
    with pytest.raises(NotAllowed):
        accounts.stop_account(by=actor(clerk), on=DAY, account=clerk, reason="left")


def test_two_accounts_cannot_share_name_mail_or_mobile_and_a_person_has_one(account, person):
    who = person(name="林杏")
    account(who=who, email="lin@jianghai.example", mobile="13800001234")
    for given in ({"username": "LINXING"}, {"email": "LIN@jianghai.example"}, {"mobile": "138-0000-1234"},
                  {"person": who}):  # fmt: skip
        with pytest.raises(accounts.NameTaken):
            accounts.open_account(by=HOUSE, on=DAY, **{"username": "another", **given})
