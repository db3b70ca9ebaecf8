"""Who may read what a sealed fact says: its proof is public, its words are not."""

from django.utils.translation import gettext_lazy as _

from xinglin.kernel.actors import Actor
from xinglin.kernel.facts import fact_types
from xinglin.kernel.ledger.models import Mention, SealedFact
from xinglin.kernel.policy import YES, Verdict, no

EVERYTHING = ("office", "secretary_general", "supervisor", "audit_admin", "house")
STAFF = ("department", "department_head", "branch_secretary", "branch_chair")
PEOPLE = ("directory.", "security.")  # facts about people and their accounts
SHARED = ("plans.",)  # the plan is everybody's reading in the house


def is_public(*, type_: str) -> bool:
    """Say whether everybody may know the kind and date of a fact: only of what a plan may count."""
    known = fact_types().get(type_)
    return known is not None and known.VOCABULARY.countable


def may_read_fact(*, actor: Actor, fact: SealedFact) -> Verdict:
    """Staff read the work that counts anywhere and everything of their own units; others' people are not theirs."""
    if any(map(actor.has, EVERYTHING)):
        return YES
    staff, people = any(map(actor.has, STAFF)), fact.type.startswith(PEOPLE)
    if not people and (actor.has("leader") or (staff and (fact.type.startswith(SHARED) or is_public(type_=fact.type)))):
        return YES
    if (staff or actor.has("leader")) and _names_own(actor, fact):
        return YES
    return no(_("You read what counts in the plan and what concerns your own unit. The proof is open to everybody."))


def _names_own(actor: Actor, fact: SealedFact) -> bool:
    own = {str(actor.ref), str(actor.person)}.union(*(actor.scope.get(role, ()) for role in STAFF if actor.has(role)))
    return Mention.objects.filter(position=fact.position, ref__in=own).exists()
