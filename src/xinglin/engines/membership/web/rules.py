"""Pages of tiers: the matrix of conditions, rights and duties on a day, and changing it from a day on."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from xinglin.directory.web.days import asked_day
from xinglin.kernel import clock
from xinglin.shell.asking import actor_of
from xinglin.shell.web import allow, done, perform, signed_in

from ..actions.tiers import grant, revoke
from ..matrix import matrix
from ..policy import may_set_rules
from ..tiers import Entitlement, Tier
from .register_forms import RuleForm


@signed_in
def tiers(request: HttpRequest) -> HttpResponse:
    """Show who may and must do what, as it stood on a day."""
    on = asked_day(request)
    columns, lines = matrix(on=on)
    groups = [(label, [line for line in lines if line.word.kind == kind and any(line.cells)])
              for kind, label in Entitlement.Kind.choices]
    return render(request, "membership/tiers.html", {
        "tiers": columns, "groups": groups, "on": on, "is_today": on == clock.today(),
        "may_set": may_set_rules(actor=actor_of(request))})


@signed_in
def tier_rule(request: HttpRequest, code: str) -> HttpResponse:
    """Give a tier a condition, right or duty, or take it, from a day on."""
    tier = get_object_or_404(Tier, code=code)
    allow(may_set_rules(actor=actor_of(request)))
    form = RuleForm(request.POST or None)
    if form.is_valid():
        given = form.cleaned_data
        same = {"tier": tier, "code": given["code"], "from_on": given["from_on"]}
        outcome = (perform(request, revoke, form, **same) if given["holds"] == "no" else
                   perform(request, grant, form, amount=given["amount"], decision=given["decision"], **same))
        if outcome.ok:
            return done(request, _("Kept. It holds from %(day)s.") % {"day": given["from_on"]},
                        reverse("membership:tiers"))
    return render(request, "membership/form.html", {"form": form, "title": str(tier)},
                  status=422 if form.failed else 200)
