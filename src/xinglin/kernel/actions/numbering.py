"""Opens series of document numbers, gives numbers and voids them."""

from datetime import date

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from xinglin.lib.document_numbers import pattern_holds

from ..actors import Actor
from ..acts import act, joined, state
from ..facts_of_kernel import NumberIssued, NumberVoided, SeriesOpened
from ..numbering import IssuedNumber, NumberSeries
from ..policy import Refusal, require
from ..refs import Code, Ref, ref
from ..regulations import value
from ..rights import may_act_alone, may_open_series


class WrongPattern(Refusal):
    """The pattern is not one of document numbers."""

    field = "pattern"
    regulation = "X2.form"


class PatternTaken(Refusal):
    """Another series writes its numbers this way, or wrote this very number."""

    field = "pattern"


class UnknownSeries(Refusal):
    """Nobody opened this series."""


class AlreadyNumbered(Refusal):
    """The thing has a number of this series that still counts."""


class AlreadyVoid(Refusal):
    """The number was voided before."""


@act
def open_series(*, by: Actor, on: date, code: Code, label: str, pattern: str, official: bool = True) -> None:
    """Open a series, or give it another pattern for numbers to come; official ones are written as X2 says."""
    require(may_open_series(actor=by))
    form = value("X2.form", on=on)
    if not pattern_holds(pattern=pattern) or (official and not pattern.endswith(form)):
        raise WrongPattern(_("Write the issuer's code and then %(form)s.") % {"form": form})
    if other := NumberSeries.objects.filter(pattern=pattern).exclude(pk=code).first():
        raise PatternTaken(_("The series %(label)s writes its numbers this way.") % {"label": other.label})
    NumberSeries.objects.update_or_create(code=code, defaults={"label": label, "pattern": pattern})
    state(SeriesOpened(series=ref("kernel.series", code), pattern=pattern))


@act
def issue_number(*, by: Actor, on: date, code: Code, about: Ref | None = None) -> IssuedNumber:
    """Give the next number of a series; a failed act gives none, so no gap arises (X2)."""
    require(may_act_alone(actor=by, joined=joined()))
    series = NumberSeries.objects.one_locked(code=code)
    if series is None:
        raise UnknownSeries(_("There is no series of numbers named %(code)s.") % {"code": code})
    numbers = IssuedNumber.objects.filter(series=series)
    if about and (other := numbers.filter(about=about, voided_on=None).first()):
        raise AlreadyNumbered(_("It already has the number %(number)s.") % {"number": other.text})
    year = on.year if "{year}" in series.pattern else 0  # a pattern without a year never restarts
    serial = (numbers.filter(year=year).aggregate(last=Max("serial"))["last"] or 0) + 1
    text = series.pattern.format(year=year, serial=serial)
    if IssuedNumber.objects.filter(text=text).exists():
        raise PatternTaken(_("%(number)s was given before, by another series; change the pattern.") % {"number": text})
    number = IssuedNumber.objects.create(
        series=series, year=year, serial=serial, about=about or "", issued_on=on, text=text)
    state(NumberIssued(number=number.ref, series=ref("kernel.series", code), year=year, serial=serial, about=about))
    return number


@act
def void_number(*, by: Actor, on: date, number: Ref, reason: Code) -> None:
    """Void a number; it stays in the register and is never given again (X2)."""
    require(may_act_alone(actor=by, joined=joined()))
    voided = IssuedNumber.objects.filter(pk=number.key, voided_on=None).update(voided_on=on, reason=reason)
    if not voided:
        raise AlreadyVoid(_("This number is void already, or was never given."))
    state(NumberVoided(number=number, reason=reason))
