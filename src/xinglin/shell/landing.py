"""The first page: the loop as one sentence through five stations, with figures only where there are any."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest

Figures = Callable[[HttpRequest], dict[str, Any]]
_sources: list[Figures] = []
_offers: list[dict[str, Any]] = []
_sign_in: list[str] = []


def provide(figures: Figures) -> Figures:
    """Give the page figures from the real ledger: `function(request) -> {"facts": …, "sentence": …}`.

    Known keys: sentence, commitment, programme, fact_number, fact_text, summary, facts, checkpoint. What is
    missing is left out of the page.
    """
    _sources.append(figures)
    return figures


def offer(*, order: int, icon: str, label: Any, url_name: str, note: Callable[[], str] | None = None) -> None:
    """Name something that can be done without an account."""
    _offers.append({"order": order, "icon": icon, "label": label, "url_name": url_name, "note": note})


def sign_in_with(template: str) -> None:
    """Put the accounts' sign-in form into the page; the template gets the page's context."""
    _sign_in[:] = [template]


def context(*, request: HttpRequest) -> dict[str, Any]:
    """Return what the first page shows."""
    figures: dict[str, Any] = {}
    for source in _sources:
        figures.update({name: value for name, value in source(request).items() if value not in (None, "", 0)})
    offers = sorted(_offers, key=lambda one: one["order"])
    return {"figures": figures, "sign_in_template": _sign_in[0] if _sign_in else "",
            "offers": [{**one, "note": one["note"]() if one["note"] else ""} for one in offers]}
