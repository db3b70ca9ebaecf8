"""Takes sensitive columns out of the house only with a second person."""

from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from xinglin.kernel import clock
from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act, state
from xinglin.kernel.policy import Refusal, require
from xinglin.kernel.refs import Code
from xinglin.kernel.regulations import value

from ...accounts import Account
from ..facts import ExportApproved, ExportAsked, ExportDeclined, ExportFetched
from ..models import ExportRequest
from ..policy import may_ask_export, may_decide_export


class NotOpen(Refusal):
    """The request is not approved, its hours are over, or it was fetched before."""

    regulation = "SE5.hours"


def _account(actor: Actor) -> Account:
    return Account.objects.get(pk=actor.ref.key)


def _locked(request: ExportRequest) -> ExportRequest:
    return ExportRequest.objects.select_for_update().get(pk=request.pk)


@act
def ask_export(
    *, by: Actor, on: date, export: str, query: str, columns: list[str], rows: int, reason: str
) -> ExportRequest:
    """Ask to take sensitive columns of a list out; `query` is the address of the list with its conditions."""
    require(may_ask_export(actor=by))
    if not reason.strip():
        raise Refusal(_("Say what the numbers are needed for."), field="reason")
    asked = ExportRequest(
        export=export, query=query, columns=columns, rows=rows, reason=reason.strip(), asked_by=_account(by),
        asked_at=clock.now(),
    )  # fmt: skip
    asked.save()
    state(ExportAsked(
        request=asked.ref, export=Code(export), columns=tuple(Code(one) for one in columns), rows=rows,
        reason=asked.reason,
    ))  # fmt: skip
    return asked


@act
def decide_export(*, by: Actor, on: date, asked: ExportRequest, approve: bool) -> None:
    """Approve or decline as the second person; an approval opens one download for some hours."""
    request = _locked(asked)
    require(may_decide_export(actor=by, request=request))
    if request.state != ExportRequest.State.ASKED:
        raise NotOpen(_("This request was decided before."))
    now, hours = clock.now(), int(value("SE5.hours", on=on))
    request.decided_by, request.decided_at = _account(by), now
    request.state = ExportRequest.State.APPROVED if approve else ExportRequest.State.DECLINED
    request.open_until = now + timedelta(hours=hours) if approve else None
    request.save()
    state(ExportApproved(request=request.ref, hours=hours) if approve else ExportDeclined(request=request.ref))


@act
def fetch_export(*, by: Actor, on: date, asked: ExportRequest, rows: int) -> None:
    """Use up the one download; the caller writes the file in the same transaction."""
    request = _locked(asked)
    if by.ref != request.asked_by.ref:
        raise NotOpen(_("Only the one who asked fetches the file."))
    now = clock.now()
    if request.state != ExportRequest.State.APPROVED or request.open_until is None or request.open_until <= now:
        raise NotOpen(_("The request is not approved, its hours are over, or the file was fetched before."),
                      instead=_("Ask again."))  # fmt: skip
    request.state, request.fetched_at = ExportRequest.State.FETCHED, now
    request.save()
    state(ExportFetched(request=request.ref, rows=rows))
