"""Doors of the plans' pages: who may read them, and the row an address names."""

import functools
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from xinglin.kernel.actors import Actor
from xinglin.shell.web import allow, signed_in

from ..commitments import Commitment
from ..documents import Plan
from ..policy import may_see_plans

View = Callable[..., HttpResponse]


def reads_plans(view: View) -> View:
    """Let in whoever may read plans; everybody else gets the reason."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        allow(may_see_plans(actor=request.actor))
        return view(request, *args, **kwargs)

    return signed_in(guarded)


def sees_plans(actor: Actor) -> bool:
    """Say whether the navigation shows the plans to this actor."""
    return bool(may_see_plans(actor=actor))


def plan_or_404(key: int) -> Plan:
    """Return the plan an address names."""
    return get_object_or_404(Plan, pk=key)


def commitment_or_404(key: int) -> Commitment:
    """Return the commitment an address names, with its plan and document."""
    return get_object_or_404(Commitment.objects.select_related("plan", "document"), pk=key)
