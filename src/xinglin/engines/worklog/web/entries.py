"""The page of one entry: what it says, its evidence, what happened to it, and what can be done now."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xinglin.kernel import clock, regulations
from xinglin.kernel.files import KIND, Attachment, keep
from xinglin.kernel.policy import Refusal
from xinglin.kernel.refs import ref
from xinglin.shell.web import allow, done, perform, signed_in

from ..actions.evidence import add_evidence, remove_evidence
from ..actions.work import submit_work, withdraw_work
from ..entries import Entry
from ..policy import (
    may_correct_work,
    may_prove_work,
    may_read_work,
    may_submit_work,
    may_verify_work,
    may_withdraw_work,
)
from ..words import QUANTITIES
from ..works import misses_evidence
from .choosing import region_name
from .files import evidence_of
from .forms import EvidenceForm, ReasonForm
from .lists import STATES
from .timeline import timeline, waiting

UNITS = {"people_on_site": "人次", "people_online": "人次", "patients": "人次", "hours": "学时", "items": "件"}


def quantities(entry: Entry) -> list[tuple[object, object, str]]:
    """Return what was counted besides: label, number, unit."""
    return [
        (label, value, UNITS.get(name, ""))
        for name, (label, _units) in QUANTITIES.items()
        if (value := getattr(entry, name)) is not None
    ]


def facts_of(entry: Entry) -> dict[str, object]:
    """Return what every page that shows an entry needs of it."""
    late = (entry.logged_on - entry.last_on).days
    return {
        "entry": entry,
        "quantities": quantities(entry),
        "evidence": evidence_of(entry),
        "bare": misses_evidence(entry, on=clock.today()),
        "light": STATES[entry.state],
        "region": region_name(entry.region),
        "twins": twins(entry),
        "late": late if late > int(regulations.value("WL2.late_days", on=entry.logged_on)) else 0,
    }


def twins(entry: Entry) -> list[Entry]:
    """Return other entries of the same kind and day: perhaps the same work, told twice."""
    same = Entry.objects.filter(kind=entry.kind, happened_on=entry.happened_on).exclude(pk=entry.pk)
    return list(same.exclude(state="withdrawn")[:5])


def found(request: HttpRequest, key: int) -> Entry:
    """Return the entry an address names, when the actor may read it."""
    entry = get_object_or_404(Entry.objects.told().prefetch_related("participants"), pk=key)
    allow(may_read_work(actor=request.actor, entry=entry))
    return entry


@signed_in
def entry(request: HttpRequest, key: int) -> HttpResponse:
    """Show one entry."""
    return page(request, found(request, key))


def page(request: HttpRequest, entry: Entry, **forms: object) -> HttpResponse:
    """Draw the page, with a form that came back where one was refused."""
    actor = request.actor
    return render(
        request,
        "worklog/entry.html",
        {
            **facts_of(entry),
            "said": timeline(entry.ref),
            "unsealed": waiting(entry.ref),
            "withdraw_form": ReasonForm(prefix="withdraw", label=_("Why it is withdrawn")),
            "evidence_form": EvidenceForm(prefix="evidence"),
            "may_correct": may_correct_work(actor=actor, entry=entry),
            "may_prove": may_prove_work(actor=actor, entry=entry),
            "may_remove": entry.state != "verified" and may_prove_work(actor=actor, entry=entry),
            "may_submit": may_submit_work(actor=actor, entry=entry),
            "may_verify": may_verify_work(actor=actor, entry=entry) if entry.state == "submitted" else None,
            "may_withdraw": may_withdraw_work(actor=actor, entry=entry),
            "today": clock.today(),
            **forms,
        },
    )


@require_POST
@signed_in
def hand_in(request: HttpRequest, key: int) -> HttpResponse:
    """Submit one entry from its page."""
    entry = found(request, key)
    outcome = perform(request, submit_work, entries=[entry])
    if outcome.ok:
        return done(request, _("Submitted. It counts once a second person has verified it."), _address(key))
    return page(request, entry, refusal=outcome.refusal)


@require_POST
@signed_in
def withdraw(request: HttpRequest, key: int) -> HttpResponse:
    """Take an entry back with a reason."""
    entry, form = found(request, key), ReasonForm(request.POST, prefix="withdraw", label=_("Why it is withdrawn"))
    if form.is_valid() and perform(request, withdraw_work, form, entry=entry, reason=form.cleaned_data["reason"]).ok:
        return done(request, _("Withdrawn; it counts no more."), _address(key))
    return page(request, entry, withdraw_form=form)


@require_POST
@signed_in
def take_off(request: HttpRequest, key: int, attachment: int) -> HttpResponse:
    """Take one photo or document off an entry that nobody has verified yet."""
    entry = found(request, key)
    row = get_object_or_404(Attachment, pk=attachment, to=entry.ref)
    outcome = perform(request, remove_evidence, entry=entry, file=ref(KIND, row.file_id))
    if outcome.ok:
        return done(request, _("Removed: %(name)s.") % {"name": row.name}, _address(key))
    return page(request, entry, refusal=outcome.refusal)


@require_POST
@signed_in
def evidence(request: HttpRequest, key: int) -> HttpResponse:
    """Attach one more photo or document."""
    entry, form = found(request, key), EvidenceForm(request.POST, request.FILES, prefix="evidence")
    if form.is_valid():
        try:
            files = [keep(content=form.cleaned_data["evidence"])]
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            if perform(request, add_evidence, form, entry=entry, evidence=files).ok:
                return done(request, _("Attached."), _address(key))
    return page(request, entry, evidence_form=form)


def _address(key: int) -> str:
    return reverse("worklog:entry", args=[key])
