"""What waits for one person: to confirm, to decide, to verify, to answer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xinglin.kernel.actors import Actor
from xinglin.shell.naming import named

from ..commitments import Commitment
from ..documents import Plan
from ..policy import may_answer_supervision, may_decide_change, may_read_document, may_verify_evidence
from ..running import ChangeRequest, Evidence, Supervision
from .telling import quantity


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """One thing that waits: what, since when or until when, where to do it."""

    label: str
    note: str
    url: str
    late: bool = False


def waiting_for(*, actor: Actor, on: date, most: int = 20) -> list[Waiting]:
    """Return what waits for this actor, the most urgent first."""
    return [*_answers(actor, on), *_changes(actor), *_evidence(actor), *_proposals(actor)][:most]


def _proposals(actor: Actor) -> Iterable[Waiting]:
    if not may_read_document(actor=actor):
        return
    for plan in Plan.objects.exclude(state=Plan.State.CLOSED):
        count = plan.commitments.waiting().count()
        url = reverse("plans:plan", args=[plan.pk])
        if count:
            said = ngettext("%(n)s proposal to confirm", "%(n)s proposals to confirm", count) % {"n": count}
            yield Waiting(label=said, note=plan.title, url=url)
        elif plan.state == Plan.State.DRAFT and plan.commitments.accepted().exists():
            yield Waiting(label=_("All confirmed; the plan can be adopted"), note=plan.title, url=url)


def _changes(actor: Actor) -> Iterable[Waiting]:
    rows = list(ChangeRequest.objects.filter(state=ChangeRequest.State.ASKED).select_related("commitment__plan"))
    mine = [one for one in rows if may_decide_change(actor=actor, request=one)]
    labels = named(one.by for one in mine)
    for one in mine:
        yield Waiting(
            label=change_text(one),
            note=_("%(who)s, asked on %(on)s") % {"who": labels[one.by].label, "on": one.asked_on},
            url=reverse("plans:commitment", args=[one.commitment_id]) + "#changes",
        )


def change_text(one: ChangeRequest) -> str:
    """Return what a request asks for: 四-2 target 16 → 14 项."""
    commitment = one.commitment
    said = []
    if one.cancel:
        said.append(_("cancel"))
    if one.value_min is not None:
        unit = commitment.unit
        said.append(
            _("target from %(old)s to %(new)s")
            % {"old": quantity(commitment.target, unit), "new": quantity(one.value_min, unit)}
        )
    if one.deadline:
        said.append(_("deadline to %(on)s") % {"on": one.deadline})
    if one.lead:
        said.append(_("lead to %(unit)s") % {"unit": named([one.lead])[one.lead].label})
    return f"{commitment.no} " + _(", ").join(said)


def _evidence(actor: Actor) -> Iterable[Waiting]:
    rows = Evidence.objects.filter(state=Evidence.State.SUBMITTED).select_related("commitment__plan")[:200]
    for one in rows:
        if may_verify_evidence(actor=actor, evidence=one):
            yield Waiting(
                label=_("%(no)s: evidence to verify") % {"no": one.commitment.no},
                note=_("%(text)s, handed in on %(on)s") % {"text": one.words[:30], "on": one.submitted_on},
                url=reverse("plans:commitment", args=[one.commitment_id]) + "#evidence",
            )


def _answers(actor: Actor, on: date) -> Iterable[Waiting]:
    rows = Supervision.objects.filter(replied_on=None).select_related("commitment__plan").order_by("reply_due_on")
    for one in rows:
        if may_answer_supervision(actor=actor, supervision=one) and not actor.has("house"):
            yield Waiting(
                label=_("%(no)s: answer the supervision notice") % {"no": one.commitment.no},
                note=_("due on %(on)s") % {"on": one.reply_due_on},
                url=reverse("plans:commitment", args=[one.commitment_id]) + "#supervision",
                late=one.reply_due_on < on,
            )


def count_to_confirm(actor: Actor) -> int:
    """Return how many proposals wait for the office: the count beside 工作要点."""
    if not may_read_document(actor=actor):
        return 0
    return Commitment.objects.waiting().exclude(plan__state=Plan.State.CLOSED).count()
