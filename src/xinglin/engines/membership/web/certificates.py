"""The certificate: the public page behind its square code, the paper, and what the office does with it."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from xinglin.directory import answers as directory
from xinglin.directory.security.rates import limited
from xinglin.kernel import clock
from xinglin.kernel.policy import YES, no
from xinglin.shell.web import allow, done, perform, signed_in

from ..actions.certificates import issue_certificate, revoke_certificate
from ..certificates import Certificate
from ..certifying import certificate_pdf, certified
from ..members import Member
from ..policy import may_keep_members, speaks_for
from .certificates_forms import RevokeForm
from .leaving import page_of
from .mine import card_of

_ROWS = Certificate.objects.select_related("spell__member__person", "spell__member__unit")


@limited("certificate", methods=("GET", "HEAD"))
def public(request: HttpRequest, key: str) -> HttpResponse:
    """Say whether a certificate holds today; without account, and no more about the holder than the holder chose."""
    row, on = _ROWS.filter(key=key).prefetch_related("spell__coverages").first(), clock.today()
    shown = certified(row, on=on) if row else None
    response = render(request, "membership/certified.html", {"shown": shown, "on": on}, status=200 if row else 404)
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


@signed_in
def paper(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Give the certificate as PDF to its holder or the office."""
    row = get_object_or_404(_ROWS, pk=pk)
    member, on = row.spell.member, clock.today()
    mine = speaks_for(actor=request.actor, member=member, on=on) or may_keep_members(actor=request.actor)
    allow(YES if mine else no(_("A certificate is given to its holder only. Whether it holds, everybody can see.")))
    ours = directory.association(on=on)
    content = certificate_pdf(row, on=on, issuer=ours.name if ours else "")
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{row.number}.pdf"'
    return response


@signed_in
def office(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a member's certificates to the office; make one out, or revoke one with a reason."""
    member = get_object_or_404(Member.objects.select_related("person", "unit"), pk=pk)
    allow(may_keep_members(actor=request.actor))
    papers, form = list(_ROWS.filter(spell__member=member)), RevokeForm(request.POST or None)
    held = next((one for one in papers if one.revoked_on is None), None)
    if held and form.is_valid():
        if perform(request, revoke_certificate, form, certificate=held, why=form.cleaned_data["why"]):
            return done(request, _("Revoked; its public page says so."), _office(pk))
    elif request.method == "POST" and not held:
        outcome = perform(request, issue_certificate, member=member)
        words = _("Certificate made out.") if outcome.ok else outcome.refusal
        return done(request, words, _office(pk), level="ok" if outcome.ok else "bad")
    return render(request, "membership/certificates.html", {
        "member": member, "papers": papers, "held": held, "form": form, "back": page_of(member),
        "card": card_of(member, on=clock.today())}, status=422 if held and form.failed else 200)


def _office(pk: int) -> str:
    return reverse("membership:certificates", args=[pk])
