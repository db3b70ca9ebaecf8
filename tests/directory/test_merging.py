"""Duplicates: found with reasons, merged with a preview, undone for thirty days."""

from datetime import date, timedelta

import pytest

from xinglin.directory import answers
from xinglin.directory.accounts import Account
from xinglin.directory.actions import people, terms
from xinglin.directory.actions.merging import distinguish_people, merge_people, preview_merge, unmerge_people
from xinglin.directory.checks import Proof
from xinglin.directory.duplicates import duplicates
from xinglin.directory.facts import PersonCorrected
from xinglin.directory.merging import Mover, _movers, register_merge
from xinglin.directory.models import Merge, Person, Term
from xinglin.directory.refusals import (
    MergedAway,
    MergeTooOld,
    NothingChanged,
    NumbersDiffer,
    SamePerson,
    TermsDiffer,
)
from xinglin.directory.security.actions.grants import NotSeparated
from xinglin.directory.security.models import Grant
from xinglin.kernel.acts import act, state
from xinglin.kernel.policy import NotAllowed
from xinglin.kernel.refs import Code, shown

from .conftest import CLERK, DAY, LI, WANG, actor
from .fold import folded_terms

pytestmark = pytest.mark.django_db


def pairs(**given):
    return [(one.first, one.second, one.score, one.exact) for one in duplicates(on=DAY, **given)]


def key(ref):
    return int(ref.key)


def test_the_same_mobile_is_proof(register):
    first, second = register("王伟", mobile="13800005678"), register("王玮", mobile="138 0000 5678")
    assert pairs() == [(key(first), key(second), 100, True)]


def test_a_mobile_shared_by_two_names_or_birthdays_proves_nothing(register):
    register("王伟", mobile="13800005678")
    register("李雷", mobile="13800005678")
    register("王伟", mobile="13800005679", born_on=date(1980, 1, 2))
    register("王伟", mobile="13800005679", born_on=date(1990, 1, 2))
    assert pairs() == []


def test_two_identity_numbers_are_two_people(register, found):
    unit = found()
    first = register("王伟", mobile="13800005678", organisation=unit, proof=Proof(number=WANG))
    second = register("王伟", mobile="13800005678", organisation=unit, proof=Proof(number=LI))
    assert pairs() == []
    for deed in (preview_merge, merge_people):
        with pytest.raises(NumbersDiffer) as refused:
            deed(by=CLERK, on=DAY, loser=first, winner=second)
    assert (refused.value.regulation, Merge.objects.count()) == ("M6.identity_number", 0)


def test_a_same_name_counts_only_with_birthday_or_unit(register, found):
    unit = found()
    one = register("王伟", born_on=date(1980, 1, 2))
    two = register("王伟", born_on=date(1980, 1, 2), organisation=unit)
    three = register("王伟", organisation=unit, department="内科")
    four = register("王伟", born_on=date(1971, 5, 6), organisation=unit)
    register("王伟")
    assert pairs() == [(key(low), key(high), 85, False) for low, high in ((one, two), (two, three), (three, four))]
    assert len(duplicates(on=DAY)[0].reasons) == 2


def test_a_name_that_sounds_the_same_needs_birthday_and_unit(register, found):
    unit = found()
    one = register("张晓敏", born_on=date(1985, 3, 4), organisation=unit)
    two = register("张小敏", born_on=date(1985, 3, 4), organisation=unit)
    register("张筱敏", born_on=date(1985, 3, 4))
    assert pairs() == [(key(one), key(two), 99, False)]


def test_a_pair_found_to_be_two_is_not_proposed_again(register, said):
    first, second = register("王伟", mobile="13800005678"), register("王伟", mobile="13800005678")
    said()
    distinguish_people(by=CLERK, on=DAY, first=second, second=first)
    assert (pairs(), said()) == ([], [("person.distinguished", {"first": str(first), "second": str(second)})])
    with pytest.raises(NothingChanged):
        distinguish_people(by=CLERK, on=DAY, first=first, second=second)


@pytest.fixture
def two(register, begin, found, branch):
    """Two entries of one person: the second holds most, the first a card, a mobile and two terms."""
    loser = register("李雷", proof=Proof(number=LI), mobile="13900001111", organisation=found("甲医院"))
    winner = register("李雷", organisation=found("乙医院"), title="主任医师")
    begin(loser)
    begin(winner)
    begin(loser, title="standing_member", from_on=date(2021, 1, 1), until_on=date(2024, 1, 1))
    return loser, winner


def picture():
    """Return everything that a merge touches, so that before and after an undo can be compared."""
    rows = Person.objects.order_by("pk")
    return [(one.name, one.mobile, one.sex, one.born_on, one.merged_into_id,
             sorted(one.keys.values_list("text", flat=True)),
             list(one.documents.values_list("masked")), list(one.titles.values_list("title")),
             sorted(one.employments.values_list("organisation__name", "main")),
             sorted(one.terms.values_list("pk", "post__title", "from_on", "until_on"))) for one in rows]


def test_the_preview_says_what_would_move_and_writes_nothing(two):
    loser, winner = two
    before = picture()
    said = {one.kind: one.lines for one in preview_merge(by=CLERK, on=DAY, loser=loser, winner=winner)}
    assert sorted(said) == ["directory.documents", "directory.employments", "directory.fields", "directory.terms"]
    assert len(said["directory.terms"]) == 2
    assert picture() == before


def test_merging_moves_everything_and_keeps_the_entry_as_a_pointer(two, said, sealed):
    loser, winner = two
    said()
    merge = merge_people(by=CLERK, on=DAY, loser=loser, winner=winner)
    first, second = Person.objects.get(pk=loser.key), Person.objects.get(pk=winner.key)
    assert (first.merged_into, first.documents.count(), first.terms.count()) == (second, 0, 0)
    assert (second.mobile, second.sex, second.born_on) == ("13900001111", "1", date(1988, 3, 7))
    assert second.documents.get().number == LI
    assert sorted(second.terms.values_list("post__title", flat=True)) == ["committee_member", "standing_member"]
    assert sorted(second.employments.values_list("organisation__name", "main")) == [("乙医院", True), ("甲医院", False)]
    assert [type_ for type_, _ in said()] == ["term.corrected", "entry.withdrawn", "person.merged"]
    assert Merge.objects.get().pk == key(merge)
    assert (shown([loser])[loser].url, shown([loser])[loser].label) == (shown([winner])[winner].url, "李雷")
    assert answers.person(loser).ref == winner
    assert [one.ref for one in answers.people_found("ll")] == [winner]
    assert [one.ref for one in answers.people_found("13900001111"[-4:])] == [winner]
    with pytest.raises(MergedAway):
        people.correct_person(by=CLERK, on=DAY, person=loser, remark="x")
    sealed()
    assert set(folded_terms()) == {str(one.ref) for one in Term.objects.all()}


def test_a_merge_can_be_undone_completely(two, said, sealed):
    loser, winner = two
    before = picture()
    merge = merge_people(by=CLERK, on=DAY, loser=loser, winner=winner)
    said()
    unmerge_people(by=CLERK, on=DAY + timedelta(days=29), merge=merge)
    assert picture() == before
    assert said()[-1] == ("person.unmerged", {"person": str(loser), "out_of": str(winner), "merge": str(merge)})
    assert folded_terms() == {
        str(row.ref): (str(row.person.ref), str(row.organisation.ref), row.post.title, row.from_on, row.until_on)
        for row in Term.objects.all()}
    with pytest.raises(NothingChanged):
        unmerge_people(by=CLERK, on=DAY, merge=merge)


def test_after_thirty_days_a_merge_stays(two):
    merge = merge_people(by=CLERK, on=DAY, loser=two[0], winner=two[1])
    with pytest.raises(MergeTooOld) as refused:
        unmerge_people(by=CLERK, on=DAY + timedelta(days=30), merge=merge)
    assert (refused.value.regulation, Merge.objects.get().undone_on) == ("DR1.merge_undo_days", None)


def test_what_happened_after_the_merge_stays_with_the_remaining_entry(two, branch):
    loser, winner = two
    merge = merge_people(by=CLERK, on=DAY, loser=loser, winner=winner)
    terms.begin_term(by=CLERK, on=DAY, person=winner, organisation=branch, title="chair", from_on=DAY)
    unmerge_people(by=CLERK, on=DAY, merge=merge)
    assert Term.objects.get(post__title="chair").person.ref == winner


def test_merges_in_a_row_lead_to_the_living_entry(register):
    one, two, three = register("王伟"), register("王伟"), register("王伟")
    first = merge_people(by=CLERK, on=DAY, loser=one, winner=two)
    second = merge_people(by=CLERK, on=DAY, loser=two, winner=three)
    assert answers.person(one).ref == three
    with pytest.raises(NothingChanged):
        unmerge_people(by=CLERK, on=DAY, merge=first)
    unmerge_people(by=CLERK, on=DAY, merge=second)
    assert answers.person(one).ref == two
    unmerge_people(by=CLERK, on=DAY, merge=first)
    assert answers.person(one).ref == one


def test_an_engine_moves_its_own_records_and_back(register):
    seen = []
    mover = Mover(kind="trial", label="试", preview=lambda joining: ["一条"],
                  move=lambda joining: seen.append((joining.loser, joining.winner)) or [7],
                  back=lambda joining, moved: seen.append(moved))
    register_merge("trial", mover)
    try:
        one, two = register("王伟"), register("王伟")
        assert [p.lines for p in preview_merge(by=CLERK, on=DAY, loser=one, winner=two)] == [["一条"]]
        merge = merge_people(by=CLERK, on=DAY, loser=one, winner=two)
        unmerge_people(by=CLERK, on=DAY, merge=merge)
        assert seen == [(one, two), [7]]
    finally:
        _movers.pop("trial")


def test_one_entry_is_not_merged_with_itself_and_only_the_office_merges(two, said):
    said()
    with pytest.raises(SamePerson):
        merge_people(by=CLERK, on=DAY, loser=two[0], winner=two[0])
    for deed, given in ((merge_people, {"loser": two[0], "winner": two[1]}),
                        (distinguish_people, {"first": two[0], "second": two[1]})):
        with pytest.raises(NotAllowed):
            deed(by=actor("department"), on=DAY, **given)
    assert (said(), Merge.objects.count()) == ([], 0)


def test_a_term_with_other_days_is_not_thrown_away(register, begin):
    loser, winner = register("李雷"), register("李雷")
    begin(winner, from_on=date(2020, 1, 1), until_on=date(2024, 1, 1))
    begin(loser, from_on=date(2022, 1, 1), until_on=date(2028, 1, 1))
    for deed in (preview_merge, merge_people):
        with pytest.raises(TermsDiffer):
            deed(by=CLERK, on=DAY, loser=loser, winner=winner)
    assert (Term.objects.count(), Merge.objects.count()) == (2, 0)


def test_nobody_gains_a_post_by_merging_entries_into_their_own(register, begin):
    loser, winner = register("李雷"), register("李雷")
    begin(loser)
    with pytest.raises(NotAllowed):
        merge_people(by=actor("office", person=winner), on=DAY, loser=loser, winner=winner)
    assert (Term.objects.get().person.ref, Merge.objects.count()) == (loser, 0)


def test_what_was_corrected_since_the_merge_stays_when_it_is_undone(two):
    loser, winner = two
    merge = merge_people(by=CLERK, on=DAY, loser=loser, winner=winner)
    people.correct_person(by=CLERK, on=DAY, person=winner, mobile="13700007777")
    unmerge_people(by=CLERK, on=DAY, merge=merge)
    one = Person.objects.get(pk=winner.key)
    assert (one.mobile, one.mobile_masked, one.born_on) == ("13700007777", "137****7777", None)
    assert Person.objects.get(pk=loser.key).mobile == "13900001111"


def test_undoing_the_last_of_several_merges_leaves_the_earlier_ones(register):
    a, b, c, d = (register("王伟") for _ in range(4))
    merge_people(by=CLERK, on=DAY, loser=a, winner=b)
    merge_people(by=CLERK, on=DAY, loser=b, winner=c)
    last = merge_people(by=CLERK, on=DAY, loser=c, winner=d)
    assert [answers.person(one).ref for one in (a, b, c)] == [d, d, d]
    unmerge_people(by=CLERK, on=DAY, merge=last)
    assert [answers.person(one).ref for one in (a, b, c, d)] == [c, c, c, d]


@act
def open_account(*, by, on, person, name, purpose="person", role=""):
    """Open an account, with a grant where a role is named."""
    one = Account.objects.create_user(name, person_id=int(person.key), purpose=purpose, opened_on=on, activated_on=on)
    if role:
        Grant(account=one, role=role, from_on=on, by=str(by.ref), reason="x").save()
    state(PersonCorrected(person=person, what=(Code("account"),)))
    return one


def owners():
    return [(one.username, one.person.ref, one.is_active) for one in Account.objects.order_by("pk")]


def test_accounts_follow_by_purpose_and_one_too_many_is_stopped(register, said):
    loser, winner = register("王伟"), register("王伟")
    for person, name, purpose in ((loser, "first", "person"), (loser, "keeper", "administration"),
                                  (winner, "second", "person")):
        open_account(by=CLERK, on=DAY, person=person, name=name, purpose=purpose)
    before = owners()
    said()
    merge = merge_people(by=CLERK, on=DAY, loser=loser, winner=winner)
    assert owners() == [("first", loser, False), ("keeper", winner, True), ("second", winner, True)]
    assert said("security.")[0][0] == "security.account.stopped"
    unmerge_people(by=CLERK, on=DAY, merge=merge)
    assert owners() == before


def test_an_administration_account_of_the_remaining_entry_keeps_nobody_out(register):
    loser, winner = register("王伟"), register("王伟")
    open_account(by=CLERK, on=DAY, person=loser, name="first")
    open_account(by=CLERK, on=DAY, person=winner, name="keeper", purpose="administration")
    merge_people(by=CLERK, on=DAY, loser=loser, winner=winner)
    assert owners() == [("first", winner, True), ("keeper", winner, True)]


def test_two_administrations_do_not_meet_in_one_person(register):
    loser, winner = register("王伟"), register("王伟")
    for person, role in ((loser, "system_admin"), (winner, "audit_admin")):
        open_account(by=CLERK, on=DAY, person=person, name=role, purpose="administration", role=role)
    with pytest.raises(NotSeparated):
        merge_people(by=CLERK, on=DAY, loser=loser, winner=winner)
    assert Merge.objects.count() == 0
