"""What everybody may read: whether a certificate holds, and the documents by which credentials are verified."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render

from xinglin.directory import answers as directory
from xinglin.directory.security.rates import limited
from xinglin.kernel import clock
from xinglin.shell.asking import actor_of
from xinglin.shell.web import allow, signed_in

from .. import badges, signing
from ..certificates import Certificate
from ..certifying import certificate_pdf, found, verified
from ..codes import grouped
from ..policy import may_take_paper
from ..projects import Project
from .forms import CodeForm

_PAPERS = Certificate.objects.select_related("award__person", "award__project", "award__claim")


@limited("certificate", methods=("GET", "HEAD"))
def verify(request: HttpRequest) -> HttpResponse:
    """Ask for the code of a certificate."""
    form = CodeForm(request.GET if "code" in request.GET else None)
    if form.is_valid():
        return redirect("learning:verified", code=grouped(form.cleaned_data["code"]))
    return render(request, "learning/verify.html", {"form": form})


@limited("certificate", methods=("GET", "HEAD"))
def public(request: HttpRequest, code: str) -> HttpResponse:
    """Say whether a certificate holds; without account, and no more about the holder than the holder chose."""
    row, on = found(code), clock.today()
    response = render(request, "learning/verified.html", {"shown": verified(row, on=on) if row else None, "on": on,
                                                          "code": code}, status=200 if row else 404)
    response["Cache-Control"], response["X-Robots-Tag"] = "no-store", "noindex"
    return response


@limited("certificate", methods=("GET", "HEAD"))
def public_json(request: HttpRequest, code: str) -> HttpResponse:
    """Say the same for programs of employers."""
    row, on = found(code), clock.today()
    if row is None:
        return _published({"state": "unknown"}, status=404)
    shown = verified(row, on=on)
    figures = {} if shown.state == "altered" else {
        "name": shown.name, "document": shown.document, "project": shown.project,
        "project_number": shown.project_number, "level": str(shown.level), "role": str(shown.role),
        "hours": str(shown.hours), "credits": str(shown.credits), "completed_on": shown.completed_on}
    return _published({"state": shown.state, "number": shown.number, **figures, "issued_on": shown.issued_on,
                       "revoked_on": shown.revoked_on, "as_of": on})


def _published(content: Any, *, kind: str = "application/json", status: int = 200) -> JsonResponse:
    response = JsonResponse(content, content_type=kind, status=status, json_dumps_params={"ensure_ascii": False})
    response["Access-Control-Allow-Origin"], response["Cache-Control"] = "*", "no-cache"
    return response


@signed_in
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the certificate as PDF to its holder or the CME office."""
    row, on = get_object_or_404(_PAPERS, pk=pk), clock.today()
    allow(may_take_paper(actor=actor_of(request), award=row.award, on=on))
    ours = directory.association(on=on)
    response = HttpResponse(certificate_pdf(row, issuer=ours.name if ours else ""), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{row.number}.pdf"'
    return response


@signed_in
def badge(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """Give the certificate as a verifiable credential to its holder or the CME office: JSON or JWT."""
    row, on = get_object_or_404(_PAPERS, pk=pk), clock.today()
    allow(may_take_paper(actor=actor_of(request), award=row.award, on=on))
    if form == "json":
        response: HttpResponse = _published(badges.signed(row, on=on), kind="application/vc+ld+json")
        del response["Access-Control-Allow-Origin"]  # it bears the holder's name
    elif form == "jwt":
        response = HttpResponse(badges.as_token(row, on=on), content_type="application/jwt")
    else:
        raise Http404
    response["Content-Disposition"] = f'attachment; filename="{row.number}.{form}"'
    return response


@limited("badge", methods=("GET", "HEAD"))
def issuer(request: HttpRequest) -> HttpResponse:
    """Publish the association's profile with its key."""
    return _published(badges.issuer(on=clock.today()), kind="application/ld+json")


@limited("badge", methods=("GET", "HEAD"))
def key(request: HttpRequest) -> HttpResponse:
    """Publish the public key as a JWK."""
    return _published(signing.jwk(), kind="application/jwk+json")


@limited("badge", methods=("GET", "HEAD"))
def achievement(request: HttpRequest, pk: int) -> HttpResponse:
    """Publish what completing a project means; only of projects that are published themselves."""
    return _published(badges.achievement(get_object_or_404(Project.objects.exclude(number=None), pk=pk)),
                      kind="application/ld+json")


@limited("badge", methods=("GET", "HEAD"))
def status(request: HttpRequest, number: int) -> HttpResponse:
    """Publish which certificates are revoked, one bit each; there are no more lists than certificates fill."""
    if number > badges.last_list():
        raise Http404
    return _published(badges.status_list(number, on=clock.today()), kind="application/vc+ld+json")
