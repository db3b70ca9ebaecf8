"""Terms of office: half-open, never twice at once, ended with a reason, and told by the ledger alone."""

from datetime import date

import pytest
from django.db import IntegrityError, models, transaction

from xinglin.directory import answers
from xinglin.directory.actions import endings, organisations, people, terms
from xinglin.directory.models import Organisation, Post, Term
from xinglin.directory.refusals import AlreadyEnded, EndsBeforeStart, NotFound, OutsideLifetime, Overlaps
from xinglin.kernel.policy import NotAllowed
from xinglin.kernel.refs import Ref

from .conftest import CLERK, DAY, actor
from .fold import folded_organisations, folded_terms

pytestmark = pytest.mark.django_db


def test_beginning_a_term_makes_the_post_and_says_it(wang, branch, said):
    said()
    ref = terms.begin_term(by=CLERK, on=DAY, person=wang, organisation=branch, title="主任委员",
                           from_on=date(2024, 1, 1), until_on=date(2027, 1, 1), decision="常〔2023〕8号", session=5)
    term = Term.objects.get()
    assert (term.post.title, term.session, term.decision, term.ended_by) == ("chair", 5, "常〔2023〕8号", "")
    assert said() == [("term.begun", {
        "term": str(ref), "person": str(wang), "organisation": str(branch), "title": "chair",
        "from_on": "2024-01-01", "until_on": "2027-01-01"})]


def test_a_term_holds_on_its_first_day_and_not_on_its_until_day(wang, branch, begin):
    begin(wang)
    held = [len(answers.terms_of(wang, on=day)) for day in (
        date(2023, 12, 31), date(2024, 1, 1), date(2026, 12, 31), date(2027, 1, 1))]
    assert held == [0, 1, 1, 0]


@pytest.mark.parametrize(("given", "refusal", "field"), [
    ({"until_on": date(2024, 1, 1)}, EndsBeforeStart, "until_on"),
    ({"until_on": date(2023, 1, 1)}, EndsBeforeStart, "until_on"),
    ({"from_on": date(2009, 1, 1)}, OutsideLifetime, "from_on"),
    ({"title": ""}, NotFound, "title"),
    ({"person": Ref("directory.person:404")}, NotFound, "person"),
])
def test_a_wrong_term_is_refused_beside_its_field(wang, begin, said, given, refusal, field):
    said()
    with pytest.raises(refusal) as refused:
        begin(**{"person": wang, **given})
    assert refused.value.field == field
    assert (Term.objects.count(), Post.objects.count(), said()) == (0, 0, [])


@pytest.mark.parametrize(("from_on", "until_on"), [
    (date(2023, 1, 1), date(2024, 1, 2)), (date(2026, 12, 31), None), (date(2025, 1, 1), date(2025, 2, 1)),
])
def test_the_same_post_is_not_held_twice_at_once(wang, begin, from_on, until_on):
    begin(wang)
    with pytest.raises(Overlaps) as refused:
        begin(wang, from_on=from_on, until_on=until_on)
    assert (refused.value.field, Term.objects.count()) == ("from_on", 1)
    term = Term.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        models.Model.save(Term(person=term.person, post=term.post, from_on=from_on, until_on=until_on))


def test_a_second_term_follows_on_the_day_the_first_ends(wang, begin):
    begin(wang)
    begin(wang, from_on=date(2027, 1, 1), until_on=None)
    begin(wang, from_on=date(2021, 1, 1), until_on=date(2024, 1, 1))
    assert Term.objects.count() == 3


def test_a_closed_organisation_takes_no_new_terms(wang, branch, begin):
    endings.close_organisation(by=CLERK, on=DAY, organisation=branch, until_on=date(2020, 1, 1))
    with pytest.raises(OutsideLifetime):
        begin(wang)


def test_ending_a_term_says_why(wang, branch, begin, said):
    term = begin(wang)
    said()
    terms.end_term(by=CLERK, on=DAY, term=term, until_on=date(2026, 4, 1), reason="resigned")
    assert said() == [("term.ended", {
        "term": str(term), "person": str(wang), "organisation": str(branch), "title": "committee_member",
        "until_on": "2026-04-01", "reason": "resigned"})]
    with pytest.raises(AlreadyEnded):
        terms.end_term(by=CLERK, on=DAY, term=term, until_on=date(2026, 5, 1))


def test_ending_before_the_beginning_or_without_a_reason_is_refused(wang, begin):
    term = begin(wang)
    with pytest.raises(EndsBeforeStart):
        terms.end_term(by=CLERK, on=DAY, term=term, until_on=date(2024, 1, 1))
    with pytest.raises(NotFound) as refused:
        terms.end_term(by=CLERK, on=DAY, term=term, until_on=DAY, reason="bored")
    assert refused.value.field == "reason"
    assert Term.objects.get().ended_by == ""


def test_correcting_a_term_checks_it_again(wang, begin):
    term = begin(wang)
    begin(wang, from_on=date(2027, 1, 1), until_on=None)
    with pytest.raises(Overlaps):
        terms.correct_term(by=CLERK, on=DAY, term=term, from_on=date(2024, 1, 1), until_on=date(2027, 1, 2))
    terms.correct_term(by=CLERK, on=DAY, term=term, from_on=date(2023, 12, 1), until_on=date(2027, 1, 1), session=4)
    assert Term.objects.order_by("from_on").values_list("from_on", "session")[0] == (date(2023, 12, 1), 4)


def test_nobody_enters_or_ends_their_own_post(wang, begin, branch, said):
    self = actor("office", person=wang)
    term = begin(wang)
    said()
    with pytest.raises(NotAllowed):
        terms.begin_term(by=self, on=DAY, person=wang, organisation=branch, title="chair", from_on=DAY)
    with pytest.raises(NotAllowed):
        terms.end_term(by=self, on=DAY, term=term, until_on=DAY)
    assert (Term.objects.count(), said()) == (1, [])


def test_a_department_enters_posts_of_branches_but_none_of_the_association(wang, branch):
    clerk = actor("department")
    association = answers.organisation(branch, on=DAY).parent
    terms.begin_term(by=clerk, on=DAY, person=wang, organisation=branch, title="chair", from_on=DAY)
    with pytest.raises(NotAllowed):
        terms.begin_term(by=clerk, on=DAY, person=wang, organisation=association, title="president", from_on=DAY)
    with pytest.raises(NotAllowed):
        terms.begin_term(by=actor("branch_secretary", where=branch), on=DAY, person=wang, organisation=branch,
                         title="vice_chair", from_on=DAY)
    assert Term.objects.get().post.title == "chair"


def test_the_facts_alone_tell_the_tables(wang, register, branch, begin, found, said, sealed):
    li, sun = register("李四"), register("孙三")
    one, two, three = begin(wang), begin(li, title="chair"), begin(sun, until_on=None)
    terms.end_term(by=CLERK, on=DAY, term=two, until_on=date(2026, 4, 1), reason="retired")
    terms.correct_term(by=CLERK, on=DAY, term=one, from_on=date(2024, 2, 1), until_on=None)
    terms.withdraw_term(by=CLERK, on=DAY, term=three)
    first, second = found("甲医院", from_on=date(1950, 1, 1)), found("乙医院")
    found("甲医院东院", parent=first)
    organisations.correct_organisation(by=CLERK, on=DAY, organisation=second, kind="primary_care")
    endings.merge_organisations(by=CLERK, on=DAY, organisation=first, into=second, until_on=date(2026, 1, 1))
    endings.close_organisation(by=CLERK, on=DAY, organisation=branch, until_on=date(2026, 5, 1))
    with pytest.raises(NotFound):
        people.withdraw_person(by=CLERK, on=DAY, person=Ref("directory.person:404"))
    sealed()
    assert folded_terms() == {
        str(row.ref): (str(row.person.ref), str(row.organisation.ref), row.post.title, row.from_on, row.until_on)
        for row in Term.objects.all()}
    assert folded_organisations() == {
        str(row.ref): (row.kind, str(row.parent.ref) if row.parent else None, row.from_on, row.until_on)
        for row in Organisation.objects.all()}
    assert (len(folded_terms()), len(folded_organisations())) == (2, 5)
