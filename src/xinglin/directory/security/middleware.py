"""Rules every request passes: rates, idle time-out, password age, second factor, headers, records of refusals."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from xinglin.kernel import clock

from . import log
from .factors import due_on
from .models import OpenSession
from .passwords import is_too_old
from .rates import TooOften, demand, too_often
from .sessions import ACTIVE, BEGAN, end_sessions, follow_session, open_session

Answer = Callable[[HttpRequest], HttpResponse]

# Pages of the sign-in library that are held to a rate, by the rate's name.
RATED = {
    "account_login": "sign_in", "mfa_authenticate": "sign_in", "account_reauthenticate": "sign_in",
    "mfa_reauthenticate": "sign_in", "account_confirm_login_code": "sign_in",
    "account_confirm_password_reset_code": "sign_in", "account_request_login_code": "code",
    "account_reset_password": "code",
}  # fmt: skip
SEARCHES = frozenset({"shell:search", "shell:choose"})
# A form of the library that comes back unredirected was answered wrongly.
WRONG = {
    "mfa_authenticate": "factor_failed", "mfa_reauthenticate": "factor_failed",
    "account_confirm_login_code": "code_failed", "account_confirm_password_reset_code": "code_failed",
}  # fmt: skip
# What may be done before a gate is passed.
THROUGH = frozenset({
    "account_logout", "account_change_password", "account_set_password", "account_reauthenticate",
    "mfa_reauthenticate", "mfa_activate_totp", "mfa_index", "mfa_generate_recovery_codes",
    "mfa_view_recovery_codes", "mfa_download_recovery_codes",
})  # fmt: skip
GATE = "x_gate_passed_on"
SEEN, SEEN_AGAIN = "x_seen_at", 300  # of a visitor without an account; seconds
BACKGROUND = "X-Background"  # requests a page makes by itself do not keep a session alive
PERMISSIONS = "accelerometer=(), camera=(self), geolocation=(self), gyroscope=(), microphone=(), payment=(), usb=()"


class Rates:
    """Holds the library's pages to their rates and records wrong answers."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.answer(request)
        name = _name(request)
        if request.method == "POST" and response.status_code == 200 and name in WRONG:
            log.record(kind=WRONG[name], request=request, account=_who(request))
        if response.status_code == 403:
            log.record(kind="refused", request=request, account=_who(request), detail=request.path)
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Count posts to rated pages before their view runs."""
        if (name := _rated(request)) is None:
            return None
        try:
            demand(request=request, name=name, key=request.POST.get("phone", request.POST.get("email", "")))
        except TooOften as refusal:
            return too_often(request, refusal)
        return None


class SessionRules:
    """Ends sessions that were idle or lasted too long; what counts is kept on the server."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        now = int(clock.now().timestamp())
        if not request.user.is_authenticated:
            # A visitor who is known by something keeps it while they are busy, as who is signed in does.
            if request.session.keys() and now - request.session.get(SEEN, 0) > SEEN_AGAIN:
                request.session[SEEN] = now
            return self.answer(request)
        if ACTIVE not in request.session:
            open_session(request=request, account=request.user)  # type: ignore[arg-type]
        idle = now - request.session[ACTIVE] > settings.XINGLIN_IDLE
        if idle or now - request.session[BEGAN] > settings.XINGLIN_SESSION_HOURS * 3600:
            return self._end(request, idle=idle)
        if BACKGROUND not in request.headers and now - request.session[ACTIVE] > 30:
            request.session[ACTIVE] = now
            OpenSession.objects.filter(key=request.session.session_key).update(seen_at=clock.now())
        before = request.session.session_key or ""
        response = self.answer(request)
        follow_session(before=before, now=request.session.session_key or "")
        # Tells the page when to warn; the end itself is decided here.
        response.set_cookie("x_idle", str(settings.XINGLIN_IDLE), samesite="Lax", secure=settings.HTTPS)
        return response

    def _end(self, request: HttpRequest, *, idle: bool) -> HttpResponse:
        log.record(kind="idle_out", request=request, account=_who(request))
        key = request.session.session_key or ""
        end_sessions(account=request.user, key=key, idle=idle)  # type: ignore[arg-type]
        logout(request)
        if request.method == "POST" or request.headers.get("HX-Request"):
            return self.answer(request)  # the shell keeps what was typed and asks to sign in
        back = urlencode({"next": request.get_full_path(), "idle": "1"})
        return HttpResponseRedirect(f"{reverse('account_login')}?{back}")


class Gates:
    """Lets nobody work with a password that is too old or without the second factor their post needs."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.answer(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Lead to what has to be done first; passed gates are remembered until midnight."""
        if not request.user.is_authenticated or _name(request) in THROUGH:
            return None
        today, account = clock.today(), request.user
        if request.session.get(GATE) == today.isoformat():
            return None
        if is_too_old(account=account, on=today):  # type: ignore[arg-type]
            way = "account_change_password" if account.has_usable_password() else "account_set_password"
            return HttpResponseRedirect(reverse(way))
        due = due_on(account=account, on=today)  # type: ignore[arg-type]
        if due is not None and due <= today:
            return HttpResponseRedirect(reverse("mfa_activate_totp"))
        request.session[GATE] = today.isoformat()
        return None


class Headers:
    """Adds what Django does not: permissions, no copies of signed-in pages, a clean leave."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.answer(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated:
            # A shared computer must not show a signed-in page after sign-out (residual information).
            response.headers.setdefault("Cache-Control", "no-store, private")
        if _name(request) == "account_logout" and request.method == "POST":
            response["Clear-Site-Data"] = '"cache", "storage"'
        return response


def _rated(request: HttpRequest) -> str | None:
    """Return the rate a request is held to, or None."""
    name = _name(request)
    if request.method == "POST":
        # Every list of the house exports by posting `export` to its own address.
        return RATED.get(name) or ("export" if "export" in request.POST else None)
    return "search" if name in SEARCHES else None


def _name(request: HttpRequest) -> str:
    match = request.resolver_match
    return match.view_name if match else ""


def _who(request: HttpRequest) -> str:
    user = getattr(request, "user", None)
    return str(user.ref) if user is not None and user.is_authenticated else ""
