"""Doors: a view needs an account, a policy says yes, and an address leads back home."""

import functools
from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from xinglin.kernel.policy import Verdict, no, require

from .kept import kept_fields

View = Callable[..., HttpResponse]


def signed_in(view: View) -> View:
    """Let only signed-in accounts through; a form sent after the session ended is kept, not lost."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        return ask_to_sign_in(request)

    guarded.needs_account = True  # type: ignore[attr-defined]
    return guarded


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """Lead to the sign-in page, or keep what was typed while the session ended."""
    if request.method == "POST":
        context = {"fields": kept_fields(request), "lost_files": bool(request.FILES)}
        return render(request, "shell/expired.html", context, status=401)
    if request.headers.get("HX-Request"):
        here = request.headers.get("HX-Current-URL", "/")
        response = HttpResponse(status=401)
        response["HX-Redirect"] = redirect_to_login(safe_next(request, here)).url
        return response
    return redirect_to_login(request.get_full_path())


def allow(verdict: Verdict) -> None:
    """Go on when the policy says yes; otherwise the reader gets the refused page with its reason."""
    require(verdict)


def require_role(request: HttpRequest, *roles: str) -> None:
    """Refuse unless the actor of today holds one of the roles (the house always does)."""
    actor = request.actor
    if not any(actor.has(role) for role in (*roles, "house")):
        require(no(_("This page is for other offices. Your account does not hold the post it needs.")))


def safe_next(request: HttpRequest, target: str | None, *, fallback: str = "/") -> str:
    """Return the target when it leads to this site, else the fallback."""
    if target and url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure(),
    ):
        return target
    return fallback
