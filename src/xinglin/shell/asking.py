"""Who is asking: the actor itself behind the lazy stand-in that the middleware puts on a request."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import LazyObject

from xinglin.kernel.actors import Actor


def actor_of(request: HttpRequest) -> Actor:
    """Return the actor of a request as a real Actor, which acts, sets and jobs take."""
    return unwrapped(request.actor)


def unwrapped(actor: Any) -> Actor:
    """Return what a lazy object stands for, asking for it when nobody did before."""
    if isinstance(actor, LazyObject) or type(actor).__name__ == "SimpleLazyObject":
        _ = actor.ref  # asks
        return actor._wrapped
    return actor
