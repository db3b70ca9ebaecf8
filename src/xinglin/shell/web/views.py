"""Pages of the shell itself: home, search, choosing, preferences, progress."""

import re

from django.conf import settings
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from xinglin.kernel.jobs import Job, cancel_job

from .. import landing, panels, preferences
from .. import search as searching
from ..choosing import UnknownChooser, choices
from ..models import SavedList
from .doors import safe_next, signed_in

DROPDOWN, PAGE, ALL = 5, 10, 100


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show a visitor what the house is for, and a signed-in person what waits for them."""
    if not request.user.is_authenticated:
        return render(request, "shell/landing.html", landing.context(request=request))
    return render(request, "shell/home.html", {
        "parts": panels.rendered(page="home", request=request, subject=request.actor),
        "side": panels.rendered(page="home.side", request=request, subject=request.actor),
    })


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Tell a load balancer that this process answers and reaches its database."""
    connection.ensure_connection()
    return HttpResponse("ok\n", content_type="text/plain")


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Switch the language and come back to the same page."""
    response = HttpResponseRedirect(safe_next(request, request.POST.get("next")))
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES):
        preferences.keep(request=request, response=response, name=settings.LANGUAGE_COOKIE_NAME, value=chosen)
    return response


def _plain(text: str) -> str:
    """Return what a cookie's name and value may hold of a text."""
    return re.sub(r"[^A-Za-z0-9._-]", "", text)


@require_POST
def columns(request: HttpRequest) -> HttpResponse:
    """Keep which columns of a list are shown and come back."""
    response = HttpResponseRedirect(safe_next(request, request.POST.get("next")))
    table = _plain(request.POST.get("table", ""))[:80]
    chosen = "" if request.POST.get("standard") else _plain(".".join(request.POST.getlist("column")))[:600]
    if table:
        preferences.keep(request=request, response=response, name=f"cols-{table}", value=chosen)
    return response


@require_POST
@signed_in
def save_list(request: HttpRequest) -> HttpResponse:
    """Save the conditions of a list under a name, or drop a saved one."""
    back = safe_next(request, request.POST.get("next"))
    table, name = request.POST.get("table", "")[:80], request.POST.get("name", "").strip()[:40]
    mine = SavedList.objects.filter(account=request.user, table=table)
    if request.POST.get("drop"):
        mine.filter(name=name).delete()
    elif table and name:
        SavedList.objects.update_or_create(account=request.user, table=table, name=name,
                                           defaults={"address": request.POST.get("address", "")[:1000]})
    return HttpResponseRedirect(back)


@require_safe
@signed_in
def search(request: HttpRequest) -> HttpResponse:
    """Search everything: hits by kind, as a page or as the drop-down of the search box."""
    query = request.GET.get("q", "").strip()[:100]
    if request.GET.get("part"):
        groups = searching.found(query=query, actor=request.actor, limit=DROPDOWN)
        return render(request, "shell/parts/found.html" if query else "shell/parts/nothing.html",
                      {"groups": groups, "query": query})
    only = request.GET.get("kind", "")
    groups = searching.found(query=query, actor=request.actor, limit=ALL if only else PAGE, only=only)
    total = sum(len(one.hits) for one in groups)
    return render(request, "shell/search.html", {"groups": groups, "query": query, "total": total})


@require_safe
@signed_in
def choose(request: HttpRequest, kind: str) -> HttpResponse:
    """Answer a chooser with what can be chosen."""
    query = request.GET.get("q", "").strip()[:100]
    try:
        found = choices(kind=kind, query=query, actor=request.actor) if query else []
    except UnknownChooser:
        raise Http404(kind) from None
    return render(request, "shell/parts/choices.html" if query else "shell/parts/nothing.html",
                  {"choices": found, "stem": kind.replace(".", "-")})


@require_safe
@signed_in
def job(request: HttpRequest, key: int) -> HttpResponse:
    """Show how far a long job is; only its owner and the system administrator see it."""
    return render(request, "shell/jobs/progress.html", {"job": _job(request, key)})


@require_POST
@signed_in
def job_cancel(request: HttpRequest, key: int) -> HttpResponse:
    """Stop a job at its next step and come back."""
    cancel_job(job_id=_job(request, key).pk, by=request.actor)
    return HttpResponseRedirect(safe_next(request, request.POST.get("next")))


def _job(request: HttpRequest, key: int) -> Job:
    """Return a job that this actor may see."""
    found = Job.objects.filter(pk=key).first()
    if found is None or (found.owner != request.actor.ref and not request.actor.has("system_admin")):
        raise Http404(str(key))
    return found
