"""The facts of certificates, appeals, requests and choices, folded in order, give the tables."""

from datetime import timedelta

import pytest

from xinglin.engines.membership.actions.appeals import decide_appeal, lodge_appeal
from xinglin.engines.membership.actions.bundles import grant_seats
from xinglin.engines.membership.actions.certificates import issue_certificate, revoke_certificate
from xinglin.engines.membership.actions.choices import make_choice
from xinglin.engines.membership.actions.erasing import erase_personal_words
from xinglin.engines.membership.actions.exits import end_membership, reinstate
from xinglin.engines.membership.actions.joining import answer_join, ask_to_join
from xinglin.engines.membership.actions.seats import ask_about_seat, decline_seat
from xinglin.engines.membership.certificates import Appeal, Certificate, Choice, JoinRequest, SeatRequest
from xinglin.engines.membership.members import Spell
from xinglin.kernel.ledger.models import SealedFact

from .conftest import DAY, HOUSE, OFFICE, actor
from .fees import bill, line_of, standard
from .fees import pay as money
from .paying import pay

pytestmark = pytest.mark.django_db
WHAT = set(Choice.What.values)


def folded():
    """Read the ledger from its first fact."""
    papers, choices, appeals, requests, seats = {}, {}, {}, {}, {}
    for fact in SealedFact.objects.filter(type__startswith="membership.").order_by("position"):
        body, on, member = fact.body, fact.happened_on, fact.body.get("member")
        match fact.type.removeprefix("membership."), body.get("what"):
            case "certificate.issued", _:
                papers[body["certificate"]] = [member, on, None]
            case "certificate.revoked", _:
                papers[body["certificate"]][2] = on
            case "choice.made", "appeal":
                appeals.setdefault(member, []).append([on, None, None])
            case "choice.made", "appeal_rejected":
                appeals[member][-1][1:] = [on, False]
            case "member.reinstated", _:
                for one in appeals.get(member, []):
                    one[1:] = one[1:] if one[1] else [on, True]
            case "choice.made", "join_asked":
                requests.setdefault((member, body["about"]), []).append([on, None, None])
            case "choice.made", "join_declined":
                requests[member, body["about"]][-1][1:] = [on, False]
            case "affiliation.begun", _:
                for one in requests.get((member, body["organisation"]), []):
                    one[1:] = one[1:] if one[1] else [on, True]
            case "choice.made", "seat_asked" | "seat_returned":
                before = seats.setdefault((member, body["about"]), [])
                for one in before:
                    one[2] = one[2] or on
                before.append([body["allowed"], on, None])
            case "choice.made", "seat_declined":
                seats[member, body["about"]][-1][2] = on
            case "choice.made", "erased":
                choices |= {key: False for key in choices if key[0] == member}
            case "choice.made", what if what in WHAT:
                choices[member, what] = body["allowed"]
    return papers, choices, appeals, requests, seats


def test_the_facts_give_the_tables(someone, admit, cardiology, surgery, sealed):
    wang, li = admit(someone("王小明")), admit(someone("李小红"), branch=surgery)
    own, day = actor(person=wang.person), DAY + timedelta(days=1)
    for one in (wang, li):
        pay(by=HOUSE, on=DAY, member=one, until_on=DAY + timedelta(days=365))
        paper = issue_certificate(by=OFFICE, on=DAY, member=one)
    revoke_certificate(by=OFFICE, on=day, certificate=paper, why="遗失")
    issue_certificate(by=OFFICE, on=day, member=li)
    for allowed in (True, False, True):
        make_choice(by=own, on=day, member=wang, what=Choice.What.NAME_SHOWN, allowed=allowed)
    declined = ask_to_join(by=own, on=DAY, member=wang, organisation=cardiology)
    answer_join(by=OFFICE, on=day, asked=declined, taken_in=False, reason="名额已满")
    answer_join(by=OFFICE, on=day, taken_in=True,
                asked=ask_to_join(by=own, on=day, member=wang, organisation=cardiology))
    ask_to_join(by=own, on=day, member=wang, organisation=surgery)
    make_choice(by=own, on=day, member=wang, what=Choice.What.ERASURE, allowed=True)
    for upheld in (True, False):
        end_membership(by=OFFICE, on=day, member=wang, how=Spell.Ended.EXPELLED, ended_on=day, decision="决议")
        appeal = lodge_appeal(by=own, on=day, member=wang, words="不服")
        decide_appeal(by=OFFICE, on=day, appeal=appeal, upheld=upheld, answer="已复核")
    erase_personal_words(by=OFFICE, on=day, member=wang)
    end_membership(by=OFFICE, on=day, member=li, how=Spell.Ended.EXPELLED, ended_on=day, decision="决议")
    lodge_appeal(by=actor(person=li.person), on=day, member=li, words="不服")
    reinstate(by=OFFICE, on=day, member=li, reason="撤销决议")
    sealed()
    papers, choices, appeals, requests, _seats = folded()
    assert papers == {str(one.ref): [str(one.spell.member.ref), one.issued_on, one.revoked_on]
                      for one in Certificate.objects.select_related("spell__member")}
    assert choices == {(str(one.member.ref), one.what): one.allowed for one in Choice.objects.all()}
    told = {}
    for one in Appeal.objects.select_related("spell__member").order_by("pk"):
        told.setdefault(str(one.spell.member.ref), []).append([one.lodged_on, one.decided_on, one.upheld])
    assert appeals == told
    asked = {}
    for one in JoinRequest.objects.select_related("organisation").order_by("pk"):
        asked.setdefault((str(one.member.ref), str(one.organisation.ref)), []).append(
            [one.asked_on, one.answered_on, one.taken_in])
    assert requests == asked
    assert (len(papers), len(choices), len(appeals), len(requests)) == (3, 2, 2, 2)


def test_the_facts_give_what_units_asked_about_seats(tiers, someone, admit, found, sealed):
    unit, staff = admit(found("江海省第一医院"), tier="unit"), admit(someone("职工甲"))
    charge, day = bill(unit, line_of(standard(tiers), "unit", "理事单位")), DAY + timedelta(days=1)
    money(charge, amount="5000.00")
    given = {"unit": unit, "number": staff.number, "name": staff.name}
    ask_about_seat(by=OFFICE, on=DAY, give=True, **given)
    decline_seat(by=OFFICE, on=DAY, asked=SeatRequest.objects.get(), reason="不在职")
    ask_about_seat(by=OFFICE, on=DAY, give=True, **given)
    grant_seats(by=OFFICE, on=DAY, unit=unit, members=[staff])
    ask_about_seat(by=OFFICE, on=day, give=False, **given)
    sealed()
    rows = [[one.give, one.asked_on, one.answered_on] for one in SeatRequest.objects.order_by("pk")]
    assert folded()[4] == {(str(unit.ref), str(staff.ref)): rows}
    assert rows == [[True, DAY, DAY], [True, DAY, day], [False, day, None]]
