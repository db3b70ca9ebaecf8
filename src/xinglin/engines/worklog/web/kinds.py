"""The kinds of work an association counts: shown to staff, kept by the office."""

from collections import Counter
from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from xinglin.kernel import clock
from xinglin.shell.tables import Column, Table
from xinglin.shell.web import allow, done, perform, signed_in

from ..actions.words import KindWords, change_kind, extend_vocabulary, retire_kind
from ..entries import Entry
from ..policy import may_extend_vocabulary, may_read_register
from ..words import QUANTITIES, Kind
from .forms import KindForm, RetireForm


def _above(kind: Kind) -> str:
    """Return the headings a kind is counted under, nearest first."""
    above = kind.parent
    return "、".join(str(one) for one in (above, above.parent if above else None) if one)


def _in_use(kind: Kind) -> tuple[str, object]:
    return ("ok", _("In use")) if kind.in_use(clock.today()) else ("off", _("Out of use"))


class Kinds(Table):
    """Every kind with its words."""

    code = "worklog.kinds"
    unit = "种"
    per_page = 50
    search_hint = gettext_lazy("Code, name, other words")
    columns = (
        Column("name", gettext_lazy("Kind of work"), value=str, sub="code", at="name", sort=True,
               link=lambda kind: f"{reverse('worklog:register')}?kind={kind.code}"),
        Column("above", gettext_lazy("Counted under"), value=_above, sort=True),
        Column("units", gettext_lazy("Measure words"), value=lambda kind: " ".join(kind.units)),
        Column("nouns", gettext_lazy("Other words for it"), value=lambda kind: "、".join(kind.nouns), at="wide"),
        Column("counted", gettext_lazy("Counted besides"), value=lambda kind: "、".join(
            str(QUANTITIES[name][0]) for name in kind.quantities if name in QUANTITIES)),
        Column("used", gettext_lazy("Verified and counted"), kind="number", unit="条", sort=True),
        Column("state", gettext_lazy("State"), kind="status", value="code", words=_in_use, at="status",
               link=lambda kind: reverse("worklog:kind", args=[kind.code])),
    )


@signed_in
def kinds(request: HttpRequest) -> HttpResponse:
    """Show every kind under its heading, with its words and how much was counted."""
    allow(may_read_register(actor=request.actor))
    rows = list(Kind.objects.filter(group=False).select_related("parent__parent"))
    used = Counter(Entry.objects.counted().values_list("kind", flat=True))
    for one in rows:
        one.used = used[one.pk]
    return Kinds(request, rows=rows).response("worklog/kinds.html", {
        "number": len(rows), "may_extend": may_extend_vocabulary(actor=request.actor)})


def _words(form: KindForm) -> KindWords:
    given = form.cleaned_data
    return KindWords(
        code=given["code"],
        zh=given["zh"],
        en=given["en"],
        parent=given["parent"],
        group=given["group"],
        numbered=given["numbered"],
        pattern=given["pattern"],
        units=tuple(given["units"].split()),
        nouns=tuple(given["nouns"].split()),
        quantities=tuple(given["quantities"]),
        uses=tuple(given["uses"]),
    )


@signed_in
def add(request: HttpRequest) -> HttpResponse:
    """Introduce a kind."""
    allow(may_extend_vocabulary(actor=request.actor))
    form = KindForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        outcome = perform(request, extend_vocabulary, form, kind=_words(form))
        if outcome.ok:
            return done(
                request, _("“%(kind)s” is counted from today.") % {"kind": outcome.answer}, reverse("worklog:kinds")
            )
    return render(request, "worklog/kind.html", {"form": form, "kind": None})


def _initial(kind: Kind) -> dict[str, object]:
    """Return what the form of a kind begins with."""
    names = ("code", "zh", "en", "quantities", "uses", "numbered", "group", "pattern")
    plain = {name: getattr(kind, name) for name in names}
    return {**plain, "parent": kind.parent.code if kind.parent else "", "units": " ".join(kind.units),
            "nouns": " ".join(kind.nouns)}


@signed_in
def change(request: HttpRequest, code: str) -> HttpResponse:
    """Change the words of a kind; the rules it follows stay."""
    allow(may_extend_vocabulary(actor=request.actor))
    kind = get_object_or_404(Kind.objects.select_related("parent"), code=code)
    form = KindForm(request.POST or None, fixed=True, initial=_initial(kind))
    if request.method == "POST" and form.is_valid():
        words = replace(_words(form), regulations=tuple(kind.regulations))
        if perform(request, change_kind, form, kind=kind, words=words).ok:
            return done(request, _("Changed: %(kind)s.") % {"kind": kind}, reverse("worklog:kinds"))
    retiring = RetireForm(prefix="retire", initial={"until_on": clock.today()})
    return render(request, "worklog/kind.html", {"form": form, "kind": kind, "retire_form": retiring})


@require_POST
@signed_in
def retire(request: HttpRequest, code: str) -> HttpResponse:
    """Take a kind out of use."""
    kind = get_object_or_404(Kind, code=code)
    form = RetireForm(request.POST, prefix="retire")
    if form.is_valid() and perform(request, retire_kind, form, kind=kind, until_on=form.cleaned_data["until_on"]).ok:
        return done(request, _("“%(kind)s” is out of use.") % {"kind": kind}, reverse("worklog:kinds"))
    return render(request, "worklog/kind.html", {"form": None, "kind": kind, "retire_form": form})
