"""Reminds at night of what is due on events: never twice, and after missed nights too."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from xinglin.kernel import regulations
from xinglin.kernel.notices import notify, register_notice
from xinglin.kernel.refs import Ref
from xinglin.kernel.scheduler import nightly
from xinglin.shell.operations.night import LABELS

from .addressees import HEALTH_DAYS, holders, office_people, organisers
from .healthdays import unowned
from .meetings import Approval, Event, State
from .rules import file_by, is_large, report_by, settle_by

NIGHT, DAYS = "events.reminders", "events.health_days"
FILING, REPORT, SETTLING = "events_filing_due", "events_report_due", "events_settling_due"
APPROVAL, HEALTH_DAY, FLAGGED = "events_approval_waits", "events_health_day", "events_flagged"
LABELS[NIGHT] = _("Remind of what is due on events")
LABELS[DAYS] = _("Remind of health days that nobody answers for")

for _one in (FILING, REPORT, SETTLING, APPROVAL, HEALTH_DAY, FLAGGED):
    register_notice(_one, app="xinglin.engines.events")


class Due(NamedTuple):
    """What is due on an event: a notice, its day, and who is told."""

    notice: str
    event: Event
    day: date
    people: list[Ref]


@nightly(NIGHT, at="05:40")
def remind(*, on: date) -> int:
    """Tell those who run or file events of what falls due; return how many notices are new.

    Each offset of C06.remind_days that fell due within C06.catch_up_days is looked at; the key names event, day and
    offset, so a night run twice tells nobody twice and a skipped one is made up by the next. What was done by then is
    not among the rows any more.
    """
    back = int(regulations.value("C06.catch_up_days", on=on))
    offsets = regulations.value("C06.remind_days", on=on)
    told = 0
    for due in _due(on=on):
        # Of the offsets that fell due lately only the newest is told: yesterday's words are not sent today as well.
        passed = [one for one in offsets if 0 <= (on - due.day - timedelta(days=one)).days < back]
        if passed:
            offset = max(passed)
            told += notify(to=due.people, template=due.notice, key=f"{due.event.pk}/{due.day}/{offset}",
                           about=due.event.ref, context={"day": due.day, "offset": offset})
    return told + _remind_deciders(on=on)


def _due(*, on: date) -> Iterator[Due]:
    running = Event.objects.select_related("organisation", "series")
    for event in running.filter(state__in=[State.APPROVED, State.OPEN, State.CLOSED], filing_number="",
                                until_on__gt=on):
        if is_large(event, on=on):
            yield Due(FILING, event, file_by(event).day,
                      list(dict.fromkeys([*office_people(on=on), *organisers(event, on=on)])))
    for event in running.filter(state=State.HELD):
        if is_large(event) and event.reported_on is None:
            yield Due(REPORT, event, report_by(event), organisers(event, on=on))
        yield Due(SETTLING, event, settle_by(event), organisers(event, on=on))


def _remind_deciders(*, on: date) -> int:
    """Tell whoever is asked to agree when the days for it are over, and again after as many days."""
    days = int(regulations.value("C07.approval_days", on=on))
    told = 0
    waiting = Approval.objects.filter(answer="", event__state=State.PROPOSED, asked_on__isnull=False)
    for step in waiting.select_related("event__organisation").order_by("pk"):
        rounds = (on - step.asked_on).days // days
        if rounds >= 1:
            told += notify(to=holders(step.role, step.event, on=on), template=APPROVAL, about=step.event.ref,
                           key=f"{step.event.pk}/{step.order}/{step.asked_on}/{rounds}",
                           context={"since": step.asked_on})
    return told


@nightly(DAYS, at="05:45")
def remind_of_health_days(*, on: date) -> int:
    """Tell the office of each marked day within W06.owner_days that nobody answers for; once for a day and year."""
    return sum(notify(to=office_people(on=on), template=HEALTH_DAY, key=f"{one.code}/{day}", about=HEALTH_DAYS,
                      context={"day": day, "ahead": (day - on).days})
               for day, one in unowned(on=on))


def tell_flagged(event: Event, *, number: int, version: int, on: date) -> int:
    """Tell those who run an event that visitors of it come from areas that turned; within the act of the new list."""
    given: Mapping[str, Any] = {"number": number, "version": version}
    return notify(to=organisers(event, on=on), template=FLAGGED, key=f"{event.pk}/{version}", about=event.ref,
                  context=given)
