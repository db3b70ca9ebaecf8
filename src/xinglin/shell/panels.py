"""Panels: parts that engines add to pages of the floors below them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

Answer = tuple[str, dict[str, Any]] | None
PanelFunction = Callable[[HttpRequest, Any], Answer]
PAGES = ("person", "organisation", "home", "person.side", "organisation.side", "home.side", "event")


@dataclass(frozen=True, kw_only=True)
class Panel:
    """One registered part of a page."""

    page: str
    order: int
    function: PanelFunction


_panels: dict[str, list[Panel]] = {page: [] for page in PAGES}


def register(page: str, order: int, function: PanelFunction) -> PanelFunction:
    """Add a panel to a page; the function answers (template, context), or None when it has nothing."""
    if page not in _panels:
        raise ValueError(f"{page} takes no panels; pages are {', '.join(PAGES)}")
    if all(one.function is not function for one in _panels[page]):
        _panels[page].append(Panel(page=page, order=order, function=function))
        _panels[page].sort(key=lambda one: one.order)
    return function


def rendered(*, page: str, request: HttpRequest, subject: Any) -> list[SafeString]:
    """Return the panels of a page for this reader, in order."""
    answers = (one.function(request, subject) for one in _panels[page])
    return [render_to_string(template, {"subject": subject, **context}, request)
            for template, context in filter(None, answers)]
