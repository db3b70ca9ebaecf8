"""Says figures, lights and reasons of commitments in the words of an office."""

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xinglin.shell.units import grouped, speaks_chinese, unit_word

from ..commitments import Commitment
from ..outlook import Outlook
from ..progress import Standing

WEEKS_A_MONTH = Decimal("4.345")  # 365.25 / 12 / 7


def light_word(light: str) -> str:
    """Return the word of a light."""
    words = {
        "done": _("Done"),
        "ok": _("On schedule"),
        "warn": _("Behind"),
        "bad": _("At risk"),
        "off": _("Cancelled"),
        "none": _("No measure"),
    }
    return words[light]


def sentences(*parts: str) -> str:
    """Return sentences one after the other, as the reader's language sets them."""
    return ("" if speaks_chinese() else " ").join(part for part in parts if part)


def month_name(first: date) -> str:
    """Return 11月 or Nov."""
    return f"{first.month}月" if speaks_chinese() else f"{first:%b}"


def number(value: Decimal | None) -> str:
    """Return a number without idle zeros."""
    if value is None:
        return "—"
    plain = value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()
    return grouped(plain)


def quantity(value: Decimal | None, unit: str) -> str:
    """Return a number with its unit: 19 场."""
    word = unit_word(unit, value) if unit else ""
    return f"{number(value)} {word}".strip() if value is not None else "—"


def figure_text(standing: Standing) -> str:
    """Return what is reached of what is promised: 13 / 24 场."""
    commitment = standing.commitment
    if commitment.kind in {Commitment.Kind.DATE, Commitment.Kind.WORDS, Commitment.Kind.EDITION}:
        return "—" if standing.measure is None else _("done") if standing.value else _("not done yet")
    unit = "%" if commitment.kind == Commitment.Kind.PERCENT else unit_word(commitment.unit, standing.target)
    reached = number(standing.value) if standing.measure else "—"
    return f"{reached} / {number(standing.target)} {unit}".strip()


def target_text(commitment: Commitment) -> str:
    """Return the promise as a figure: at least 24 场."""
    unit = "%" if commitment.kind == Commitment.Kind.PERCENT else commitment.unit
    low, high = commitment.value_min, commitment.value_max
    if commitment.kind in {Commitment.Kind.DATE, Commitment.Kind.WORDS}:
        return ""
    if commitment.kind == Commitment.Kind.EDITION:
        return _("edition %(n)s") % {"n": commitment.edition} if commitment.edition else ""
    if low is not None and high is not None and low != high:
        return f"{number(low)}—{quantity(high, unit)}"
    if low is None and high is not None:
        return _("at most %(figure)s") % {"figure": quantity(high, unit)}
    if low is not None and high is None:
        return _("at least %(figure)s") % {"figure": quantity(low, unit)}
    return quantity(low, unit)


def reason_of(standing: Standing) -> str:
    """Return why a light shows what it shows, with its numbers."""
    commitment, unit = standing.commitment, standing.commitment.unit
    numbers = {
        "value": quantity(standing.value, unit),
        "actual": number(standing.actual),
        "planned": number(standing.planned),
        "deadline": commitment.deadline,
        "target": quantity(standing.target, unit),
    }
    said = {
        "reached": _("Target reached: %(value)s of %(target)s."),
        "on_pace": _("%(actual)s%% reached of %(planned)s%% planned."),
        "behind": _("%(actual)s%% reached, but %(planned)s%% was planned."),
        "due_soon": _("Due on %(deadline)s and only %(actual)s%% reached."),
        "overdue": _("The deadline %(deadline)s has passed; %(actual)s%% reached."),
        "strive_missed": _("Striven for until %(deadline)s; %(actual)s%% reached. Not counted as a miss."),
        "within": _("%(value)s so far, within the limit of %(target)s. It has to hold until %(deadline)s."),
        "exceeded": _("The limit of %(target)s is passed: %(value)s."),
        "cancelled": _("Cancelled: %(why)s"),
        "unbound": _("Nothing counts this yet. Choose a measure."),
    }
    return said[standing.reason] % {**numbers, "why": commitment.cancelled_why}


def left_text(one: Outlook) -> str:
    """Return what is left of a red one: how much, how many days, which pace that takes."""
    standing, unit = one.standing, one.standing.commitment.unit
    parts = []
    if one.overdue_days:
        parts.append(ngettext("%(n)s day overdue.", "%(n)s days overdue.", one.overdue_days) % {"n": one.overdue_days})
    if one.needed is not None or one.most is not None:
        parts.append(
            _("%(missing)s missing, %(days)s days left.")
            % {"missing": quantity(standing.missing, unit), "days": max(one.left_days, 0)}
        )
        if one.needed:
            parts.append(_paces(one))
    elif not one.overdue_days:
        parts.append(ngettext("%(n)s day left.", "%(n)s days left.", one.left_days) % {"n": one.left_days})
    return sentences(*parts)


def _paces(one: Outlook) -> str:
    """Return the pace that is needed and the one held, by week or, where that says nothing, by month."""
    unit = one.standing.commitment.unit
    needed, held = one.needed or Decimal(0), one.held or Decimal(0)
    if needed >= 1:
        return _("That takes %(needed)s a week; so far it was %(held)s.") % {
            "needed": quantity(_tenth(needed), unit),
            "held": quantity(_tenth(held), ""),
        }
    return _("That takes %(needed)s a month; so far it was %(held)s.") % {
        "needed": quantity(_tenth(needed * WEEKS_A_MONTH), unit),
        "held": quantity(_tenth(held * WEEKS_A_MONTH), ""),
    }


def _tenth(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.1"))


def hope_text(one: Outlook) -> str:
    """Return whether the rest can be done: at the best pace of the year, or how far it goes."""
    standing, unit = one.standing, one.standing.commitment.unit
    if standing.reason == "exceeded":
        return ""  # the reason has said that the limit is passed; nothing makes that good
    if one.reachable:
        if one.best is None:
            return _("Still possible if it starts now.")
        if one.best < 1:
            return _("At the pace of the best month it can be made up.")
        best = quantity(_tenth(one.best), unit)
        return _("At the best month's pace (%(best)s a week) it can be made up.") % {"best": best}
    if one.most is None or one.most <= standing.value:
        return _("Cannot be reached this year.")
    if one.best is None:
        return _("At the plan's own pace at best %(most)s by the end.") % {"most": quantity(one.most, unit)}
    return _("At best %(most)s by the end.") % {"most": quantity(one.most, unit)}
