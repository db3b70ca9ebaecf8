"""Nobody comes to rights by what they may enter: kinds of organisations, documents and contacts of others."""

from datetime import date

import pytest

from tests.security.conftest import DAY, HOUSE
from xinglin.directory.accounts import Account
from xinglin.directory.actions import endings, organisations, terms
from xinglin.directory.organisations import Organisation
from xinglin.directory.posts import Term
from xinglin.directory.refusals import OutsideLifetime
from xinglin.directory.roles import actor_of
from xinglin.kernel.policy import NotAllowed

pytestmark = pytest.mark.django_db


def actor(account, on=DAY):
    return actor_of(account=Account.objects.get(pk=account.pk), on=on)


def correct(by, one, kind):
    organisations.correct_organisation(by=by, on=DAY, organisation=one.ref, kind=kind)


def test_a_clerk_makes_no_office_of_a_department(staff, organisation):
    unit = organisation(kind="department", name="会员部")
    clerk = staff(at=unit)
    with pytest.raises(NotAllowed):
        correct(actor(clerk), unit, "office")
    assert actor(clerk).roles == {"member", "department"}
    correct(actor(staff(username="office", kind="office")), unit, "office")
    assert Organisation.objects.get(pk=unit.pk).kind == "office"


def test_a_clerk_turns_no_company_into_a_department_and_no_department_into_a_company(staff, organisation):
    by = actor(staff())
    for one, kind in ((organisation(kind="company", name="某公司"), "department"),
                      (organisation(kind="department", name="会员部"), "company")):  # fmt: skip
        with pytest.raises(NotAllowed):
            correct(by, one, kind)
    correct(by, Organisation.objects.get(kind="company"), "hospital")


@pytest.mark.parametrize("kind", ["association", "department", "office"])
def test_a_clerk_founds_nothing_whose_posts_bring_rights(staff, kind):
    with pytest.raises(NotAllowed):
        organisations.found_organisation(by=actor(staff()), on=DAY, name="新", kind=kind)
    organisations.found_organisation(by=actor(staff(username="office", kind="office")), on=DAY, name="新", kind=kind)


def test_a_clerk_moves_no_hospital_with_an_office_under_our_association(staff, organisation):
    ours, hospital = organisation(), organisation(kind="hospital", name="江海省第一医院")
    organisation(kind="office", name="院办", parent=hospital)
    given = {"on": DAY, "organisation": hospital.ref, "parent": ours.ref, "changed_on": DAY}
    with pytest.raises(NotAllowed):
        organisations.move_organisation(by=actor(staff()), **given)
    organisations.move_organisation(by=actor(staff(username="office", kind="office")), **given)


def test_a_clerk_ends_no_department(staff, organisation):
    unit, by = organisation(kind="department", name="会员部"), actor(staff())
    for do in (
        lambda: endings.close_organisation(by=by, on=DAY, organisation=unit.ref, until_on=DAY),
        lambda: endings.merge_organisations(by=by, on=DAY, organisation=unit.ref, into=unit.parent.ref, until_on=DAY),
        lambda: endings.split_organisation(by=by, on=DAY, organisation=unit.ref, into=[], changed_on=DAY),
    ):
        with pytest.raises(NotAllowed):
            do()


def test_no_term_outlasts_its_organisation(organisation, person, term, seed):
    branch = organisation(kind="branch", name="呼吸分会")
    running = term(person(name="甲"), "chair", branch)
    resigning = term(person(name="乙"), "branch_secretary", branch, until_on=date(2026, 12, 1))
    resigning.ended_by = Term.EndedBy.RESIGNED
    seed(resigning)
    term(person(name="丙"), "vice_chair", branch, from_on=date(2026, 9, 1))
    end = date(2026, 6, 1)
    endings.close_organisation(by=HOUSE, on=DAY, organisation=branch.ref, until_on=end)
    left = sorted(Term.objects.values_list("pk", "until_on", "ended_by"))
    assert left == [(running.pk, end, "reorganised"), (resigning.pk, end, "resigned")]
    with pytest.raises(OutsideLifetime):
        terms.correct_term(by=HOUSE, on=DAY, term=running.ref, from_on=running.from_on, until_on=None)
    with pytest.raises(OutsideLifetime):
        terms.begin_term(by=HOUSE, on=DAY, person=running.person.ref, organisation=branch.ref, title="vice_chair",
                         from_on=DAY, until_on=date(2026, 7, 1))
