"""The facts alone, folded in order, give the tables."""

from datetime import date, timedelta

import pytest

from xinglin.engines.membership.actions import affiliations, exits, members
from xinglin.engines.membership.actions.tiers import grant, revoke
from xinglin.engines.membership.members import Affiliation, Coverage, Spell, TierSpan
from xinglin.engines.membership.tiers import Entitlement
from xinglin.kernel.ledger.models import SealedFact

from .conftest import DAY, OFFICE, actor

pytestmark = pytest.mark.django_db


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def folded() -> dict[str, dict]:
    """Read the ledger from its first fact."""
    spells, tiers, places, covers, rules = {}, {}, {}, {}, {}
    for fact in SealedFact.objects.filter(type__startswith="membership.").order_by("position"):
        body, said = fact.body, fact.type.removeprefix("membership.")
        match said:
            case "member.admitted":
                spells[body["spell"]] = [body["member"], fact.happened_on, None, "", body.get("branch")]
                _next_tier(tiers, body["member"], body["tier"], fact.happened_on)
            case "member.left":
                spells[body["spell"]][2:4] = [day(body["ended_on"]), body["how"]]
            case "member.reinstated":
                spells[body["spell"]][2:4] = [None, ""]
            case "member.graded":
                _next_tier(tiers, body["member"], body["tier"], day(body["from_on"]))
            case "affiliation.begun":
                places[body["member"], body["organisation"], day(body["from_on"])] = None
            case "affiliation.ended":
                [open_] = [key for key, until in places.items()
                           if key[:2] == (body["member"], body["organisation"]) and until is None]
                places[open_] = day(body["until_on"])
            case "coverage.begun":
                covers[body["coverage"]] = [
                    body["spell"], body["kind"], day(body["from_on"]), day(body.get("until_on"))]
            case "coverage.ended":
                covers[body["coverage"]][3] = day(body["until_on"])
                if covers[body["coverage"]][2] == covers[body["coverage"]][3]:
                    del covers[body["coverage"]]  # it was to begin later
            case "entitlement.changed":
                for key in [key for key, (_amount, until) in rules.items()
                            if key[:2] == (body["tier"], body["code"]) and until is None]:
                    rules[key] = (rules[key][0], day(body["from_on"]))
                if body["granted"]:
                    rules[body["tier"], body["code"], day(body["from_on"])] = (body.get("amount"), None)
    return {"spells": spells, "tiers": tiers, "places": places, "covers": covers, "rules": rules}


def _next_tier(tiers: dict, member: str, tier: str, from_on: date | None) -> None:
    for key, until in list(tiers.items()):
        if key[0] == member and key[2] >= from_on:
            del tiers[key]  # it was to begin later
        elif key[0] == member and (until is None or until > from_on):
            tiers[key] = from_on
    tiers[member, tier, from_on] = None


def test_the_facts_give_the_tables(someone, admit, tiers, cardiology, surgery, sealed):
    wang, li = someone("王小明"), someone("李小红")
    first, second = admit(wang, branch=cardiology), admit(li, branch=surgery, also=(cardiology,))
    later = DAY + timedelta(days=30)
    affiliations.transfer_member(by=OFFICE, on=later, member=first, before=cardiology, after=surgery, from_on=later)
    members.grade_member(by=OFFICE, on=later, member=second, tier=tiers["senior"], from_on=later)
    waiver = members.waive_fee(by=OFFICE, on=later, member=second, from_on=later, reason="名誉")
    members.end_waiver(by=OFFICE, on=later, coverage=waiver, until_on=later + timedelta(days=9))
    never = members.waive_fee(by=OFFICE, on=later, member=second, from_on=later + timedelta(days=99), reason="名誉")
    members.end_waiver(by=OFFICE, on=later, coverage=never, until_on=later + timedelta(days=20))
    exits.leave(by=actor(person=wang), on=later + timedelta(days=1), member=first)
    exits.end_membership(by=OFFICE, on=later, member=second, how=Spell.Ended.LAPSED, ended_on=later)
    exits.reinstate(by=OFFICE, on=later, member=second, reason="已补缴")
    admit(wang, on=later + timedelta(days=60))
    for amount in (1, 2):
        grant(by=OFFICE, on=DAY, tier=tiers["ordinary"], code="activity", from_on=date(2026, amount, 1), amount=amount)
    grant(by=OFFICE, on=DAY, tier=tiers["ordinary"], code="vote", from_on=DAY)
    revoke(by=OFFICE, on=DAY, tier=tiers["ordinary"], code="vote", from_on=later)
    sealed()
    told = folded()
    assert told["spells"] == {row.pk: [
        str(row.member.ref), row.joined_on, row.ended_on, row.ended_by,
        str(row.brought_by.ref) if row.brought_by else None] for row in Spell.objects.all()}
    assert told["tiers"] == {(str(row.member.ref), str(row.tier.ref), row.from_on): row.until_on
                             for row in TierSpan.objects.all()}
    assert told["places"] == {(str(row.member.ref), str(row.organisation.ref), row.from_on): row.until_on
                              for row in Affiliation.objects.all()}
    assert told["covers"] == {row.pk: [row.spell_id, row.kind, row.from_on, row.until_on]
                              for row in Coverage.objects.all()}
    assert told["rules"] == {(str(row.tier.ref), row.code, row.from_on): (row.amount, row.until_on)
                             for row in Entitlement.objects.all()}
    assert len(told["spells"]) == 3 and len(told["rules"]) == 3
