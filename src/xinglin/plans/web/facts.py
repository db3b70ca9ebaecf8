"""The facts behind a figure: every number of plans opens down to what it counts."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from xinglin.kernel import clock
from xinglin.kernel.facts import fact_types
from xinglin.kernel.ledger.models import SealedFact
from xinglin.kernel.refs import Shown
from xinglin.kernel.vocabulary import Term, terms
from xinglin.shell.naming import fact_label, named
from xinglin.shell.navigation import address
from xinglin.shell.tables import Column, Dates, Table
from xinglin.shell.units import speaks_chinese

from ..choosing import SHARES, Choice
from ..happened import total_kept
from ..measures import Measure
from ..measuring import Asked, counted, parts_of, stopped_at
from .doors import reads_plans

LEDGER_FACT = "ledger:fact"


def proof_of(fact: SealedFact) -> str:
    """Return where the ledger shows a fact and its proof."""
    return address(LEDGER_FACT, {"position": fact.position})


def about(fact: SealedFact) -> str:
    """Return what a fact names, in words; refs that nobody can name are left out."""
    refs = _named_in(fact)
    labels = named(refs)
    words = dict.fromkeys(labels[one].label for one in refs if labels[one].label != one)
    return "　".join(list(words)[:4])


def _named_in(fact: SealedFact) -> list[str]:
    values = [value for name, value in fact.body.items() if not name.endswith("_by")]
    refs = [one for value in values for one in _refs(value)]
    return sorted(refs, key=lambda one: one.startswith("directory."))[:12]  # the thing first, then who and where


def _refs(value: Any) -> list[str]:
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str) and ":" in one]


def who(ref: str, labels: dict[str, Shown]) -> str:
    """Return the name of whoever acted; parts of the house are the house."""
    return gettext("the house") if ref.startswith("kernel.house:") else labels[ref].label


class FactTable(Table):
    """Facts that count for one figure, with their place in the ledger and what each adds."""

    code = "plans.facts"
    title = _("Facts behind the figure")
    columns = (
        Column("happened_on", _("Date"), kind="date", sort=True),
        Column("what", _("What happened"), value=lambda fact: fact_label(fact.type), at="name", sub=about),
        Column("position", _("Position"), kind="id", sort=True, link=proof_of),
        Column("adds", _("Adds"), kind="number"),
    )
    filters = (Dates("happened", _("Date"), lookup="happened_on"),)
    order = ("-happened_on", "-position")
    search = ("content",)  # refs and codes as the ledger holds them
    saves = False
    empty = (
        _("No fact counts here yet"),
        _("Facts arrive from the work itself; this page shows them at once."),
        "",
        "",
    )

    def rows(self) -> Any:
        """Return the facts that count, each with what it adds."""
        return counted(asked=self.given["asked"], upto=self.given.get("upto")).defer("content", "link")

    def prepare(self, rows: list[Any]) -> None:
        """Ask at once for the labels of everything these facts name."""
        super().prepare(rows)
        field = self.given["asked"].field
        named(ref for fact in rows for ref in (*_named_in(fact), *_refs(fact.body.get(field))))

    def __init__(self, request: HttpRequest, **given: Any) -> None:
        super().__init__(request, **given)
        asked: Asked = given["asked"]
        adds = Column("adds", _("Adds"), kind="number", value=lambda fact: added(asked, fact))
        distinct = Column("adds", _("Counted apart"), value=lambda fact: _keys(fact.body.get(asked.field)))
        last = distinct if asked.how == Measure.How.DISTINCT else adds
        self.columns = (*type(self).columns[:-1], last)


def added(asked: Asked, fact: SealedFact) -> Decimal:
    """Return what one fact adds to the figure."""
    if asked.summed or asked.latest:
        return Decimal(str(fact.body.get(asked.field) or 0))
    return Decimal(1)


def _keys(value: Any) -> str:
    keys = [] if value is None else value if isinstance(value, list) else [value]
    refs = [str(one) for one in keys]
    labels = named(one for one in refs if ":" in one)
    return "、".join(labels[one].label if one in labels else one for one in refs)


@reads_plans
def facts(request: HttpRequest, key: int) -> HttpResponse:
    """List the facts behind a measure."""
    measure = get_object_or_404(Measure.objects.select_related("commitment__plan"), pk=key)
    asked, upto = Asked.of(measure), stopped_at(plan=measure.commitment.plan)
    context = {
        "asked": asked,
        "label": measure.label,
        "commitment": measure.commitment,
        "parts": parts_of(asked=asked, upto=upto) if asked.how == Measure.How.RATIO else (),
        "figure": total_kept(asked=asked, upto=upto),
        "unit": unit_of(measure),
        "span": (measure.from_on, measure.until_on),
    }
    return FactTable(request, asked=asked, upto=upto).response("plans/facts.html", context)


def unit_of(measure: Measure) -> str:
    """Return the unit a measure's figure is read in."""
    if measure.how in SHARES:
        return "%"
    return measure.commitment.unit if measure.main else _unit_of_term(measure)


def _unit_of_term(measure: Measure) -> str:
    wanted = [tuple(one) for one in measure.filter]
    for one in terms(clock.today()):
        if (one.fact, one.field or "", list(one.filter)) == (measure.fact_type, measure.field, wanted):
            return one.units[0] if one.units else ""
    return ""


@reads_plans
def counted_in_year(request: HttpRequest) -> HttpResponse:
    """List the facts a term counts in a calendar year: what a proposal would have counted."""
    term = next((one for one in terms(clock.today()) if one.key == request.GET.get("term")), None)
    year = request.GET.get("year", "")
    if term is None or not (year.isdigit() and 1990 <= int(year) <= 2100):
        raise Http404
    choice = _choice_of(request, term)
    asked = choice.asked(year=int(year))
    context = {
        "asked": asked,
        "parts": parts_of(asked=asked) if asked.how == Measure.How.RATIO else (),
        "label": choice.label if choice.base else term.zh if speaks_chinese() else term.en,
        "figure": total_kept(asked=asked),
        "unit": "%" if choice.how in SHARES else term.units[0] if term.units else "",
        "span": (asked.from_on, date(int(year) + 1, 1, 1)),
        "back": reverse("plans:year"),
    }
    return FactTable(request, asked=asked).response("plans/facts.html", context)


def _choice_of(request: HttpRequest, term: Term) -> Choice:
    """Return what the address asks: a term, narrowed by fields of its facts, or as a share of another term."""
    how = request.GET.get("how", "")
    fields = {one.field for one in fact_types()[term.fact].VOCABULARY.dimensions}
    parts = [one.partition("=") for one in request.GET.getlist("narrow")]
    extra = tuple((name, value) for name, equals, value in parts if equals and name in fields)
    base = next((one for one in terms(clock.today()) if one.key == request.GET.get("base")), None)
    if how == Measure.How.RATIO and base is None:
        raise Http404
    return Choice(term=term, how=how if how in Measure.How.values else term.measure, extra=extra, base=base)
