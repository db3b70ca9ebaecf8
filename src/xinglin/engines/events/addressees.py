"""Whom notices of events go to."""

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from xinglin.directory import answers as directory
from xinglin.kernel.refs import Ref, Shown, resolves

from .meetings import Event

HEALTH_DAYS, APPROVALS = Ref("events.page:health_days"), Ref("events.page:approvals")
_LEADERS = ("president", "executive_vice_president", "vice_president", "deputy_secretary_general")


@resolves("events.page")
def _pages(keys: list[str]) -> dict[str, Shown]:
    labels = {"health_days": _("Calendar of health days"), "approvals": _("Events to agree to")}
    return {key: Shown(label=labels[key], url=reverse(f"events:{key}")) for key in keys if key in labels}


def office_people(*, on: date) -> list[Ref]:
    """Return who works in the office on a day."""
    return [term.person for one in directory.of_kind("office", on=on)
            for term in directory.members_of(one.ref, on=on)]


def organisers(event: Event, *, on: date) -> list[Ref]:
    """Return who runs an event: whoever wrote it down, and who leads the organisation; else the office."""
    wrote = [Ref(event.created_by)] if event.created_by.startswith("directory.person:") else []
    led = [one.person for one in directory.leaders_of(event.organisation.ref, on=on)]
    return list(dict.fromkeys([*wrote, *led])) or office_people(on=on)


def holders(role: str, event: Event, *, on: date) -> list[Ref]:
    """Return who may give an agreement that a role is asked for."""
    if role == "office":
        return office_people(on=on)
    if role == "branch_chair":
        found = directory.members_of(event.organisation.ref, on=on, titles=("chair",))
    else:
        top = directory.association(on=on)
        titles = _LEADERS if role == "leader" else (role,)
        found = directory.members_of(top.ref, on=on, titles=titles) if top else []
    return list(dict.fromkeys(one.person for one in found))
