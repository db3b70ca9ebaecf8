"""Tells people at night what of a running plan waits for them: each thing once."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from xinglin.directory import answers as directory
from xinglin.kernel.notices import notify
from xinglin.kernel.refs import Ref, ref
from xinglin.kernel.scheduler import nightly
from xinglin.shell.operations.night import LABELS

from .commitments import Commitment
from .documents import Plan
from .running import ChangeRequest, Evidence, Supervision
from .supervising import settled, to_escalate
from .telling import deciding_people, leading_people

REPLY, TALK_DUE = "plans_reply_overdue", "plans_talk_due"
CHANGE, EVIDENCE = "plans_change_waiting", "plans_evidence_waiting"
NOTICES = (REPLY, TALK_DUE, CHANGE, EVIDENCE)
NIGHT = "plans.reminders"
LABELS[NIGHT] = _("Remind of what waits in the plans")


@nightly(NIGHT, at="06:10")
def remind(*, on: date) -> int:
    """Tell of overdue replies, talks that are due, and of changes and evidence that waited overnight; return how many.

    The key names the thing: a night run twice tells nobody twice, and a missed night is made up. What was settled
    before the night ran is not told of any more.
    """
    office = office_people(on=on)
    told = 0
    for plan in Plan.objects.filter(state=Plan.State.ADOPTED):
        told += _replies(plan, on) + _talks(plan, office, on) + _changes(plan, on) + _evidence(plan, office, on)
    return told


def office_people(*, on: date) -> list[Ref]:
    """Return who works in the office on a day: the owners of the plan."""
    offices = directory.of_kind("office", on=on)
    return _each(term.person for one in offices for term in directory.members_of(one.ref, on=on))


def _replies(plan: Plan, on: date) -> int:
    rows = Supervision.objects.filter(commitment__plan=plan, replied_on=None, reply_due_on__lt=on)
    late = list(rows.select_related("commitment__plan"))
    over = settled(plan=plan, on=on) if late else set()
    return sum(
        _tell(REPLY, one.pk, one.commitment, leading_people(commitment=one.commitment, on=on), due=one.reply_due_on)
        for one in late
        if one.commitment_id not in over
    )


def _talks(plan: Plan, office: list[Ref], on: date) -> int:
    return sum(
        _tell(TALK_DUE, f"{one.pk}/{reason}", one.commitment, office, again=reason == "red_again", due=one.reply_due_on)
        for one, reason in to_escalate(plan=plan, on=on)
    )


def _changes(plan: Plan, on: date) -> int:
    rows = ChangeRequest.objects.filter(commitment__plan=plan, state=ChangeRequest.State.ASKED, asked_on__lt=on)
    return sum(
        _tell(CHANGE, one.pk, one.commitment, deciding_people(commitment=one.commitment, on=on, but=one.by),
              asked=one.asked_on)
        for one in rows.select_related("commitment__plan")
    )


def _evidence(plan: Plan, office: list[Ref], on: date) -> int:
    rows = Evidence.objects.filter(commitment__plan=plan, state=Evidence.State.SUBMITTED, submitted_on__lt=on)
    return sum(
        _tell(EVIDENCE, one.pk, one.commitment, _but(one.by, office), submitted=one.submitted_on)
        for one in rows.select_related("commitment__plan")
    )


def _tell(template: str, key: object, commitment: Commitment, people: list[Ref], **given: Any) -> int:
    if not people:
        return 0
    words = {"no": commitment.no, "text": commitment.text[:120], **given}
    about = ref("plans.commitment", commitment.pk)
    return notify(to=people, template=template, key=str(key), about=about, context=words)


def _but(author: str, people: list[Ref]) -> list[Ref]:
    """Leave out who handed the thing in: a second person decides."""
    return [one for one in people if one != author]


def _each(people: Iterable[Ref]) -> list[Ref]:
    return list(dict.fromkeys(people))
