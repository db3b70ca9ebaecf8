"""Drafts a paper after signing a checkpoint, and says what it rests on."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from xinglin.kernel.ledger.checkpoints import make_checkpoint
from xinglin.shell.web import done, perform

from ...documents import Plan


def drafted(request: HttpRequest, act: Callable[..., Any], *, said: str, plan: Plan, **given: Any) -> HttpResponse:
    """Run the act over everything that is sealed and lead back to the summary."""
    back = reverse("plans_reports:report", args=[plan.pk])
    make_checkpoint()
    outcome = perform(request, act, plan=plan, **given)
    if not outcome:
        return done(request, outcome.refusal.message, back, level="bad")
    row, seal = outcome.answer
    words = said % {"n": row.number, "figures": row.figures, "quarter": row.quarter}
    if seal.waiting:
        words += _(" %(n)s facts are not sealed yet and do not count in it.") % {"n": seal.waiting}
    return done(request, words, back, level="warn" if seal.waiting else "ok")
