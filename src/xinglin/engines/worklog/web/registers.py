"""Registers: what is tracked, where each stands, the sites across registers, and what needs a look."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from xinglin.kernel import clock
from xinglin.kernel.refs import shown
from xinglin.shell.web import allow, done, perform, signed_in

from .. import answers
from ..actions.registers import open_track
from ..expecting import flags
from ..paths import finishes
from ..patterns import Pattern, patterns
from ..policy import may_change_track, may_keep_items, may_open_track, may_read_register
from ..registers import Item, Track
from .files import count_evidence
from .forms import TrackForm
from .lists import Items, flag_words

SITES = ("facility", "pilot", "centre")


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A register as the overview shows it."""

    track: Track
    standing: answers.Standing
    word: Any
    share: int | None
    number: int
    flagged: int


def kept(track: Track, on: Any) -> Kept:
    """Return how a register stands and how many of its items need a look."""
    items = told(track.items.all())
    standing = answers.standing(track, on=on)
    words = {
        "reached": pgettext_lazy("register", "Reached"),
        "running": _("In progress"),
        "missed": _("Target missed"),
        "strived": _("Strived for, not reached"),
    }
    share = min(100, round(100 * standing.done / standing.target)) if standing.target else None
    return Kept(
        track=track,
        standing=standing,
        word=words[standing.word],
        share=share,
        number=len(items),
        flagged=sum(bool(flags(one, on=on)) for one in items),
    )


def told(rows: Any) -> list[Item]:
    """Return items with what lists show of them: evidence, parties' names."""
    items = list(rows.select_related("track", "parent").prefetch_related("befores", "children__track"))
    count_evidence(items)
    names = shown([one.party for one in items if one.party])
    for one in items:
        one.party_label = names[one.party].label if one.party else ""
    return items


@signed_in
def overview(request: HttpRequest) -> HttpResponse:
    """Show all registers by sort, with what needs a look first."""
    allow(may_read_register(actor=request.actor))
    on = clock.today()
    tracks = [kept(one, on) for one in Track.objects.open()]
    closed = [kept(one, on) for one in Track.objects.exclude(closed_on=None).order_by("-closed_on", "title")]
    groups = [(sort, [one for one in tracks if one.track.pattern_code == code]) for code, sort in patterns().items()]
    return render(
        request,
        "worklog/registers.html",
        {
            "closed": closed,
            "groups": [(sort, rows) for sort, rows in groups if rows],
            "number": sum(one.number for one in tracks),
            "flagged": sum(one.flagged for one in tracks),
            "may_open": may_open_track(actor=request.actor),
        },
    )


@signed_in
def add(request: HttpRequest) -> HttpResponse:
    """Open a register."""
    allow(may_open_track(actor=request.actor))
    form = TrackForm(
        request.POST or None, actor=request.actor, on=clock.today(), initial={"pattern": request.GET.get("pattern", "")}
    )
    if request.method == "POST" and form.is_valid():
        outcome = perform(request, open_track, form, **form.cleaned_data)
        if outcome.ok:
            return done(request, _("Opened."), reverse("worklog:track", args=[outcome.answer.pk]))
    return render(
        request,
        "worklog/form.html",
        {
            "form": form,
            "title": _("Open a register"),
            "back": reverse("worklog:registers"),
            "back_label": _("Registers"),
            "submit": _("Open the register"),
            "say": _("A register is a list of items that pass the same stages."),
        },
    )


@signed_in
def pattern(request: HttpRequest, pattern: str) -> HttpResponse:
    """Show the items of all registers of one sort in one list."""
    allow(may_read_register(actor=request.actor))
    if pattern not in patterns():
        raise Http404(pattern)
    sort: Pattern = patterns()[pattern]
    items = told(Item.objects.filter(track__pattern_code=pattern, track__closed_on=None))
    flagged = [one for one in items if flags(one, on=clock.today())]
    return Items(request, rows=items, pattern=sort, one=False).response(
        "worklog/pattern.html",
        {
            "pattern": sort,
            "number": len(items),
            "flagged": len(flagged),
            "tracks": [kept(one, clock.today()) for one in Track.objects.open().filter(pattern_code=pattern)],
            "several": answers.listed_often().items() if pattern == "pilot" else (),
        },
    )


@signed_in
def track(request: HttpRequest, key: int) -> HttpResponse:
    """Show one register: its target, its items, for works the critical path."""
    allow(may_read_register(actor=request.actor))
    one = get_object_or_404(Track, pk=key)
    items, on = told(one.items.all()), clock.today()
    context: dict[str, Any] = {
        "kept": kept(one, on),
        "track": one,
        "may_keep": may_keep_items(actor=request.actor, track=one),
        "may_change": may_change_track(actor=request.actor, track=one),
    }
    if one.pattern_code == "construction":
        path = finishes(items, on=on)
        rows = sorted(((item, path[item.pk], flag_words(item, on)) for item in items), key=lambda row: row[1].starts_on)
        end = max((found.finishes_on for found in path.values()), default=None)
        context |= {
            "path": rows,
            "end": end,
            "in_time": not (end and one.due_on) or end <= one.due_on,
            "late": (end - one.due_on).days if end and one.due_on and end > one.due_on else 0,
        }
    return Items(request, rows=items, pattern=one.pattern, one=True).response("worklog/track.html", context)


def _cell(items: list[Item], on: Any) -> list[tuple[Item, Any]]:
    return [(item, flag_words(item, on)) for item in items]


@signed_in
def sites(request: HttpRequest) -> HttpResponse:
    """Show every site or institution across the registers it stands in; whoever is listed often is marked."""
    allow(may_read_register(actor=request.actor))
    on = clock.today()
    items = told(Item.objects.filter(track__pattern_code__in=SITES, track__closed_on=None).exclude(subject=""))
    tracks = list(dict.fromkeys(one.track for one in items))
    rows: dict[str, list[Item]] = {}
    for one in items:
        rows.setdefault(one.subject, []).append(one)
    table = [(subject, [_cell([item for item in found if item.track_id == one.pk], on) for one in tracks], len(found))
             for subject, found in rows.items()]
    return render(
        request,
        "worklog/sites.html",
        {
            "tracks": [kept(one, on) for one in tracks],
            "rows": sorted(table, key=lambda row: -row[2]),
            "double": sum(number > 1 for _subject, _cells, number in table),
        },
    )
