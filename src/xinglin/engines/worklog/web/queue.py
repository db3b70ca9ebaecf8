"""The queue of a second person: one entry with its evidence beside, verify or send back, then the next."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from xinglin.shell.web import allow, done, perform, signed_in

from ..actions.verifying import return_work, verify_work
from ..entries import Entry
from ..policy import identity, may_verify_anything, may_verify_work, verifiable_by
from .entries import facts_of
from .forms import ReasonForm


def waiting_for(actor: Any) -> Any:
    """Return the entries an actor could verify: theirs by right, not written by them."""
    me = identity(actor)
    rows = Entry.objects.waiting().filter(verifiable_by(actor))
    return rows.exclude(logged_by=me).exclude(changed_by=me).exclude(submitted_by=me)


@signed_in
def queue(request: HttpRequest) -> HttpResponse:
    """Show the queue with one entry open: the one the address names, else the one that waits longest."""
    allow(may_verify_anything(actor=request.actor))
    return page(request, key=request.GET.get("entry", ""))


def page(request: HttpRequest, *, key: str, **forms: object) -> HttpResponse:
    """Draw the queue."""
    rows = list(waiting_for(request.actor).told().prefetch_related("participants")[:200])
    at = next((place for place, one in enumerate(rows) if str(one.pk) == str(key)), 0)
    current = rows[at] if rows else None
    context: dict[str, Any] = {
        "rows": rows,
        "current": current,
        "at": at + 1,
        "return_form": ReasonForm(prefix="return", label=_("Why it goes back")),
    }
    if current:
        context |= facts_of(current)
        context |= {
            "before": rows[at - 1] if at else None,
            "after": rows[at + 1] if at + 1 < len(rows) else None,
            "verdict": may_verify_work(actor=request.actor, entry=current),
        }
    return render(request, "worklog/queue.html", {**context, **forms})


def _next(request: HttpRequest, key: int) -> str:
    """Return the address of the queue at the entry after this one."""
    rows = list(waiting_for(request.actor).values_list("pk", flat=True)[:200])
    after = rows[rows.index(key) + 1 :] if key in rows else rows
    return f"{reverse('worklog:queue')}?entry={after[0]}" if after else reverse("worklog:queue")


@require_POST
@signed_in
def verify_one(request: HttpRequest, key: int) -> HttpResponse:
    """Confirm one entry and go to the next."""
    entry, following = get_object_or_404(Entry, pk=key), _next(request, key)
    outcome = perform(request, verify_work, entries=[entry])
    if outcome.ok:
        return done(request, _("Verified: %(title)s. It counts from now on.") % {"title": entry.title}, following)
    return page(request, key=str(key), refusal=outcome.refusal)


@require_POST
@signed_in
def send_back(request: HttpRequest, key: int) -> HttpResponse:
    """Return one entry with a reason and go to the next."""
    entry, form = (
        get_object_or_404(Entry, pk=key),
        ReasonForm(request.POST, prefix="return", label=_("Why it goes back")),
    )
    following = _next(request, key)
    if form.is_valid() and perform(request, return_work, form, entry=entry, reason=form.cleaned_data["reason"]).ok:
        return done(request, _("Returned: %(title)s.") % {"title": entry.title}, following)
    return page(request, key=str(key), return_form=form)


@require_POST
@signed_in
def verify_many(request: HttpRequest) -> HttpResponse:
    """Confirm the entries ticked; those that cannot be stay, each with its reason."""
    entries = list(Entry.objects.filter(pk__in=request.POST.getlist("key")))
    outcome = perform(request, verify_work, entries=entries)
    if not outcome.ok:
        return page(request, key="", refusal=outcome.refusal)
    number = len(outcome.answer.verified)
    say = ngettext("%(n)d entry verified.", "%(n)d entries verified.", number) % {"n": number}
    for one in outcome.answer.refused:
        say += f" {entries[one.row].title}: {one.message}"
    return done(request, say, reverse("worklog:queue"), level="warn" if outcome.answer.refused else "ok")
