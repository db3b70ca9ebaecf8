"""Who may propose, agree to, run and look at events: verdicts with reasons a member could read."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from xinglin.directory.policy import branches_of
from xinglin.kernel.actors import Actor
from xinglin.kernel.files import readable as files_readable
from xinglin.kernel.policy import YES, Verdict, no
from xinglin.kernel.refs import Ref

from .meetings import LIVING, Approval, Check, Event, EventQuerySet, State
from .series import Series

OFFICE = ("house", "office", "secretary_general")
DEPARTMENTS = ("department", "department_head")
BRANCH = ("branch_secretary", "branch_chair")
READERS = (*OFFICE, *DEPARTMENTS, "leader", "supervisor", "audit_admin")
CHECKERS = (*OFFICE, *DEPARTMENTS, "supervisor")
PUBLIC = (State.OPEN, State.CLOSED, State.HELD, State.SETTLED)


def _any(actor: Actor, roles: tuple[str, ...]) -> bool:
    return any(actor.has(role) for role in roles)


def identity(actor: Actor) -> Ref:
    """Return who somebody is, whichever account they use."""
    return actor.person or actor.ref


def person_key(actor: Actor) -> int | None:
    """Return the key of the actor's entry in the directory, None for who has none."""
    return int(actor.person.key) if actor.person and actor.person.key.isdecimal() else None


def organises(*, actor: Actor, organisation: Ref) -> bool:
    """Say whether somebody runs events for an organisation: the office for all, others for their own."""
    return _any(actor, OFFICE) or any(actor.has_in(role, organisation) for role in (*DEPARTMENTS, *BRANCH)
                                      if actor.has(role))


def may_see_events(*, actor: Actor) -> Verdict:
    """The secretariat, leaders, supervisors and branches look after events; members find them in the calendar."""
    if _any(actor, READERS) or branches_of(actor=actor):
        return YES
    return no(_("Events are run here by the secretariat and the branches. The calendar is open to everybody."))


def events_seen(*, actor: Actor) -> EventQuerySet:
    """Return the events somebody looks after or may read."""
    if _any(actor, READERS):
        return Event.objects.all()
    return Event.objects.filter(organisation__in=branches_of(actor=actor))


def may_see_event(*, actor: Actor, event: Event) -> Verdict:
    """Readers see every event, a branch its own; what is public is public."""
    if _any(actor, READERS) or organises(actor=actor, organisation=event.organisation.ref):
        return YES
    return no(_("This page is for those who run the event. What is open to everybody stands in the calendar."))


def may_draft_event(*, actor: Actor, organisation: Ref | None = None) -> Verdict:
    """A branch or department proposes its own events, the office any."""
    if organisation and organises(actor=actor, organisation=organisation):
        return YES
    if organisation is None and _any(actor, (*OFFICE, *DEPARTMENTS, *BRANCH)):
        return YES
    return no(_("Events are proposed by the branch or department that holds them, or by the office."))


def may_run_event(*, actor: Actor, event: Event) -> Verdict:
    """Those who run an event change it until its file is closed."""
    if event.state in (State.SETTLED, State.CANCELLED, State.REFUSED):
        return no(_("The file of this event is closed."))
    return may_draft_event(actor=actor, organisation=event.organisation.ref)


def may_move_event(*, actor: Actor, event: Event, on: date) -> Verdict:
    """Those who run an event move days whose places are offered: until somebody has come, or while nobody has one."""
    begun = on > event.from_on or (on == event.from_on and event.scans.counting().exists())
    if not event.offered or event.state not in LIVING or (begun and event.registrations.live().exists()):
        return no(_("The days are moved once prices are published, and until the first comes on the first day."))
    return may_run_event(actor=actor, event=event)


def may_decide(*, actor: Actor, event: Event, approval: Approval) -> Verdict:
    """Each agreement is given by whoever holds the role; nobody agrees to the event they wrote down."""
    if event.created_by == identity(actor):
        return no(_("You wrote this proposal; somebody else agrees to it."), regulation="C03.approvals_third")
    if approval.role == "branch_chair":
        return YES if actor.has_in("branch_chair", event.organisation.ref) and actor.has("branch_chair") else no(
            _("The chair of the branch agrees first."))
    if actor.has(approval.role) or actor.has("house"):
        return YES
    return no(_("This agreement is given by somebody else: %(role)s.") % {"role": role_label(approval.role)})


def role_label(role: str) -> str:
    """Return the words for a role that agrees to events."""
    words = {"branch_chair": _("Chair of the branch"), "office": _("Office"),
             "secretary_general": _("Secretary-general"), "leader": _("Leader in charge")}
    return str(words.get(role, role))


def may_keep_programme(*, actor: Actor) -> Verdict:
    """The office keeps the yearly programme, its series and the calendar of health days."""
    return YES if _any(actor, OFFICE) else no(_("The yearly programme is kept by the office."))


def may_keep_series(*, actor: Actor, series: Series | None = None, organisation: Ref | None = None) -> Verdict:
    """A series is kept by the organisation that runs it, or by the office."""
    where = series.organisation.ref if series else organisation
    return may_draft_event(actor=actor, organisation=where)


def may_file(*, actor: Actor, event: Event) -> Verdict:
    """The office files large events with the authority and writes down the receipt (C06)."""
    return YES if _any(actor, OFFICE) else no(_("Large events are filed by the office."), regulation="G14.lead_days")


def may_check(*, actor: Actor, event: Event) -> Verdict:
    """The secretariat and the supervisors look an event over, never those who run it (C07)."""
    if event.created_by == identity(actor):
        return no(_("You run this event; somebody else looks it over."), regulation="C07.checklists")
    if _any(actor, CHECKERS):
        return YES
    return no(_("Events are looked over by the secretariat and the supervisors."), regulation="C07.checklists")


@files_readable("events.event")
def may_read_papers(actor: Actor, to: Ref) -> Verdict:
    """The papers of an event are read by whoever reads its page."""
    event = Event.objects.filter(pk=to.key).select_related("organisation").first()
    return may_see_event(actor=actor, event=event) if event else no(_("This event does not exist."))


@files_readable("events.check")
def may_read_evidence(actor: Actor, to: Ref) -> Verdict:
    """The evidence of a check is read by whoever reads the event's page."""
    check = Check.objects.filter(pk=to.key).select_related("event__organisation").first()
    return may_see_event(actor=actor, event=check.event) if check else no(_("This check does not exist."))
