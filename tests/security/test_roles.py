"""Roles follow from terms, from the day they start until the day they end."""

from datetime import date, timedelta

import pytest

from tests.security.conftest import DAY, HOUSE
from xinglin.directory.accounts import Account
from xinglin.directory.lists import organisation_kinds, post_titles
from xinglin.directory.roles import actor_of, rules
from xinglin.kernel import jobs
from xinglin.kernel.clock import pretending

pytestmark = pytest.mark.django_db


def roles(account, on=DAY):
    return actor_of(account=Account.objects.get(pk=account.pk), on=on).roles


def test_every_title_and_kind_of_the_table_is_a_code_of_the_directory():
    for rule in rules():
        assert rule.titles <= set(post_titles.entries), rule
        assert rule.kinds <= set(organisation_kinds.entries), rule


@pytest.mark.parametrize(("title", "kind", "expected"), [
    ("branch_secretary", "branch", {"branch_secretary"}),
    ("chair", "branch", {"branch_chair"}),
    ("president", "association", {"leader"}),
    ("vice_president", "association", {"leader"}),
    ("secretary_general", "association", {"secretary_general"}),
    ("supervisor", "association", {"supervisor"}),
    ("staff", "department", {"department"}),
    ("department_head", "department", {"department", "department_head"}),
    ("staff", "office", {"department", "office"}),
    ("committee_member", "branch", set()),
    ("chair", "hospital", set()),
])  # fmt: skip
def test_a_post_brings_its_roles(staff, title, kind, expected):
    assert roles(staff(title=title, kind=kind)) == {"member", *expected}


@pytest.mark.parametrize(("title", "kind"), [("staff", "office"), ("department_head", "department"),
                                             ("chair", "branch"), ("secretary_general", "association")])  # fmt: skip
def test_posts_of_other_houses_bring_no_role(staff, organisation, title, kind):
    organisation(kind="department", name="会员部")
    hospital = organisation(kind="hospital", name="江海省第一医院")
    other = organisation(kind="association", name="南岸市医师协会（演示）")
    for number, at in enumerate((hospital, other, None)):
        place = organisation(kind=kind, name=f"{kind} of {at}", parent=at)
        assert roles(staff(username=f"clerk{number}", title=title, at=place)) == {"member"}


def test_posts_of_the_parts_of_our_parts_bring_their_roles(staff, organisation):
    ours = organisation()
    part = organisation(kind="department", name="会员部", parent=ours)
    group = organisation(kind="department", name="会籍组", parent=part)
    assert roles(staff(at=group)) == {"member", "department"}


def test_roles_end_with_the_organisation(staff, organisation):
    closed = organisation(kind="department", name="旧部", until_on=DAY)
    clerk = staff(at=closed)
    assert roles(clerk) == {"member"} and roles(clerk, DAY - timedelta(days=1)) == {"member", "department"}


def test_without_our_association_on_record_no_post_brings_a_role(staff, organisation):
    assert roles(staff(at=organisation(kind="office", name="办公室", parent=None))) == {"member"}


def test_a_term_counts_from_its_first_day_until_the_day_it_ends(staff):
    secretary = staff(title="branch_secretary", kind="branch", from_on=date(2026, 3, 1), until_on=date(2026, 4, 1))
    answers = {
        day: "branch_secretary" in roles(secretary, day)
        for day in (date(2026, 2, 28), date(2026, 3, 1), date(2026, 3, 31), date(2026, 4, 1))
    }
    assert list(answers.values()) == [False, True, True, False]


def test_a_term_starting_tomorrow_brings_nothing_today(staff):
    assert roles(staff(title="branch_secretary", kind="branch", from_on=DAY + timedelta(days=1))) == {"member"}


def test_a_branch_secretary_is_confined_to_the_branch_and_its_parts(staff, organisation):
    branch, other = organisation(kind="branch", name="呼吸分会"), organisation(kind="branch", name="骨科分会")
    youth = organisation(kind="youth_committee", name="呼吸分会青委会", parent=branch)
    actor = actor_of(account=staff(title="branch_secretary", at=branch), on=DAY)
    assert actor.has_in("branch_secretary", branch.ref) and actor.has_in("branch_secretary", youth.ref)
    assert not actor.has_in("branch_secretary", other.ref)


def test_a_member_of_the_office_acts_for_the_whole_association(staff, organisation):
    actor = actor_of(account=staff(title="staff", kind="office"), on=DAY)
    assert actor.has_in("office", organisation(kind="branch", name="骨科分会").ref)


def test_an_administration_account_holds_its_grant_and_nothing_from_posts(administration, term, organisation):
    auditor = administration("audit_admin")
    term(auditor.person, "president", organisation())
    assert roles(auditor) == {"audit_admin"}


@pytest.fixture
def caught(monkeypatch):
    """Register a kind of job that only says who runs it."""
    found = []
    kind = jobs.JobKind(name="test.roles", run=lambda running: found.append(running.by), again=False)
    monkeypatch.setitem(jobs._kinds, "test.roles", kind)
    return found


def test_a_job_runs_with_the_roles_of_the_day_it_runs_on(staff, seed, caught):
    clerk = staff(until_on=DAY + timedelta(days=1))
    first, second, third = (jobs.start_job(kind="test.roles", by=actor_of(account=clerk, on=DAY)) for _ in range(3))
    with pretending(DAY):
        jobs.run_job(job_id=first.pk)
    with pretending(DAY + timedelta(days=1)):
        jobs.run_job(job_id=second.pk)
    clerk.is_active = False
    seed(clerk)
    with pretending(DAY):
        jobs.run_job(job_id=third.pk)
    assert [one.roles for one in caught] == [{"member", "department"}, {"member"}, frozenset()]
    assert not caught[1].scope and {one.ref for one in caught} == {clerk.ref}


def test_a_job_of_the_house_stays_the_houses(caught):
    jobs.run_job(job_id=jobs.start_job(kind="test.roles", by=HOUSE).pk)
    assert caught == [HOUSE]


def test_a_stopped_account_holds_no_role(staff, seed):
    clerk = staff()
    clerk.is_active = False
    seed(clerk)
    assert roles(clerk) == frozenset()
