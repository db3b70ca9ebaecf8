"""Shows a visitor one task of the adopted plan on its way through the year, with its real figures."""

from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from xinglin.kernel import clock
from xinglin.shell.naming import fact_label
from xinglin.shell.units import grouped

from ..commitments import Commitment
from ..documents import Plan
from ..measures import Measure
from ..measuring import Asked, counted, head_size
from ..progress import Standing, standings
from .telling import quantity, target_text

KEPT_SECONDS = 600
LONGEST_QUOTE = 46


def figures(request: HttpRequest) -> dict[str, Any]:
    """Return what the first page says at its stations; nothing where the house keeps its plan to itself."""
    if not settings.XINGLIN_OPEN_PLAN:
        return {}
    key = f"plans.landing.{get_language()}.{clock.today()}.{head_size()}"
    found: dict[str, Any] | None = cache.get(key)
    if found is None:
        found = _figures()
        cache.set(key, found, KEPT_SECONDS)
    return found


def _figures() -> dict[str, Any]:
    plan = Plan.objects.filter(state=Plan.State.ADOPTED).order_by("-year").first()
    if plan is None:
        return {}
    everything = standings(plan=plan, on=clock.today())
    chosen = min((one for one in everything if _tells(one)), key=_plainness, default=None)
    if chosen is None or chosen.measure is None:
        return {}
    commitment, asked = chosen.commitment, Asked.of(chosen.measure)
    fact = counted(asked=asked).order_by("-position").first()
    n = len(everything)
    return {
        "sentence": _words(commitment),
        "commitment": _("Target: %(target)s, due %(deadline)s.")
        % {"target": target_text(commitment), "deadline": commitment.deadline},
        "programme": ngettext(
            "%(n)d task, with a department and a day.", "%(n)d tasks, each with a department and a day.", n
        )
        % {"n": n},
        "fact_number": grouped(fact.position) if fact else "",
        "fact_text": _("%(what)s, %(day)s.") % {"what": fact_label(fact.type), "day": fact.happened_on} if fact else "",
        "summary": _("%(what)s: %(done)s, %(share)s%% of the target.")
        % {
            "what": commitment.object or commitment.text,
            "done": quantity(chosen.value, commitment.unit),
            "share": grouped(int(100 * chosen.value / chosen.target)) if chosen.target else "100",
        },
    }


def _tells(one: Standing) -> bool:
    """Say whether a task makes a good example: counted one by one, short, and more than a single deed."""
    if one.measure is None or one.measure.how not in {Measure.How.COUNT, Measure.How.SUM}:
        return False
    counts = one.commitment.kind == Commitment.Kind.COUNT and one.value > 0 and (one.target or 0) >= 5
    return counts and len(_words(one.commitment)) <= LONGEST_QUOTE


def _words(commitment: Commitment) -> str:
    return commitment.quote or commitment.text


def _plainness(one: Standing) -> tuple[bool, int, int]:
    return one.light != "done", len(_words(one.commitment)), one.commitment.pk
