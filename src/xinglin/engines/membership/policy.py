"""Who may see and change what in membership: verdicts with reasons a member could read."""

from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from xinglin.directory.policy import branches_of
from xinglin.kernel.actors import Actor
from xinglin.kernel.policy import YES, Verdict, no
from xinglin.kernel.refs import Ref

from .addressees import speakers_on
from .certificates import JoinRequest
from .fees import Charge
from .members import Member, MemberQuerySet

OFFICE = ("house", "office", "secretary_general")
DEPARTMENTS = ("department", "department_head")
READERS = (*OFFICE, *DEPARTMENTS, "leader", "supervisor")


def _any(actor: Actor, roles: tuple[str, ...]) -> bool:
    return any(actor.has(role) for role in roles)


def identity(actor: Actor) -> Ref:
    """Return who somebody is, whichever account they use."""
    return actor.person or actor.ref


def person_key(actor: Actor) -> int | None:
    """Return the key of the actor's entry in the directory, None for who has none."""
    return int(actor.person.key) if actor.person and actor.person.key.isdecimal() else None


def is_own(*, actor: Actor, member: Member) -> bool:
    """Say whether the member is the actor."""
    return bool(actor.person and member.person_id and actor.person == member.holder)


def units_of(*, actor: Actor, on: date) -> MemberQuerySet:
    """Return the member units for which somebody speaks on a day: as their contact, or as one of their leaders."""
    key = person_key(actor)
    if key is None:
        return Member.objects.none()
    terms = speakers_on(on).filter(person=key)
    return Member.objects.filter(unit__in=terms.values("post__organisation")).select_related("unit")


def speaks_for(*, actor: Actor, member: Member, on: date) -> bool:
    """Say whether the actor is the member, or speaks for the unit on a day."""
    if member.unit_id:
        return units_of(actor=actor, on=on).filter(pk=member.pk).exists()
    return is_own(actor=actor, member=member)


def may_speak_for(*, actor: Actor, member: Member, on: date) -> Verdict:
    """The pages of a member are their own; those of a unit its contact's and its leaders', by the directory."""
    if speaks_for(actor=actor, member=member, on=on):
        return YES
    # Without the name: who may not see the register does not read it off the refusals, one address after another.
    return no(_("These pages are for the contact and the leaders whom the directory names for the unit; if you are "
                "one, ask the office to enter you."))


def sees_all(actor: Actor) -> bool:
    """Say whether the actor may look up every member."""
    return _any(actor, READERS)


def members_seen(*, actor: Actor, on: date) -> MemberQuerySet:
    """Return the members whom the actor may look up: all, those of their branches today, or only themselves."""
    everyone = Member.objects.all()
    if sees_all(actor):
        return everyone
    own = everyone.filter(person=person_key(actor)) if person_key(actor) else everyone.none()
    branches = branches_of(actor=actor)
    return everyone.of_branches(list(branches), on=on) | own if branches else own


def may_see_members(*, actor: Actor) -> Verdict:
    """The secretariat, leaders and supervisors see the register; branch officers see their own members."""
    if _any(actor, READERS) or branches_of(actor=actor):
        return YES
    return no(_("The register of members is for the secretariat and for branches. Your own page is “My membership”."))


def may_see_member(*, actor: Actor, member: Member, on: date) -> Verdict:
    """Readers see everybody, branch officers exactly their own members, and everybody themselves."""
    if _any(actor, READERS) or is_own(actor=actor, member=member):
        return YES
    branches = list(branches_of(actor=actor))
    if branches and Member.objects.of_branches(branches, on=on).filter(pk=member.pk).exists():
        return YES
    return no(_("You see the members of your own branch. This one does not belong to it today."))


def may_keep_members(*, actor: Actor) -> Verdict:
    """The office admits, grades and ends memberships."""
    return YES if _any(actor, OFFICE) else no(_("The register of members is kept by the office."))


def may_set_rules(*, actor: Actor) -> Verdict:
    """The office writes down tiers, rights and duties as the governing bodies decided."""
    return YES if _any(actor, OFFICE) else no(_("Tiers, rights and duties are kept by the office."))


def may_leave(*, actor: Actor, member: Member, on: date) -> Verdict:
    """A member leaves by their own word, always, a unit by its contact's; the office writes down paper (M4)."""
    if speaks_for(actor=actor, member=member, on=on) or _any(actor, OFFICE):
        return YES
    return no(_("A member leaves by their own word; the office writes down what came on paper."), regulation="M4")


def may_change_affiliation(*, actor: Actor, member: Member, organisation: str) -> Verdict:
    """A branch takes its members in and lets them go; the office does it for everyone."""
    if _any(actor, OFFICE):
        return YES
    if any(actor.has_in(role, organisation) for role in ("branch_secretary", "branch_chair")):
        return YES
    return no(_("Members are taken in by the branch itself, or by the office."))


def may_keep_fees(*, actor: Actor) -> Verdict:
    """The office sets down the fee standard, bills members, books money and makes out receipts."""
    return YES if _any(actor, OFFICE) else no(_("Fees are kept by the office: one cashier's book, one responsibility."))


def may_see_fees(*, actor: Actor) -> Verdict:
    """The secretariat, leaders and supervisors see bills, payments and receipts."""
    return YES if _any(actor, READERS) else no(_("Fees are for the office. Your own bills are on “My membership”."))


def may_see_bill(*, actor: Actor, charge: Charge, on: date) -> Verdict:
    """Readers see every bill; a member sees their own, and who paid for somebody else sees that one."""
    if _any(actor, READERS) or speaks_for(actor=actor, member=charge.spell.member, on=on):
        return YES
    payers = Member.objects.filter(payments__allocations__charge=charge)
    if any(speaks_for(actor=actor, member=one, on=on) for one in payers.select_related("person").distinct()):
        return YES
    return no(_("This bill is another member's."))


def may_act_for(*, actor: Actor, member: Member, on: date) -> Verdict:
    """A member chooses, asks and appeals alone, a unit by its contact; the office writes down what came on paper."""
    if speaks_for(actor=actor, member=member, on=on) or (member.unit_id and _any(actor, OFFICE)):
        return YES
    return no(_("Only the member decides this; for a unit its contact or a leader, or the office."))


def may_issue_certificate(*, actor: Actor, member: Member, on: date) -> Verdict:
    """A member takes the certificate alone, a unit by its contact; the office makes it out for anybody."""
    if speaks_for(actor=actor, member=member, on=on) or _any(actor, OFFICE):
        return YES
    return no(_("A certificate is made out for the member, or by the office."))


def may_answer_requests(*, actor: Actor) -> Verdict:
    """Branch officers answer who asks to join their branch; the office sees all."""
    if _any(actor, OFFICE) or branches_of(actor=actor):
        return YES
    return no(_("Requests to join are answered by the branch."))


def requests_seen(*, actor: Actor) -> "QuerySet[JoinRequest]":
    """Return the requests to join that the actor may answer."""
    if _any(actor, OFFICE):
        return JoinRequest.objects.all()
    return JoinRequest.objects.filter(organisation__in=branches_of(actor=actor))


def may_write_to_members(*, actor: Actor) -> Verdict:
    """The office writes to every member, a branch to its own."""
    if _any(actor, OFFICE) or branches_of(actor=actor):
        return YES
    return no(_("Members are written to by the office, or by their branch."))
