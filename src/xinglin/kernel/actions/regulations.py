"""Sets the association's own value for a dated parameter."""

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from ..actors import Actor
from ..acts import act, current, state
from ..confinement import open_to
from ..facts_of_kernel import RegulationOverridden
from ..policy import Refusal, require
from ..refs import ref
from ..regulations import OWN, NotInForce, Regulation, RegulationOverride, regulation
from ..rights import may_override_regulation


class WrongValue(Refusal):
    """The value is none this rule can have."""

    field = "value"


class WrongSpan(Refusal):
    """The override would end before it begins."""

    field = "until_on"


class NoReason(Refusal):
    """Nobody would know why."""

    field = "reason"


@act
@open_to("system_admin", "security_admin")
def override_regulation(
    *, by: Actor, on: date, regulation_id: str, value: Any, from_on: date, until_on: date | None = None, reason: str
) -> RegulationOverride:
    """Set the association's own value from a date; the latest decision about a day holds."""
    rule = regulation(regulation_id)
    require(may_override_regulation(actor=by, rule=rule))
    _check_value(rule, value, from_on)
    if until_on is not None and until_on <= from_on:
        raise WrongSpan(_("The last day lies before the first."), regulation=rule.id)
    if not reason.strip():
        raise NoReason(_("Say why, and by which decision."), regulation=rule.id)
    row = RegulationOverride.objects.create(
        regulation=rule.id, value=value, from_on=from_on, until_on=until_on, reason=reason.strip(), by=by.ref)
    current().kept.pop(OWN, None)  # the same act may ask for the rule it has just set
    state(RegulationOverridden(override=ref("kernel.override", row.pk), regulation=ref("kernel.regulation", rule.id)))
    return row


def _check_value(rule: Regulation, value: Any, from_on: date) -> None:
    try:
        printed = rule.printed(from_on)
    except NotInForce:
        raise WrongSpan(_("The rule has no value on %(day)s.") % {"day": from_on}, field="from_on",
                        regulation=rule.id) from None
    number = isinstance(printed, int | float) and not isinstance(printed, bool)
    fits = isinstance(value, int | float) if number else type(value) is type(printed)
    if not fits or (number and isinstance(value, bool)):
        raise WrongValue(_("This rule takes a value like %(printed)s.") % {"printed": printed}, regulation=rule.id)
    if number and not rule.least <= value <= rule.most:  # no limits are infinite; nan lies nowhere
        limits = {"least": rule.least, "most": rule.most}
        raise WrongValue(_("This rule takes a value from %(least)s to %(most)s.") % limits, regulation=rule.id)
    if isinstance(printed, str) and value not in (choices := rule.readings):
        raise WrongValue(_("Choose one of %(choices)s.") % {"choices": ", ".join(choices)}, regulation=rule.id)
