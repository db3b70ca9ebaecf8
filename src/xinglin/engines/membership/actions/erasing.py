"""Deletes what applicants and former members wrote and handed in; number, dates, money and the sealed chain stay."""

from datetime import date

from django.db.models import Model, Q
from django.utils.translation import gettext_lazy as _

from xinglin.kernel.actions.files import detach_file
from xinglin.kernel.actions.forgetting import forget_annex
from xinglin.kernel.actors import Actor, house
from xinglin.kernel.acts import act, state
from xinglin.kernel.confinement import open_to
from xinglin.kernel.files import KIND, Attachment
from xinglin.kernel.ledger.models import Annex, Mention, SealedFact
from xinglin.kernel.policy import Refusal, require
from xinglin.kernel.refs import Code, Ref, ref
from xinglin.kernel.sealed_fields import SealedText

from ..applicants import applications_of, applications_under
from ..applications import TURNED_DOWN, Application, Draft, State, Step
from ..certificates import Appeal, Choice
from ..facts import ApplicationMoved, ChoiceMade
from ..fees import Charge
from ..members import Coverage, Member, Spell
from ..policy import may_keep_members
from ..telling_applicants import untell_recommenders

PART = house("membership")
APPLICANT = Ref("shell.visitor:anonymous")  # whoever acted for themselves, with or without an account


class StillMember(Refusal):
    """While somebody is a member the association needs to know who they are."""


class NotAsked(Refusal):
    """The member did not ask for it, or took it back."""


class StillNeeded(Refusal):
    """The application is under review, or made somebody a member."""

    regulation = "M2.keep_days"


@act
def erase_personal_words(*, by: Actor, on: date, member: Member) -> Choice:
    """Delete what a former member wrote and handed in, on request; also with applications that were turned down.

    Names on receipts and in transfers are kept as long as the law keeps vouchers (F10); the entry of the directory is
    the office's, because posts and awards of other years name it.
    """
    require(may_keep_members(actor=by))
    member = Member.objects.one_locked(pk=member.pk)
    asked = member.choices.filter(what=Choice.What.ERASURE, allowed=True).first()
    if asked is None:
        raise NotAsked(_("%(name)s has not asked for it, or took it back.") % {"name": member.name})
    if Spell.objects.filter(member=member, ended_on=None).exists():
        raise StillMember(_("%(name)s is still a member; this is done after the exit.") % {"name": member.name})
    own = applications_of(member).filter(state__in=(State.APPROVED, *TURNED_DOWN)).values_list("pk", flat=True)
    under = applications_under(member).filter(state__in=TURNED_DOWN).values_list("pk", flat=True)
    rows = Application.objects.held_locked([*own, *under])
    for application in rows:
        if application.state in TURNED_DOWN:
            _erase(application, by=by, on=on)
        else:
            _clear(application, by=by, on=on)
    for row in (*Appeal.objects.filter(spell__member=member), *member.join_requests.all()):
        _empty(row)
    Coverage.objects.filter(spell__member=member).exclude(reason="").update(reason="")
    Charge.objects.filter(spell__member=member).exclude(cancelled_for="").update(cancelled_for="")
    _forget(on=on, of_member=member.ref, applications=[one.ref for one in rows])
    member.choices.filter(allowed=True).update(allowed=False, chosen_on=on)
    state(ChoiceMade(member=member.ref, what=Code("erased"), allowed=True))
    return asked


@act
@open_to("member")
def erase_application(*, by: Actor, on: date, key: str) -> Application:
    """Delete the words of an application that was refused or withdrawn: its bearer asks, or its time is over."""
    application = Application.objects.of_key_locked(key)
    if application.state == State.APPROVED:
        raise StillNeeded(_("It made you a member; ask on the page “My data and choices”, after the exit."))
    if application.state not in TURNED_DOWN:
        raise StillNeeded(_("It is under review, or deleted already. Withdraw it first."))
    _erase(application, by=by, on=on)
    return application


def _erase(application: Application, *, by: Actor, on: date) -> None:
    before, application.state, application.moved_on = application.state, State.ERASED, on
    application.person = application.unit = None
    _clear(application, by=by, on=on)
    who = by.ref if may_keep_members(actor=by) else APPLICANT
    Step.objects.create(application=application, from_state=before, to_state=State.ERASED, by=who, on=on)
    state(ApplicationMoved(application=application.ref, before=Code(before), after=Code(State.ERASED.value)))
    _forget(on=on, applications=[application.ref])


def _clear(application: Application, *, by: Actor, on: date) -> None:
    """Empty an application and its steps, take the papers off, and drop the draft of a correction and what
    recommenders were told."""
    theirs = Q(from_state__in=("", State.RETURNED)) | Q(to_state__in=(State.SUBMITTED, State.WITHDRAWN))
    if application.account:
        theirs |= Q(by=application.account)
    application.steps.filter(theirs).update(by=APPLICANT)
    application.account = ""
    untell_recommenders(application.recommendations.all())
    for row in (application, *application.steps.all()):
        _empty(row)
    Draft.objects.filter(application=application).delete()
    for one in Attachment.objects.filter(to=application.ref):
        detach_file(by=by, on=on, file=ref(KIND, one.file_id), to=application.ref)


def _empty(row: Model) -> None:
    """Empty the personal and the sealed fields of a row."""
    sealed = {field.name for field in row._meta.fields if isinstance(field, SealedText)}
    for name in sealed.union(row.PERSONAL):  # type: ignore[attr-defined]
        setattr(row, name, "")
    row.save()


def _forget(*, on: date, applications: list[Ref], of_member: str = "") -> None:
    """Delete the personal words that the ledger keeps beside all facts about these applications, papers' names too, and
    beside those of membership about the member; what stands on vouchers stays."""
    facts = SealedFact.objects.filter(position__in=Mention.objects.filter(ref__in=applications).values("position"))
    named = Mention.objects.filter(ref=of_member).values("position")
    facts |= SealedFact.objects.filter(position__in=named, type__startswith="membership.").exclude(
        type__startswith="membership.payment.")
    for key in list(Annex.objects.filter(key__in=facts.values("key")).values_list("key", flat=True)):
        forget_annex(by=PART, on=on, key=key, reason=Code("request"))
