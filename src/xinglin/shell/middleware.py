"""Who is asking, in which language, and what to answer when a policy says no."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import translation
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from xinglin.kernel import clock
from xinglin.kernel.actors import Actor, ActorSource
from xinglin.kernel.policy import NotAllowed, Refusal
from xinglin.kernel.ports import ask
from xinglin.kernel.refs import Ref, Shown, resolves

from . import preferences
from .naming import remembering
from .web.done import SentBefore
from .web.doors import safe_next

Answer = Callable[[HttpRequest], HttpResponse]
NOBODY = Actor(ref=Ref("shell.visitor:anonymous"))


class FormOnly(Refusal):
    """An address to which forms are sent has no page of its own."""


@resolves("shell.visitor")
def _visitors(keys: list[str]) -> dict[str, Shown]:
    return {key: Shown(label=_("Visitor without account")) for key in keys}


def actor_of(request: HttpRequest) -> Actor:
    """Return today's actor of the request's account; a visitor holds no role."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return NOBODY
    return ask(ActorSource).of(account=user, on=clock.today())


class Shell:
    """Sets `request.actor` lazily and remembers labels of refs for the length of one request."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: actor_of(request))
        with remembering():
            response = self.answer(request)
            if response.status_code == 405 and request.method == "GET":
                response = _form_only(request, response)
        preferences.restore(request=request, response=response)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer refusals that no form caught, and forms that were sent twice."""
        if isinstance(exception, SentBefore):
            return _sent_before(request, exception)
        if isinstance(exception, Refusal):
            return refused(request, exception)
        return None


def _sent_before(request: HttpRequest, exception: SentBefore) -> HttpResponse:
    target = exception.url or safe_next(request, request.headers.get("Referer"))
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": target})
    return HttpResponseRedirect(target)


def _form_only(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Say what the address is for that somebody typed, kept as a bookmark or was led back to."""
    told = refused(request, FormOnly(_("This address only takes a form. Open the page it is on.")))
    told["Allow"] = response["Allow"]
    return told


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Return the refused page, or for htmx a notice above the page that leaves the page alone."""
    status = 403 if isinstance(refusal, NotAllowed) else 405 if isinstance(refusal, FormOnly) else 409
    context: dict[str, Any] = {
        "refusal": refusal, "headline": _("This cannot be done"), "status": status,
        "back": safe_next(request, request.headers.get("Referer"), fallback=""),
    }
    if request.headers.get("HX-Request"):
        response = render(request, "shell/parts/refused.html", context, status=status)
        response["HX-Retarget"], response["HX-Reswap"] = "#x-answer", "innerHTML show:top"
        return response
    return render(request, "shell/refused.html", context, status=status)


class Language:
    """The reader's own choice, else the association's language.

    Not the browser's: an office sets its language once, and a borrowed computer should not change it.
    """

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.known = {code for code, _name in settings.LANGUAGES}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in self.known else settings.LANGUAGE_CODE
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = self.answer(request)
            # Templates of lazy responses are rendered here, so that they speak the chosen language.
            if hasattr(response, "render") and not getattr(response, "is_rendered", True):
                response = response.render()
        response.headers.setdefault("Content-Language", language)
        return response
