"""Records what members allow, and carries out their request to delete personal data."""

from datetime import date

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from xinglin.kernel.actions.files import detach_file
from xinglin.kernel.actions.forgetting import forget_annex
from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act, state
from xinglin.kernel.confinement import open_to
from xinglin.kernel.files import KIND, Attachment
from xinglin.kernel.ledger.models import Annex, Mention, SealedFact
from xinglin.kernel.policy import Refusal, require
from xinglin.kernel.refs import Code, ref
from xinglin.kernel.sealed_fields import SealedText

from ..applications import Draft
from ..certificates import Appeal, Choice
from ..facts import ChoiceMade
from ..members import Member, Spell
from ..policy import may_act_for, may_keep_members


class ChosenAlready(Refusal):
    """The member chose this before."""


class StillMember(Refusal):
    """While somebody is a member the association needs to know who they are."""


class NotAsked(Refusal):
    """The member did not ask for it, or took it back."""


@act
@open_to("member")
def make_choice(*, by: Actor, on: date, member: Member, what: Choice.What, allowed: bool) -> Choice:
    """Allow or forbid something, or ask for the deletion of personal data; it can be taken back at any time."""
    require(may_act_for(actor=by, member=member))
    member = Member.objects.one_locked(pk=member.pk)
    row = member.choices.filter(what=what).first() or Choice(member=member, what=what, allowed=False)
    if row.allowed == allowed:
        raise ChosenAlready(_("This is set so already."))
    row.allowed, row.chosen_on = allowed, on
    row.save()
    state(ChoiceMade(member=member.ref, what=Code(what.value), allowed=allowed))
    return row


@act
def erase_personal_words(*, by: Actor, on: date, member: Member) -> Choice:
    """Delete what a former member wrote and handed in, on request; number, dates, money and the sealed chain stay.

    Names on receipts are kept as long as the law keeps vouchers (F10); the entry of the directory is the office's,
    because posts and awards of other years name it.
    """
    require(may_keep_members(actor=by))
    member = Member.objects.one_locked(pk=member.pk)
    asked = member.choices.filter(what=Choice.What.ERASURE, allowed=True).first()
    if asked is None:
        raise NotAsked(_("%(name)s has not asked for it, or took it back.") % {"name": member.name})
    if Spell.objects.filter(member=member, ended_on=None).exists():
        raise StillMember(_("%(name)s is still a member; this is done after the exit.") % {"name": member.name})
    for application in member.applications.all():
        for row in (application, *application.steps.all()):
            _empty(row)
        Draft.objects.filter(application=application).delete()
        for one in Attachment.objects.filter(to=application.ref):
            detach_file(by=by, on=on, file=ref(KIND, one.file_id), to=application.ref)
    for row in (*Appeal.objects.filter(spell__member=member), *member.join_requests.all()):
        _empty(row)
    _forget(by=by, on=on, refs=[member.ref, *(one.ref for one in member.applications.all())])
    member.choices.filter(allowed=True).update(allowed=False, chosen_on=on)
    state(ChoiceMade(member=member.ref, what=Code("erased"), allowed=True))
    return asked


def _empty(row: Model) -> None:
    """Empty the personal and the sealed fields of a row."""
    sealed = {field.name for field in row._meta.fields if isinstance(field, SealedText)}
    for name in sealed.union(row.PERSONAL):  # type: ignore[attr-defined]
        setattr(row, name, "")
    row.save()


def _forget(*, by: Actor, on: date, refs: list[str]) -> None:
    """Delete the personal words that the ledger keeps beside facts of membership about these things."""
    named = Mention.objects.filter(ref__in=refs).values("position")
    facts = SealedFact.objects.filter(position__in=named, type__startswith="membership.")
    for key in Annex.objects.filter(key__in=facts.values("key")).values_list("key", flat=True):
        forget_annex(by=by, on=on, key=key, reason=Code("request"))
