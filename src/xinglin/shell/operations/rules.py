"""Rules as they hold on a day: the printed value, the association's own, and who set it when and why."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _

from xinglin.kernel.actors import Actor
from xinglin.kernel.policy import Verdict, no
from xinglin.kernel.regulations import NotInForce, Regulation, RegulationOverride, load
from xinglin.kernel.rights import may_override_regulation

from ..units import speaks_chinese


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule as it holds on a day."""

    rule: Regulation
    own: RegulationOverride | None
    printed: Any
    in_force: bool

    @property
    def key(self) -> str:
        """Its id."""
        return self.rule.id

    @property
    def title(self) -> str:
        """What it is about, in the reader's language."""
        return self.rule.zh if speaks_chinese() else self.rule.en

    @property
    def value(self) -> str:
        """The value in force, as words."""
        if self.own:
            return said(self.own.value)
        return said(self.printed) if self.in_force else _("not in force")

    @property
    def with_unit(self) -> str:
        """The value in force with its unit, as words."""
        return f"{self.value} {self.rule.unit}".strip()

    @property
    def paper(self) -> str:
        """Document number and article."""
        return " ".join(filter(None, (self.rule.number, self.rule.article)))

    @property
    def confidence(self) -> str:
        """A printed, B reported, C custom."""
        return self.rule.confidence


def said(value: Any) -> str:
    """Return a value as words."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:g}" if isinstance(value, float) else str(value)


def own_values(*, on: date) -> dict[str, RegulationOverride]:
    """Return the association's own values on a day by rule; the latest decision about the day holds."""
    rows = RegulationOverride.objects.filter(from_on__lte=on).filter(Q(until_on=None) | Q(until_on__gt=on))
    latest: dict[str, RegulationOverride] = {}
    for row in rows:
        latest.setdefault(row.regulation, row)
    return latest


def rule_on(rule: Regulation, own: RegulationOverride | None, *, on: date) -> Rule:
    """Return a rule as it holds on a day."""
    try:
        return Rule(rule=rule, own=own, printed=rule.printed(on), in_force=True)
    except NotInForce:
        return Rule(rule=rule, own=own, printed=None, in_force=own is not None)


def rules_on(*, on: date) -> list[Rule]:
    """Return every rule as it holds on a day, by id."""
    own = own_values(on=on)
    known = load(Path(settings.REGULATIONS))
    return [rule_on(known[key], own.get(key), on=on) for key in sorted(known, key=_natural)]


def _natural(key: str) -> tuple[str, int, str]:
    """Order W3 before W12."""
    head, _dot, rest = key.partition(".")
    letters = head.rstrip("0123456789abcdefghijklmnopqrstuvwxyz")
    number = "".join(sign for sign in head if sign.isdigit())
    return letters, int(number or 0), rest


@dataclass(frozen=True, kw_only=True)
class Decision:
    """One override in the history of a rule, and how it stands on a day."""

    row: RegulationOverride
    value: str
    light: str
    word: str
    last_on: date | None


def decisions(*, rule: Regulation, on: date) -> list[Decision]:
    """Return what was decided about a rule, newest first."""
    rows = list(RegulationOverride.objects.filter(regulation=rule.id))
    holding = own_values(on=on).get(rule.id)
    return [_decision(row, holding, on) for row in rows]


def _decision(row: RegulationOverride, holding: RegulationOverride | None, on: date) -> Decision:
    if holding and row.pk == holding.pk:
        light, word = "ok", _("In force")
    elif row.from_on > on:
        light, word = "warn", _("To come")
    elif row.until_on and row.until_on <= on:
        light, word = "off", _("Expired")
    else:
        light, word = "off", _("Replaced")
    return Decision(row=row, value=said(row.value), light=light, word=word,
                    last_on=row.until_on - timedelta(days=1) if row.until_on else None)


def may_set(*, actor: Actor, rule: Rule) -> Verdict:
    """Say whether the actor may set another value, and whether there is any other to set."""
    verdict = may_override_regulation(actor=actor, rule=rule.rule)
    if verdict and isinstance(rule.printed, str) and len(rule.rule.readings) < 2:
        return no(_("No other reading of this rule is known, so there is nothing to choose."))
    if verdict and rule.printed is None:
        return no(_("The rule is not in force today."))
    return verdict
