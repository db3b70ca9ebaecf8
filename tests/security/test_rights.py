"""Nobody comes to rights by what they may enter: kinds of organisations, documents and contacts of others."""

from datetime import date

import pytest
from django.test import Client

from tests.security.conftest import DAY, HOUSE
from tests.security.test_sign_in import sign_in
from xinglin.directory import policy
from xinglin.directory.accounts import Account
from xinglin.directory.actions import endings, organisations, people, terms
from xinglin.directory.checks import Proof
from xinglin.directory.organisations import Organisation
from xinglin.directory.people import Person
from xinglin.directory.posts import Term
from xinglin.directory.refusals import OutsideLifetime
from xinglin.directory.roles import actor_of
from xinglin.directory.security.actions.exports import ask_export
from xinglin.kernel.clock import pretending
from xinglin.kernel.policy import NotAllowed

pytestmark = pytest.mark.django_db
PROOF = Proof(number="110101199003077651")


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


def test_a_branch_secretary_changes_no_number_of_whoever_holds_rights(staff, organisation, person, term):
    branch = organisation(kind="branch", name="呼吸分会")
    by = actor(staff(title="branch_secretary", at=branch))
    member, president, elected = (person(name=name, mobile="13800001234") for name in ("甲", "乙", "丙"))
    for one in (member, president, elected):
        term(one, "committee_member", branch)
    term(president, "president", organisation())
    term(elected, "president", organisation(), from_on=date(2026, 12, 1))
    people.correct_person(by=by, on=DAY, person=member.ref, mobile="13900005678")
    people.record_document(by=by, on=DAY, person=member.ref, proof=PROOF)
    for one in (president, elected):
        with pytest.raises(NotAllowed):
            people.correct_person(by=by, on=DAY, person=one.ref, mobile="13900005678")
        with pytest.raises(NotAllowed):
            people.record_document(by=by, on=DAY, person=one.ref, proof=Proof(number="110101199003074303"))
        people.correct_person(by=by, on=DAY, person=one.ref, remark="更正")


def test_a_clerk_changes_no_number_of_leaders_staff_and_administrations(staff, person, account, term, organisation):
    by, office = actor(staff()), actor(staff(username="office", kind="office"))
    chair, leader, guard = person(name="甲"), person(name="乙"), person(name="丙")
    term(chair, "chair", organisation(kind="branch", name="呼吸分会"))
    term(leader, "vice_president", organisation())
    account(username="guard", who=guard, administers=True)
    people.correct_person(by=by, on=DAY, person=chair.ref, mobile="13900005678")
    for one in (leader, guard):
        with pytest.raises(NotAllowed):
            people.correct_person(by=by, on=DAY, person=one.ref, mobile="13900005678")
        people.correct_person(by=office, on=DAY, person=one.ref, mobile="13900005678")
    assert Person.objects.get(pk=leader.pk).mobile == "13900005678"


def test_everybody_changes_their_own_contacts(staff):
    clerk = staff()
    people.correct_person(by=actor(clerk), on=DAY, person=clerk.person.ref, mobile="13900005678")
    with pytest.raises(NotAllowed):
        people.record_document(by=actor(clerk), on=DAY, person=clerk.person.ref, proof=PROOF)


def test_a_secretary_of_one_branch_corrects_nobody_of_another_that_they_chair(account, organisation, person, term):
    first, second = (organisation(kind="branch", name=name) for name in ("呼吸分会", "骨科分会"))
    who, member = person(name="甲"), person(name="乙")
    term(who, "branch_secretary", first)
    term(who, "chair", second)
    term(member, "committee_member", second)
    by = actor(account(username="both", who=who))
    assert list(policy.people_seen(actor=by, on=DAY).filter(pk=member.pk)) == [member]
    with pytest.raises(NotAllowed):
        people.correct_person(by=by, on=DAY, person=member.ref, remark="更正")


def test_a_branch_secretary_sees_no_namesake_of_elsewhere(staff, organisation, person, client):
    staff(username="secretary", title="branch_secretary", kind="branch")
    person(name="林杏", mobile="13800001234", born_on=date(1970, 5, 6))
    with pretending(DAY):
        sign_in(client, "secretary")
        page = client.post("/people/new/", {"name": "林杏"})
    assert page.status_code == 302 and Person.objects.filter(name="林杏").count() == 2


def test_a_branch_secretary_reads_only_the_own_export_requests(staff, client):
    secretary, clerk = staff(username="secretary", title="branch_secretary", kind="branch"), staff(username="clerk")
    staff(username="head", title="department_head")
    own, other = (
        ask_export(by=actor(one), on=DAY, export="test.people", query="", columns=["mobile"], rows=3, reason="开会")
        for one in (secretary, clerk)
    )
    seen = {}
    for name in ("secretary", "head"):
        reader = Client()
        with pretending(DAY):
            sign_in(reader, name)
            seen[name] = [reader.get(f"/security/exports/{one.pk}/").status_code for one in (own, other)]
            assert (f"/security/exports/{other.pk}/" in reader.get("/security/exports/").content.decode()) == (
                name == "head")
    assert seen == {"secretary": [200, 404], "head": [200, 200]}
