"""Rules: all of them with the value in force, one with its history, and the association's own value."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from xinglin.kernel import clock
from xinglin.kernel.actions.regulations import override_regulation
from xinglin.kernel.regulations import UnknownRegulation, regulation

from ...naming import named
from ...tables import Choice, Column, Table, YesNo
from ...web import allow, done, perform, signed_in
from ..forms import OverrideForm
from ..policy import may_see_decisions
from ..rules import Rule, decisions, may_set, own_values, rule_on, rules_on

SURE = (("A", gettext_lazy("Printed text")), ("B", gettext_lazy("Reported, text not at hand")),
        ("C", gettext_lazy("Custom of the trade")))


def _sure(rule: Rule) -> str:
    return f"{rule.confidence}　{dict(SURE)[rule.confidence]}"


class Rules(Table):
    """Every rule with the value in force today."""

    code, unit = "operations.rules", "条"
    title = gettext_lazy("Rules and their sources")
    columns = (
        Column("title", gettext_lazy("Rule"), sort=True, at="name", sub="key",
               link=lambda row: reverse("shell:regulation", args=[row.key])),
        Column("value", gettext_lazy("Today"), value="with_unit"),
        Column("source", gettext_lazy("Source"), value="rule.source", at="wide"),
        Column("paper", gettext_lazy("Number and article"), at="wide"),
        Column("confidence", gettext_lazy("How sure"), value=_sure, sort=True),
        Column("own", gettext_lazy("Set by"), value=lambda row: gettext_lazy("The association") if row.own else ""),
    )
    filters = (Choice("confidence", gettext_lazy("How sure"), options=SURE),
               YesNo("own", gettext_lazy("Set by the association"), test=lambda row: row.own is not None))

    def rows(self) -> list[Rule]:
        """Return all rules as they hold today."""
        return rules_on(on=clock.today())


@require_http_methods(["GET", "HEAD", "POST"])
def regulations(request: HttpRequest) -> HttpResponse:
    """List the rules in force with their sources; they bind members too, so the page is open."""
    table = Rules(request)
    own = sum(1 for one in table.everything if one.own)
    return table.response("operations/regulations.html", {"rules": table.everything, "own": own})


def _rule(key: str) -> Rule:
    try:
        found = regulation(key)
    except UnknownRegulation:
        raise Http404(key) from None
    on = clock.today()
    return rule_on(found, own_values(on=on).get(key), on=on)


@require_http_methods(["GET"])
def regulation_page(request: HttpRequest, key: str) -> HttpResponse:
    """Show one rule: its source, its values by date, the reading taken, the others, and what was decided about it."""
    found, history = _rule(key), []
    if may_see_decisions(actor=request.actor):
        history = decisions(rule=found.rule, on=clock.today())
        named(one.row.by for one in history)
    context = {"one": found, "rule": found.rule, "now": found.value, "on": clock.today(), "history": history,
               "verdict": may_set(actor=request.actor, rule=found)}
    return render(request, "operations/regulation.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def override(request: HttpRequest, key: str) -> HttpResponse:
    """Set the association's own value for a rule."""
    found = _rule(key)
    allow(may_set(actor=request.actor, rule=found))
    form = OverrideForm(request.POST or None, rule=found, initial={"from_on": clock.today()})
    if form.is_valid():
        outcome = perform(request, override_regulation, form, regulation_id=key, **form.cleaned())
        if outcome.ok:
            said = _("Set from %(day)s.") % {"day": outcome.answer.from_on}
            return done(request, said, reverse("shell:regulation", args=[key]))
    return render(request, "operations/override.html", {"form": form, "one": found, "rule": found.rule},
                  status=422 if form.failed else 200)
