"""Takes in credits that were earned elsewhere, with evidence, and decides on them by somebody else."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from xinglin.directory.models import Person
from xinglin.kernel import regulations
from xinglin.kernel.actions.files import attach_file
from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act, state
from xinglin.kernel.files import Kept
from xinglin.kernel.policy import Refusal, require
from xinglin.kernel.refs import Code

from ..credits import CLAIMED, SELF, Award, Claim, Kind
from ..facts import ClaimDecided, ClaimFiled
from ..policy import may_claim, may_decide
from ..requirement import tenths
from ..stale import lock_writing
from .awards import said


class NoEvidence(Refusal):
    """Outside credits are claimed with evidence."""

    field = "evidence"


class WrongClaim(Refusal):
    """The claim cannot be as it is."""


class DecidedAlready(Refusal):
    """Somebody decided on it before."""


class OverTheCap(Refusal):
    """Self-study counts up to a number of credits a year."""

    field, regulation = "credits", "E2.self_study_cap"


@act
def file_claim(*, by: Actor, on: date, person: Person, kind: str, words: str, completed_on: date, asked: Decimal,
               hours: Decimal, months: int = 0, specialist: bool = True, files: Sequence[Kept] = ()) -> Claim:
    """Claim credits earned elsewhere; evidence is attached, and somebody else decides."""
    require(may_claim(actor=by, person=person.ref))
    if kind not in {one.value for one in CLAIMED}:
        raise WrongClaim(_("Credits of projects are issued, not claimed."), field="kind")
    if completed_on > on:
        raise WrongClaim(_("That day has not come yet."), field="completed_on")
    step = 1 / Decimal(int(regulations.value("E7.steps", on=completed_on)))
    if asked <= 0 or asked % step:
        raise WrongClaim(_("Credits are asked in steps of %(step)s.") % {"step": step}, field="asked",
                         regulation="E7.steps")
    if not files:
        raise NoEvidence(_("Attach the proof: certificate, first page of the paper, letter of the unit."))
    lock_writing([person])
    row = Claim.objects.create(person=person, kind=kind, words=words, completed_on=completed_on, asked=asked,
                               hours=hours, months=months, specialist=specialist, filed_on=on)
    for one in files:
        attach_file(by=by, on=on, file=one, to=row.ref)
    state(ClaimFiled(claim=row.ref, person=person.ref, kind=Code(kind), asked=asked, hours=hours, months=months,
                     specialist=specialist, completed_on=completed_on, words=words))
    return row


def full_year(claim: Claim) -> bool:
    """Say whether a claim stands for the whole year: enough months of advanced study (E2)."""
    months = int(regulations.value("E2.full_year_months", on=claim.completed_on))
    return claim.kind == Kind.ADVANCED and 0 < months <= claim.months


def most_of(claim: Claim) -> Decimal | None:
    """Return how many credits the year still takes of a claim of self-study, None when there is no limit."""
    cap = Decimal(int(regulations.value("E2.self_study_cap", on=claim.completed_on)))
    if claim.kind not in SELF or not cap:
        return None
    has = Award.objects.standing().filter(person=claim.person_id, year=claim.completed_on.year, kind__in=SELF)
    return max(Decimal(0), cap - tenths(has.aggregate(sum=Sum("credits"))["sum"]))


@act
def decide_claim(*, by: Actor, on: date, claim: Claim, credits: Decimal, answer: str = "") -> Claim:
    """Accept a claim with so many credits, at most those asked, or refuse it with none and a reason."""
    # Claims of one person are decided one after the other, so that two together never pass the cap of the year.
    claim = Claim.objects.one_locked(pk=claim.pk, person=claim.person_id)
    require(may_decide(actor=by, claim=claim, on=on))
    if claim.state != Claim.State.WAITING:
        raise DecidedAlready(_("Decided on %(day)s: %(state)s.") % {
            "day": claim.decided_on, "state": claim.get_state_display()})
    if full_year(claim) and credits:
        credits = Decimal(int(regulations.value("E1.credits", on=claim.completed_on)))
    elif credits > claim.asked or credits < 0:
        raise WrongClaim(_("At most the %(n)s credits asked can be given.") % {"n": claim.asked}, field="credits")
    if not credits and not answer.strip():
        raise WrongClaim(_("Say why it is refused."), field="answer")
    if (most := most_of(claim)) is not None and credits > most:
        raise OverTheCap(_("The year takes %(n)s more credits of self-study.") % {"n": most})
    claim.state = Claim.State.ACCEPTED if credits else Claim.State.REFUSED
    claim.decided_on, claim.decided_by, claim.answer = on, by.person or by.ref, answer
    claim.save()
    if credits:
        said([_award(claim, credits, on)])
    state(ClaimDecided(claim=claim.ref, person=claim.person.ref, accepted=bool(credits), credits=credits,
                       answer=answer))
    return claim


def _award(claim: Claim, credits: Decimal, on: date) -> Award:
    hours = Decimal(int(regulations.value("E1.hours", on=claim.completed_on))) if full_year(claim) else claim.hours
    return Award.objects.create(
        person=claim.person, kind=claim.kind, claim=claim, credits=credits, minutes=int(hours * 60), hours=hours,
        specialist=claim.specialist, year=claim.completed_on.year, completed_on=claim.completed_on, issued_on=on)
