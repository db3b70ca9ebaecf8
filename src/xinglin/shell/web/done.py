"""Runs an act for a view: refusals go beside the fields, repeats are noticed, success is said."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from xinglin.kernel import clock
from xinglin.kernel.policy import NotAllowed, Refusal

from ..asking import actor_of
from ..forms.form import Form
from ..models import Sent
from ..navigation import forget_counts
from .doors import safe_next


class SentBefore(Exception):
    """The same form arrived twice; what it asked for has been done once."""

    def __init__(self, url: str = "") -> None:
        super().__init__(url)
        self.url = url


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How an act ended: done with an answer, or refused with a reason."""

    ok: bool
    answer: Any = None
    refusal: Refusal | None = None

    def __bool__(self) -> bool:
        return self.ok


def perform(request: HttpRequest, act: Callable[..., Any], form: Form | None = None, **given: Any) -> Outcome:
    """Run an act as today's actor; a refusal lands beside the form's fields and the form comes back filled.

    A form that was sent twice (double click, back button) runs once: the second one raises SentBefore,
    which the middleware answers with the page the first one led to.
    """
    token = form.token if form is not None else ""
    try:
        with transaction.atomic():
            if token:
                _claim(token)
            answer = act(by=actor_of(request), on=clock.today(), **given)
    except NotAllowed:
        raise
    except Refusal as refusal:
        if form is not None:
            form.refuse(refusal)
        return Outcome(ok=False, refusal=refusal)
    request.sent_token = token
    forget_counts(actor=request.actor)
    return Outcome(ok=True, answer=answer)


def _claim(token: str) -> None:
    """Take a form's token inside the act's transaction; the second taker learns where the first went."""
    try:
        with transaction.atomic():
            Sent.objects.create(token=token, sent_at=clock.now())
    except IntegrityError:
        first = Sent.objects.filter(token=token).first()
        raise SentBefore(first.url if first else "") from None


def done(request: HttpRequest, message: Any, url: str = "", *, undo: str = "", level: str = "ok") -> HttpResponse:
    """Say what was done and go on: a toast and a redirect, or for htmx without url only the toast.

    `undo` is an address that takes it back by POST; the toast offers it for ten seconds.
    """
    if request.headers.get("HX-Request") and not url:
        response = HttpResponse(status=204)
        response["HX-Trigger"] = json.dumps({"x-toast": {"text": str(message), "undo": undo, "level": level}})
        return response
    target = safe_next(request, url)
    token = getattr(request, "sent_token", "")
    if token:
        Sent.objects.filter(token=token).update(url=target[:500])
    _say(request, message, undo=undo, level=level)
    if request.headers.get("HX-Request"):
        response = HttpResponse(status=204)
        response["HX-Redirect"] = target
        return response
    return HttpResponseRedirect(target)


def _say(request: HttpRequest, message: Any, *, undo: str, level: str) -> None:
    grade = {"ok": messages.SUCCESS, "warn": messages.WARNING, "bad": messages.ERROR}[level]
    messages.add_message(request, grade, str(message), extra_tags=undo)
