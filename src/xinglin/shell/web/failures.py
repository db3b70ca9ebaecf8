"""Pages for what went wrong, in the house's tone: what happened, where the input is, what to do."""

import logging
import secrets

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from .kept import came_from_here, kept_fields

log = logging.getLogger("xinglin.faults")
_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Give back a form whose page was open too long; one sent from another site is refused."""
    if not came_from_here(request):
        return _page(request, 403, _("This form did not come from here"), "shield-x",
                     _("It was sent from another site. If you did not mean to send it, close this page."))
    if request.headers.get("HX-Request"):
        return HttpResponse(status=403, headers={"HX-Refresh": "true"})
    context = {"fields": kept_fields(request), "lost_files": bool(request.FILES)}
    return render(request, "shell/expired.html", context, status=403)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The address or the form makes no sense."""
    return _page(request, 400, _("The server did not understand this"), "message-question",
                 _("The address or the form is incomplete. Go back and try again."))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The page is for others."""
    return _page(request, 403, _("This page is for other offices"), "lock",
                 _("Your account does not hold the post it needs. Posts are kept in the directory."))


def missing(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Nothing is at this address."""
    return _page(request, 404, _("Nothing is kept at this address"), "map-search",
                 _("It may have moved, or the address was cut off in a message. Search for what you need."))


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Too many requests in a short time."""
    return _page(request, 429, _("Too many tries in a short time"), "hourglass",
                 _("Wait a few minutes, then try again. Nothing was changed."))


def fault(request: HttpRequest) -> HttpResponse:
    """Something broke on our side: own up, give a number, say where the input is."""
    number = _number()
    log.exception("fault %s at %s", number, request.path, extra={"number": number})
    try:
        return _page(request, 500, _("The page could not be opened; the fault is ours"), "alert-triangle",
                     _("Nothing was half written. What you typed is still on the page before: go back to it."),
                     number=number, again=request.path if request.method == "GET" else "")
    except Exception:  # the database may be what broke: a page without it
        log.exception("fault page of %s", number)
        return HttpResponse(render_to_string("shell/bare.html", {"number": number}), status=500)


def _number() -> str:
    """Return a number that can be read out over the telephone."""
    part = "".join(secrets.choice(_SIGNS) for _each in range(6))
    return f"{part[:3]}-{part[3:]}"


def _page(
    request: HttpRequest, status: int, headline: str, mark: str, text: str, *, number: str = "", again: str = "",
) -> HttpResponse:
    context = {"headline": headline, "text": text, "mark": mark, "number": number, "again": again}
    if request.headers.get("HX-Request"):
        response = render(request, "shell/parts/failed.html", context, status=status)
        response["HX-Retarget"], response["HX-Reswap"] = "#x-answer", "innerHTML show:top"
        return response
    return render(request, "shell/error.html", context, status=status)
