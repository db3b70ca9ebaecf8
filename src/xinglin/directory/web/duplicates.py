"""Pages of duplicates: likely pairs, two entries side by side with what a merge would move, and undoing one."""

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xinglin.kernel import clock, regulations
from xinglin.kernel.policy import Refusal
from xinglin.shell.asking import actor_of
from xinglin.shell.web import allow, done, perform, signed_in

from .. import policy
from ..actions.merging import distinguish_people, merge_people, preview_merge, undo_until, unmerge_people
from ..duplicates import Pair, duplicates
from ..merges import Merge
from ..people import Person

SHOWN, SECONDS = 100, 120
KEY = "directory.duplicates"


@signed_in
def pairs(request: HttpRequest) -> HttpResponse:
    """List pairs that may be one person, surest first, and merges that can still be undone."""
    allow(policy.may_merge_people(actor=actor_of(request)))
    on = clock.today()
    found: list[Pair] = cache.get_or_set(KEY, lambda: duplicates(on=on), SECONDS) or []
    wanted = {key for one in found[:SHOWN] for key in (one.first, one.second)}
    rows = Person.objects.known().filter(pk__in=wanted).prefetch_related("employments__organisation")
    people = {row.pk: row for row in rows}
    shown = [(one, people[one.first], people[one.second]) for one in found[:SHOWN]
             if one.first in people and one.second in people]
    merges = [one for one in Merge.objects.filter(undone_on=None).select_related("loser", "winner")[:50]
              if on < undo_until(one, on=on)]
    return render(request, "directory/duplicates.html", {
        "pairs": shown, "count": len(found), "merges": [(one, undo_until(one, on=on)) for one in merges]})


@signed_in
def compare(request: HttpRequest, first: int, second: int) -> HttpResponse:
    """Show two entries side by side; the first would go up in the second."""
    allow(policy.may_merge_people(actor=actor_of(request)))
    loser, winner = get_object_or_404(Person, pk=first), get_object_or_404(Person, pk=second)
    back = reverse("directory:duplicates")
    if request.method == "POST":
        cache.delete(KEY)
        if request.POST.get("do") == "distinct":
            outcome = perform(request, distinguish_people, first=loser.ref, second=winner.ref)
            said = _("Noted: two people.")
        else:
            outcome = perform(request, merge_people, loser=loser.ref, winner=winner.ref)
            said = _("Merged into %(name)s.") % {"name": winner.name}
            back = winner.get_absolute_url()
        return done(request, said if outcome else outcome.refusal, back, level="ok" if outcome else "bad")
    return render(request, "directory/compare.html", _compared(request, loser, winner))


def _compared(request: HttpRequest, loser: Person, winner: Person) -> dict[str, object]:
    refusal, previews = None, []
    try:
        previews = preview_merge(by=actor_of(request), on=clock.today(), loser=loser.ref, winner=winner.ref)
    except Refusal as refused:
        refusal = refused
    return {"loser": loser, "winner": winner, "previews": previews, "refusal": refusal,
            "undo_text": _("The merge can be undone for %(days)s days.") % {
                "days": regulations.value("DR1.merge_undo_days", on=clock.today())}}


@signed_in
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo a merge."""
    cache.delete(KEY)
    merge = get_object_or_404(Merge, pk=pk)
    outcome = perform(request, unmerge_people, merge=merge.ref)
    return done(request, _("The merge was undone: two entries stand again.") if outcome else outcome.refusal,
                merge.loser.get_absolute_url(), level="ok" if outcome else "bad")
