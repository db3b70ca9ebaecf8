"""Logging, correcting, submitting, verifying, returning and withdrawing: done, said, and refused."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from xinglin.engines.worklog.actions.verifying import NotWaiting, return_work, verify_work
from xinglin.engines.worklog.actions.work import (
    NothingCorrected,
    NothingToLog,
    ReasonMissing,
    correct_work,
    log_work,
    log_works,
    submit_work,
    withdraw_work,
)
from xinglin.engines.worklog.entries import Entry, State
from xinglin.engines.worklog.works import Work
from xinglin.kernel.ledger.models import Annex, SealedFact
from xinglin.kernel.policy import NotAllowed, Refusals
from xinglin.kernel.refs import Ref

from .conftest import ACADEMIC, BRANCH, CHAIR, CLERK, DAY, HEAD, HOUSE, MEMBER, OFFICE, OTHER, SECRETARY, SUPERVISOR

pytestmark = pytest.mark.django_db
ME = "directory.person:clerk"


def facts(type_):
    return list(SealedFact.objects.filter(type=f"worklog.work.{type_}").order_by("position"))


def counted(kind="forum"):
    """What the ledger counts: verified facts that nothing corrects."""
    corrected = set(SealedFact.objects.exclude(corrects=None).values_list("corrects", flat=True))
    return sum(one.body["count"] for one in facts("verified") if one.key not in corrected and kind in one.body["kinds"])


def test_logging_writes_a_draft_and_says_so(work, sealed):
    entry = log_work(
        by=CLERK,
        on=DAY,
        work=work(
            format="hybrid",
            people_on_site=120,
            people_online=3000,
            hours=Decimal("6.5"),
            region="320102",
            people=(ME,),
            partners=("directory.organisation:x",),
            description="分会场三个",
        ),
    )
    sealed()
    assert (entry.state, entry.logged_by, entry.unit, entry.count) == (State.DRAFT, ME, "场", 1)
    [fact] = facts("logged")
    assert fact.body["kinds"] == ["forum", "academic_meeting", "meeting"]
    assert (fact.body["people_on_site"], fact.body["people_online"], fact.body["hours"]) == (120, 3000, "6.5")
    assert (fact.body["region"], fact.body["city"], fact.body["people"]) == ("320102", "320100", [ME])
    assert "肝病论坛" not in fact.content
    assert "肝病论坛" in Annex.objects.get(key=fact.key).text
    assert facts("verified") == []


@pytest.mark.parametrize(
    ("by", "organisation", "allowed"),
    [
        (CLERK, ACADEMIC, True),
        (CLERK, BRANCH, False),
        (SECRETARY, BRANCH, True),
        (OFFICE, OTHER, True),
        (HOUSE, OTHER, True),
        (MEMBER, ACADEMIC, False),
        (SUPERVISOR, ACADEMIC, False),
    ],
)
def test_people_log_for_their_own_organisation(work, by, organisation, allowed):
    if allowed:
        assert log_work(by=by, on=DAY, work=work(organisation=organisation)).organisation == organisation
    else:
        with pytest.raises(NotAllowed):
            log_work(by=by, on=DAY, work=work(organisation=organisation))
        assert Entry.objects.count() == 0


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"happened_on": date(2024, 6, 15)}, "happened_on"),
        ({"until_on": DAY}, "until_on"),
        ({"until_on": date(2024, 7, 20)}, "until_on"),
        ({"happened_on": date(2018, 5, 1)}, "kind"),
        ({"kind": "meeting"}, "kind"),
        ({"title": " "}, "title"),
        ({"count": 0}, "count"),
        ({"unit": "篇"}, "unit"),
        ({"money": Decimal(5)}, "money"),
        ({"people_on_site": -1}, "people_on_site"),
        ({"people_on_site": 1, "people": (ME, "directory.person:b")}, "people_on_site"),
        ({"region": "999999"}, "region"),
        ({"format": "radio"}, "format"),
        ({"format": "online", "people_on_site": 3}, "people_on_site"),
        ({"format": "on_site", "people_online": 3}, "people_online"),
        ({"edition": 3}, "edition"),
    ],
)
def test_what_is_wrong_is_refused_beside_its_field(work, given, field):
    with pytest.raises(Refusals) as refusal:
        log_work(by=CLERK, on=DAY, work=work(**given))
    assert [one.field for one in refusal.value.problems] == [field]
    assert Entry.objects.count() == 0


def test_many_are_logged_each_with_a_fact_and_one_wrong_refuses_all(work, sealed):
    good = [work("post", title=f"推文{n}") for n in range(3)]
    with pytest.raises(Refusals) as refusal:
        log_works(by=CLERK, on=DAY, works=[*good, work("post", unit="吨")])
    assert [one.row for one in refusal.value.problems] == [3]
    assert Entry.objects.count() == 0
    log_works(by=CLERK, on=DAY, works=good, submit=True)
    sealed()
    assert (len(facts("logged")), len(facts("submitted"))) == (3, 3)
    with pytest.raises(NothingToLog):
        log_works(by=CLERK, on=DAY, works=[])


def test_only_what_a_second_person_verified_counts(draft, sealed):
    entry = draft(count=2)
    submit_work(by=CLERK, on=DAY, entries=[entry])
    sealed()
    assert counted() == 0
    found = verify_work(by=OFFICE, on=date(2024, 7, 1), entries=[entry])
    sealed()
    assert [one.pk for one in found.verified] == [entry.pk]
    assert counted() == 2
    [fact] = facts("verified")
    assert (fact.happened_on, fact.body["verified_by"], fact.body["logged_by"]) == (DAY, OFFICE.person, ME)
    entry.refresh_from_db()
    assert (entry.state, entry.verified_by, entry.verified_on) == (State.VERIFIED, OFFICE.person, date(2024, 7, 1))


@pytest.mark.parametrize(
    ("by", "organisation", "verifier", "people", "allowed"),
    [
        (CLERK, ACADEMIC, HEAD, (), True),
        (SECRETARY, BRANCH, CHAIR, (), True),
        (SECRETARY, BRANCH, HEAD, (), False),
        (CLERK, ACADEMIC, CLERK, (), False),
        (CLERK, ACADEMIC, SUPERVISOR, (), False),
        (OFFICE, ACADEMIC, OFFICE, (), False),
        (CLERK, ACADEMIC, HEAD, (HEAD.person,), False),
        (CLERK, ACADEMIC, HEAD, (HEAD.person, CLERK.person), True),
        (HOUSE, ACADEMIC, HOUSE, (), False),
        (HOUSE, ACADEMIC, HEAD, (), True),
    ],
)
def test_the_second_person_has_the_right_and_is_another(submitted, by, organisation, verifier, people, allowed, sealed):
    entry = submitted(by=by, organisation=organisation, people=tuple(people))
    if allowed:
        assert verify_work(by=verifier, on=DAY, entries=[entry]).verified
    else:
        with pytest.raises((NotWaiting, NotAllowed)) as refusal:
            verify_work(by=verifier, on=DAY, entries=[entry])
        assert str(refusal.value)
        entry.refresh_from_db()
        assert entry.state == State.SUBMITTED
        sealed()
        assert facts("verified") == []


def test_who_corrected_an_entry_does_not_verify_it(draft, work):
    entry = draft()
    correct_work(by=HEAD, on=DAY, entry=entry, work=work(title="肝病与感染论坛"))
    submit_work(by=CLERK, on=DAY, entries=[entry])
    with pytest.raises(NotWaiting) as refusal:
        verify_work(by=HEAD, on=DAY, entries=[entry])
    assert refusal.value.regulation == "WL1.second_person"
    assert verify_work(by=OFFICE, on=DAY, entries=[entry]).verified


def test_two_verify_one_entry_and_the_second_hears_who_was_faster(submitted, sealed):
    entry, other = submitted(), submitted(title="另一场")
    verify_work(by=HEAD, on=DAY, entries=[entry])
    with pytest.raises(NotWaiting, match=r"2024-06-14"):
        verify_work(by=OFFICE, on=DAY, entries=[entry])
    found = verify_work(by=OFFICE, on=DAY, entries=[entry, other])
    assert [one.pk for one in found.verified] == [other.pk]
    assert [one.row for one in found.refused] == [0]
    assert "directory.person:head" in str(found.refused[0].message)
    sealed()
    assert len(facts("verified")) == 2


def test_an_entry_is_returned_with_a_reason_corrected_and_handed_in_again(submitted, work, sealed):
    entry = submitted()
    with pytest.raises(ReasonMissing):
        return_work(by=HEAD, on=DAY, entry=entry, reason=" ")
    with pytest.raises(NotAllowed):
        return_work(by=CLERK, on=DAY, entry=entry, reason="缺签到表")
    return_work(by=HEAD, on=DAY, entry=entry, reason="缺签到表")
    entry.refresh_from_db()
    assert (entry.state, entry.returned_for) == (State.RETURNED, "缺签到表")
    with pytest.raises(NotWaiting):
        return_work(by=HEAD, on=DAY, entry=entry, reason="缺签到表")
    with pytest.raises(NotWaiting):
        verify_work(by=HEAD, on=DAY, entries=[entry])
    correct_work(by=CLERK, on=DAY, entry=entry, work=work(people_on_site=80))
    submit_work(by=CLERK, on=DAY, entries=[entry])
    assert verify_work(by=HEAD, on=DAY, entries=[entry]).verified
    sealed()
    [returned], [corrected] = facts("returned"), facts("corrected")
    assert returned.body["returned_by"] == HEAD.person
    assert corrected.corrects == facts("logged")[0].key
    assert "缺签到表" not in returned.content


def test_correcting_a_verified_entry_stops_its_counting_until_it_is_verified_again(verified, work, sealed):
    entry = verified(count=3)
    sealed()
    assert counted() == 3
    with pytest.raises(NotAllowed) as refusal:
        correct_work(by=CLERK, on=DAY, entry=entry, work=work(count=2))
    assert refusal.value.regulation == "WL1.second_person"
    sealed()
    assert counted() == 3
    correct_work(by=HEAD, on=DAY, entry=entry, work=work(count=2))
    sealed()
    assert counted() == 0
    assert facts("corrected")[0].corrects == facts("verified")[0].key
    verify_work(by=OFFICE, on=DAY, entries=[entry])
    sealed()
    assert counted() == 2


def test_a_correction_that_changes_nothing_is_refused(draft, work):
    with pytest.raises(NothingCorrected):
        correct_work(by=CLERK, on=DAY, entry=draft(), work=work())


def test_an_entry_cannot_be_moved_to_an_organisation_of_others(draft, work):
    with pytest.raises(NotAllowed):
        correct_work(by=CLERK, on=DAY, entry=draft(), work=work(organisation=BRANCH))


def test_withdrawing_a_verified_entry_corrects_its_fact(verified, sealed):
    entry = verified(count=3)
    with pytest.raises(NotAllowed):
        withdraw_work(by=CLERK, on=DAY, entry=entry, reason="重复登记")
    with pytest.raises(ReasonMissing):
        withdraw_work(by=HEAD, on=DAY, entry=entry, reason="")
    withdraw_work(by=HEAD, on=DAY, entry=entry, reason="重复登记")
    sealed()
    assert counted() == 0
    assert facts("withdrawn")[0].corrects == facts("verified")[0].key
    with pytest.raises(NotAllowed):
        withdraw_work(by=HEAD, on=DAY, entry=entry, reason="重复登记")
    with pytest.raises(NotAllowed):
        correct_work(by=HEAD, on=DAY, entry=entry, work=replace(Work.of(entry), title="另题"))


def test_a_draft_is_withdrawn_by_who_logged_it(draft, sealed):
    entry = withdraw_work(by=CLERK, on=DAY, entry=draft(), reason="写错")
    sealed()
    assert entry.state == State.WITHDRAWN
    assert facts("withdrawn")[0].corrects == facts("logged")[0].key


def test_what_is_submitted_is_not_submitted_twice(submitted):
    with pytest.raises(NotAllowed):
        submit_work(by=CLERK, on=DAY, entries=[submitted()])


def test_the_database_itself_refuses_a_verifier_who_logged(submitted):
    from django.db import IntegrityError

    from xinglin.engines.worklog.facts import TrackClosed
    from xinglin.kernel.acts import act, state

    @act
    def cheat(*, by, on, entry):
        Entry.objects.filter(pk=entry.pk).update(state="verified", verified_by=ME, verified_on=DAY)
        state(TrackClosed(track=Ref("worklog.track:1")))

    with pytest.raises(IntegrityError):
        cheat(by=HOUSE, on=DAY, entry=submitted())


def test_records_follow_when_two_entries_of_the_directory_are_one_person(submitted, verified):
    from xinglin.directory.merging import Joining, movers
    from xinglin.engines.worklog.entries import Participant
    from xinglin.engines.worklog.facts import TrackClosed
    from xinglin.kernel.acts import act, state

    twin, kept = Ref("directory.person:clerk"), Ref("directory.person:real")
    waiting, counted_ = submitted(people=(twin, kept)), verified(people=(twin, HEAD.person))
    joining = Joining(loser=twin, winner=kept, by=HOUSE, on=DAY)
    mine = [one for one in movers() if one.kind.startswith("worklog.")]

    @act
    def merge(*, by, on, back=None):
        state(TrackClosed(track=Ref("worklog.track:1")))
        return [one.move(joining) if back is None else one.back(joining, given)
                for one, given in zip(mine, back or [None] * len(mine), strict=True)]

    moved = merge(by=HOUSE, on=DAY)
    assert sorted(Participant.objects.filter(ref=kept).values_list("entry", flat=True)) == [waiting.pk, counted_.pk]
    waiting.refresh_from_db()
    counted_.refresh_from_db()
    assert (waiting.logged_by, counted_.logged_by) == (kept, kept)
    merge(by=HOUSE, on=DAY, back=moved)
    assert Participant.objects.filter(ref=twin).count() == 2
    waiting.refresh_from_db()
    assert waiting.logged_by == twin
