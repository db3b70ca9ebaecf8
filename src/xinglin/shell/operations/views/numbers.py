"""Document numbers: the register, the series, giving a number and voiding one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from xinglin.kernel import clock
from xinglin.kernel.actions.numbering import issue_number, open_series, void_number
from xinglin.kernel.ledger.models import Mention, SealedFact
from xinglin.kernel.numbering import IssuedNumber, NumberSeries
from xinglin.kernel.refs import Code, Ref
from xinglin.kernel.regulations import value
from xinglin.kernel.rights import may_open_series

from ...web import allow, done, perform, signed_in
from .. import policy
from ..forms import GiveForm, SeriesForm, VoidForm
from ..register import Numbers, reason_word, series_lines, summary


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def numbers(request: HttpRequest) -> HttpResponse:
    """Show the register of numbers and the series they come from."""
    allow(policy.may_see_numbers(actor=request.actor))
    lines = series_lines(on=clock.today())
    return Numbers(request).response("operations/numbers.html", {
        "lines": lines, "answer": summary(lines), "verdict": policy.may_keep_numbers(actor=request.actor)})


def _about(request: HttpRequest) -> Ref | None:
    """Return what the number is for, when another page sent the reader here with it."""
    try:
        return Ref(request.GET.get("about", ""))
    except ValueError:
        return None


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def give(request: HttpRequest) -> HttpResponse:
    """Give the next number of a series."""
    allow(policy.may_keep_numbers(actor=request.actor))
    form, about = GiveForm(request.POST or None, initial={"series": request.GET.get("series", "")}), _about(request)
    if form.is_valid():
        outcome = perform(request, issue_number, form, code=Code(form.cleaned_data["series"]), about=about)
        if outcome.ok:
            said = _("%(number)s is given.") % {"number": outcome.answer.text}
            return done(request, said, reverse("operations:number", args=[outcome.answer.pk]))
    lines = series_lines(on=clock.today())
    return render(request, "operations/give.html", {"form": form, "about": about, "lines": lines},
                  status=422 if form.failed else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def series(request: HttpRequest, code: str = "") -> HttpResponse:
    """Open a series, or change how its coming numbers are written."""
    allow(may_open_series(actor=request.actor))
    row, standard = (get_object_or_404(NumberSeries, pk=code) if code else None), value("X2.form", on=clock.today())
    initial = {"code": row.pk, "label": row.label, "pattern": row.pattern,
               "official": row.pattern.endswith(standard)} if row else {"pattern": standard, "official": True}
    form = SeriesForm({**request.POST.dict(), **({"code": code} if code else {})} if request.POST else None,
                      initial=initial)
    form.fields["code"].disabled = row is not None
    if form.is_valid():
        given = form.cleaned_data
        if row is None and NumberSeries.objects.filter(pk=given["code"]).exists():
            form.add_error("code", _("There is a series with this code. Open it to change it."))
        elif perform(request, open_series, form, code=Code(given["code"]), label=given["label"],
                     pattern=given["pattern"], official=given["official"]).ok:
            return done(request, _("Numbers to come are written so."), reverse("operations:numbers"))
    return render(request, "operations/series.html", {"form": form, "series": row}, status=422 if form.failed else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def number(request: HttpRequest, key: int) -> HttpResponse:
    """Show one number and what was said of it; by POST void it."""
    allow(policy.may_see_numbers(actor=request.actor))
    row = get_object_or_404(IssuedNumber.objects.select_related("series"), pk=key)
    form, verdict = VoidForm(request.POST or None), policy.may_keep_numbers(actor=request.actor)
    if request.method == "POST":
        allow(verdict)
    if form.is_valid():
        outcome = perform(request, void_number, form, number=row.ref, reason=Code(form.cleaned_data["reason"]))
        if outcome.ok:
            said = _("%(number)s is void; it stays in the register.") % {"number": row.text}
            return done(request, said, reverse("operations:number", args=[row.pk]))
    positions = Mention.objects.filter(ref=row.ref).values("position")
    return render(request, "operations/number.html", {
        "row": row, "form": form, "verdict": verdict, "reason": reason_word(row.reason) if row.reason else "",
        "facts": SealedFact.objects.filter(position__in=positions).order_by("-position")},
        status=422 if form.failed else 200)
