"""Filters that say figures of plans in words."""

from datetime import date
from decimal import Decimal

from django import template
from django.utils.translation import gettext as _

from xinglin.kernel.vocabulary import Term
from xinglin.shell.units import speaks_chinese, unit_word

from ..running import ChangeRequest
from ..web.telling import light_word, number, quantity, sentences
from ..web.waiting import change_text

register = template.Library()


@register.filter
def plain_number(value: Decimal | None) -> str:
    """Return a number without idle zeros: 19."""
    return number(value)


@register.filter
def with_unit(value: Decimal | None, unit: str) -> str:
    """Return a number with its unit: 19 场."""
    return quantity(value, unit)


@register.simple_tag
def said(*parts: str) -> str:
    """Return sentences one after the other."""
    return sentences(*(str(part) for part in parts if part))


@register.filter
def light_said(light: str) -> str:
    """Return the word of a light."""
    return light_word(light)


@register.filter
def term_name(term: Term) -> str:
    """Return what a term is called in the reader's language."""
    return term.zh if speaks_chinese() else term.en


@register.filter
def unit_said(unit: str) -> str:
    """Return a measure word in the reader's language."""
    return unit_word(unit) if unit else ""


@register.filter
def change_said(wish: ChangeRequest) -> str:
    """Return what a change asks for."""
    return change_text(wish)


@register.filter
def quarter_said(first: date) -> str:
    """Return a quarter by its first day: 2026 年第三季度."""
    return _("%(year)s, quarter %(n)s") % {"year": first.year, "n": (first.month - 1) // 3 + 1}
