"""The page on which a member says whether they recommend an applicant: by the key they were sent, or signed in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from xinglin.directory.security.rates import limited
from xinglin.kernel.policy import no
from xinglin.shell.web import allow, done, perform, signed_in

from ..actions.recommending import answer_recommendation
from ..applicants import said_by
from ..applications import OVER, Recommendation
from ..policy import is_own


@limited("recommend")
def recommend(request: HttpRequest, key: str) -> HttpResponse:
    """Show who asks for a recommendation, and take the answer."""
    rows = Recommendation.objects.select_related("application__tier", "application__branch", "member__person")
    row, refusal = get_object_or_404(rows, key=key), None
    if request.method == "POST" and request.POST.get("answer") in ("yes", "no"):
        vouched = request.POST["answer"] == "yes"
        outcome = perform(request, answer_recommendation, key=key, vouched=vouched)
        if outcome.ok:
            said = _("Thank you: you recommend %(name)s.") if vouched else _("Noted: you do not recommend %(name)s.")
            return done(request, said % {"name": row.application.name}, reverse("membership:recommend", args=[key]))
        refusal = outcome.refusal
    said = said_by(row.application)
    return render(request, "membership/recommend.html", {
        "row": row, "application": row.application, "refusal": refusal, "over": row.application.state in OVER,
        "work": said.get("employer") or said.get("school") or ""}, status=409 if refusal else 200)


@signed_in
def recommendation(request: HttpRequest, pk: int) -> HttpResponse:
    """Lead the member who was asked from the inbox to the page."""
    row = get_object_or_404(Recommendation.objects.select_related("member__person"), pk=pk)
    if not is_own(actor=request.actor, member=row.member):
        allow(no(_("Another member was asked.")))
    return redirect("membership:recommend", row.key)
