"""Forms of rules, document numbers and working days; each only cleans what was typed."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from xinglin.kernel.numbering import NumberSeries
from xinglin.lib.document_numbers import pattern_holds

from ..forms import DateField, Form, NumberField
from .register import REASONS
from .rules import Rule, said

LONGEST = 60  # days of the association's own in one go
_DAY = r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?"
_SPAN = re.compile(rf"({_DAY})(?:\s*(?:至|到|~|—+|-|to)\s*({_DAY}))?")


class OverrideForm(Form):
    """The association's own value for one rule; the control follows the kind of value the rule has."""

    from_on = DateField(label=_("First day"))
    until_on = DateField(label=_("Last day"), required=False, help_text=_("Empty: until somebody sets another."))
    reason = forms.CharField(label=_("Why, and by which decision"), widget=forms.Textarea(attrs={"rows": 3}),
                             max_length=1000)
    field_order = ("value", "from_on", "until_on", "reason")

    def __init__(self, *args: Any, rule: Rule, **kwargs: Any) -> None:
        self.base_fields = {**type(self).base_fields, "value": _control(rule)}
        self.rule = rule
        super().__init__(*args, **kwargs)

    def cleaned(self) -> dict[str, Any]:
        """Return what the act takes: the value in the rule's own kind, the half-open span."""
        given = self.cleaned_data
        last = given["until_on"]
        return {"value": _typed(given["value"], self.rule.printed), "from_on": given["from_on"],
                "until_on": last + timedelta(days=1) if last else None, "reason": given["reason"]}


def _control(rule: Rule) -> forms.Field:
    printed, label = rule.printed, _("The association's own value")
    if isinstance(printed, bool):
        return forms.ChoiceField(label=label, choices=[("yes", said(True)), ("no", said(False))],
                                 initial="yes" if (rule.own.value if rule.own else printed) else "no")
    if isinstance(printed, int | float):
        return NumberField(label=label, unit=rule.rule.unit, whole=isinstance(printed, int))
    return forms.ChoiceField(label=label, choices=[(one, one) for one in rule.rule.readings],
                             initial=rule.own.value if rule.own else printed)


def _typed(value: Any, printed: Any) -> Any:
    if isinstance(printed, bool):
        return value == "yes"
    if isinstance(printed, int):
        return int(value)
    return float(value) if isinstance(printed, float) else value


class SeriesForm(Form):
    """A series of document numbers and how they are written."""

    code = forms.RegexField(label=pgettext_lazy("series", "Code"), regex=r"\A[a-z][a-z0-9_]{0,30}\Z", help_text=_(
        "Lower-case letters, such as general; it never changes."))
    label = forms.CharField(label=pgettext_lazy("series", "Name"), max_length=100)
    pattern = forms.CharField(label=_("How numbers are written"), max_length=100, help_text=_(
        "The issuer's code, then 〔{year}〕{serial}号."))
    official = forms.BooleanField(label=_("Official documents, written as the rule says"), required=False)
    basis = "X2.form"

    def clean_pattern(self) -> str:
        """Refuse what is no pattern before anything is shown from it."""
        pattern = str(self.cleaned_data["pattern"])
        if not pattern_holds(pattern=pattern):
            raise forms.ValidationError(_("Write words with {serial} once and {year} at most once."))
        return pattern


class GiveForm(Form):
    """Which series gives the next number."""

    series = forms.ChoiceField(label=_("Number series"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = NumberSeries.objects.order_by("code").values_list("pk", "label")
        self.fields["series"].choices = list(rows)  # type: ignore[attr-defined]


class VoidForm(Form):
    """Why a number is voided."""

    reason = forms.ChoiceField(label=_("Why"), choices=[("", "——"), *REASONS.items()])


class DaysForm(Form):
    """Days the association itself declares off or worked."""

    from_on = DateField(label=_("First day"))
    last_on = DateField(label=_("Last day"), required=False, help_text=_("Empty: one day."))
    off = forms.ChoiceField(label=_("These days are"), choices=[("off", _("off")), ("worked", _("worked"))],
                            widget=forms.RadioSelect, initial="off")
    source = forms.CharField(label=_("Decision or notice"), max_length=200)

    def clean(self) -> dict[str, Any]:
        """Refuse spans that end before they begin, or are longer than anybody declares at once."""
        given = super().clean() or self.cleaned_data
        first, last = given.get("from_on"), given.get("last_on")
        if first and last and last < first:
            self.add_error("last_on", _("The last day lies before the first."))
        elif first and last and (last - first).days >= LONGEST:
            self.add_error("last_on", _("At most %(most)d days are declared at once.") % {"most": LONGEST})
        return given

    def days(self) -> dict[date, bool]:
        """Return each day and whether it is off."""
        first, last = self.cleaned_data["from_on"], self.cleaned_data["last_on"] or self.cleaned_data["from_on"]
        return dict.fromkeys(_each(first, last), self.cleaned_data["off"] == "off")


def _each(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


class NoticeForm(Form):
    """The holiday notice of a whole year, as it is printed: days off and days made up."""

    year = NumberField(label=_("Year"), whole=True, min_value=1950, max_value=2100)
    source = forms.CharField(label=_("Notice"), max_length=200, help_text=_("Title and document number."))
    off = forms.CharField(label=_("Days off"), widget=forms.Textarea(attrs={"rows": 7}), help_text=_(
        "One span a line: 2027-02-05 至 2027-02-12"))
    worked = forms.CharField(label=_("Days made up"), required=False, widget=forms.Textarea(attrs={"rows": 3}),
                             help_text=_("Weekend days that are worked instead, one a line."))
    draft = True

    def clean_off(self) -> list[date]:
        """Return the days off."""
        return read_days(self.cleaned_data["off"])

    def clean_worked(self) -> list[date]:
        """Return the days made up."""
        return read_days(self.cleaned_data["worked"])

    def clean(self) -> dict[str, Any]:
        """Refuse days of other years, and days that are both."""
        given = super().clean() or self.cleaned_data
        year, off, worked = given.get("year"), given.get("off") or [], given.get("worked") or []
        for name, days in (("off", off), ("worked", worked)):
            if other := next((day for day in days if year and day.year != year), None):
                self.add_error(name, _("%(day)s is no day of %(year)d.") % {"day": other, "year": year})
        if both := sorted(set(off) & set(worked)):
            self.add_error("worked", _("%(day)s is among the days off, too.") % {"day": both[0]})
        return given

    def days(self) -> dict[date, bool]:
        """Return each day of the notice and whether it is off."""
        return dict.fromkeys(self.cleaned_data["off"], True) | dict.fromkeys(self.cleaned_data["worked"], False)


def read_days(text: str) -> list[date]:
    """Return the days of lines such as 2027-02-05 至 2027-02-12 (ValidationError names the line)."""
    days: list[date] = []
    for line in unicodedata.normalize("NFKC", text).splitlines():
        if not line.strip(" ,;、，；"):
            continue
        found = _SPAN.fullmatch(line.strip(" ,;、，；"))
        try:
            first = _date(found[1]) if found else None
            last = _date(found[2]) if found and found[2] else first
        except ValueError:
            first = last = None
        if first is None or last is None or last < first or (last - first).days > 31:
            raise forms.ValidationError(_("“%(line)s” is no span of days; write 2027-02-05 至 2027-02-12."),
                                        params={"line": line.strip()})
        days += [day for day in _each(first, last) if day not in days]
    return days


def _date(text: str) -> date:
    year, month, day = (int(one) for one in re.findall(r"\d+", text))
    return date(year, month, day)
