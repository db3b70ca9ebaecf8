"""Who may log, verify, keep registers and read: verdicts with reasons."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xinglin.kernel.actors import Actor
from xinglin.kernel.confinement import CONFINED
from xinglin.kernel.files import readable as files_readable
from xinglin.kernel.policy import YES, Verdict, no
from xinglin.kernel.refs import Ref

from .entries import OPEN, Entry, State
from .registers import Track

LOGGERS = ("department", "department_head", "branch_secretary", "branch_chair")
CHECKERS = ("department_head", "branch_chair")
EVERYWHERE = ("office", "secretary_general", "house")
READERS = (*EVERYWHERE, "leader", "supervisor", "audit_admin")
SECOND_PERSON = "WL1.second_person"


def identity(actor: Actor) -> Ref:
    """Return who somebody is, whichever account they use."""
    return actor.person or actor.ref


def _everywhere(actor: Actor) -> bool:
    return any(actor.has(role) for role in EVERYWHERE)


def scope_of(actor: Actor, roles: tuple[str, ...] = LOGGERS) -> frozenset[str]:
    """Return the organisations in which an actor holds one of the roles."""
    return frozenset().union(*(actor.scope.get(role, frozenset()) for role in roles if actor.has(role)))


def _unscoped(actor: Actor, roles: tuple[str, ...]) -> bool:
    return any(actor.has(role) and not actor.scope.get(role) for role in roles)


def may_work(*, actor: Actor) -> Verdict:
    """Whoever watches or looks after the system does no work here, whatever else they are: acts refuse them too."""
    if actor.roles & CONFINED:
        return no(_("A supervisor or administrator reads here and does no work."), regulation="SE9.separation")
    return YES


def may_log_work(*, actor: Actor, organisation: str = "") -> Verdict:
    """Departments and branches log what they did themselves; the office logs for everyone."""
    if not (verdict := may_work(actor=actor)):
        return verdict
    if _everywhere(actor):
        return YES
    if not any(actor.has(role) for role in LOGGERS):
        return no(_("Work is logged by the staff of a department or branch, or by the office."))
    if organisation and not any(actor.has_in(role, organisation) for role in LOGGERS):
        return no(_("You log work for your own department or branch only."))
    return YES


def may_correct_work(*, actor: Actor, entry: Entry) -> Verdict:
    """Whoever logs for the organisation also corrects; what counts is corrected by those who verify."""
    if entry.state == State.VERIFIED and not _may_check(actor, entry.organisation):
        return no(_("It is verified and counts: the office, the head of the department or the chair of the branch "
                    "corrects it."), regulation=SECOND_PERSON)
    return may_prove_work(actor=actor, entry=entry)


def may_prove_work(*, actor: Actor, entry: Entry) -> Verdict:
    """Whoever logs for the organisation adds evidence; withdrawn entries stay as they are."""
    if entry.state == State.WITHDRAWN:
        return no(_("This entry was withdrawn; log it anew."))
    return may_log_work(actor=actor, organisation=entry.organisation)


def may_submit_work(*, actor: Actor, entry: Entry) -> Verdict:
    """Drafts and returned entries are handed in by those who log for the organisation."""
    if entry.state not in OPEN:
        return no(_("Only drafts and returned entries can be submitted."))
    return may_log_work(actor=actor, organisation=entry.organisation)


def may_withdraw_work(*, actor: Actor, entry: Entry) -> Verdict:
    """Open entries are withdrawn by those who log; verified ones by those who verify."""
    if entry.state == State.WITHDRAWN:
        return no(_("This entry is already withdrawn."))
    if entry.state == State.VERIFIED:
        return _may_check(actor, entry.organisation)
    return may_log_work(actor=actor, organisation=entry.organisation)


def _may_check(actor: Actor, organisation: str) -> Verdict:
    if not (verdict := may_work(actor=actor)):
        return verdict
    if _everywhere(actor) or any(actor.has_in(role, organisation) for role in CHECKERS):
        return YES
    if not may_verify_anything(actor=actor):
        return no(_("Entries are verified by the office, the head of the department or the chair of the branch."))
    return no(_("You verify for your own department or branch only."))


def may_verify_work(*, actor: Actor, entry: Entry, people: tuple[str, ...] | None = None) -> Verdict:
    """A second person with the right verifies: neither who wrote it nor who alone took part."""
    if not (verdict := _may_check(actor, entry.organisation)):
        return verdict
    me = identity(actor)
    if me in (entry.logged_by, entry.changed_by, entry.submitted_by):
        return no(_("You wrote or submitted this entry; a second person verifies it."), regulation=SECOND_PERSON)
    if (entry.people if people is None else people) == (me,):
        return no(_("You alone took part; somebody else verifies it."), regulation=SECOND_PERSON)
    return YES


def may_verify_anything(*, actor: Actor) -> Verdict:
    """Say whether the queue of entries to verify is of use to an actor."""
    if not (verdict := may_work(actor=actor)):
        return verdict
    if _everywhere(actor) or any(actor.has(role) for role in CHECKERS):
        return YES
    return no(_("Entries are verified by the office, the head of the department or the chair of the branch."))


def verifiable_by(actor: Actor) -> Q:
    """Return the condition for entries whose organisation an actor verifies for."""
    if _everywhere(actor) or _unscoped(actor, CHECKERS):
        return Q()
    return Q(organisation__in=sorted(scope_of(actor, CHECKERS)))


def readable_by(actor: Actor) -> Q:
    """Return the condition for entries an actor may read."""
    if any(actor.has(role) for role in READERS) or _unscoped(actor, LOGGERS):
        return Q()
    mine = Q(logged_by=identity(actor)) | Q(participants__part="person", participants__ref=identity(actor))
    if any(actor.has(role) for role in LOGGERS):
        # Staff read what counts anywhere, and everything of their own organisation.
        return mine | Q(state=State.VERIFIED) | Q(organisation__in=sorted(scope_of(actor)))
    return mine


def may_read_work(*, actor: Actor, entry: Entry) -> Verdict:
    """Say whether an actor may read one entry."""
    if Entry.objects.filter(readable_by(actor), pk=entry.pk).exists():
        return YES
    return no(_("This entry belongs to another department or branch and is not yet verified."))


def may_read_register(*, actor: Actor) -> Verdict:
    """Staff, leaders and supervisors read the registers."""
    if any(actor.has(role) for role in (*READERS, *LOGGERS)):
        return YES
    return no(_("The registers are read by staff, leaders and supervisors."))


def may_extend_vocabulary(*, actor: Actor) -> Verdict:
    """The office decides what is counted and by which words."""
    if not (verdict := may_work(actor=actor)):
        return verdict
    return YES if _everywhere(actor) else no(_("The office decides which kinds of work are counted."))


def may_keep_series(*, actor: Actor, organisation: str = "") -> Verdict:
    """A series is kept by the organisation that runs it."""
    return may_log_work(actor=actor, organisation=organisation)


def may_open_track(*, actor: Actor, organisation: str = "") -> Verdict:
    """The office opens registers; a department head opens those of the own department."""
    if not (verdict := may_work(actor=actor)):
        return verdict
    if _everywhere(actor) or (actor.has("department_head") and (
            not organisation or actor.has_in("department_head", organisation))):
        return YES
    return no(_("Registers are opened by the office or by the head of the department that keeps them."))


def may_change_track(*, actor: Actor, track: Track) -> Verdict:
    """Whoever may open a register changes and closes it, until it is closed."""
    if track.closed_on:
        return no(_("This register is closed."))
    return may_open_track(actor=actor, organisation=track.organisation)


def may_keep_items(*, actor: Actor, track: Track, organisation: str = "") -> Verdict:
    """Items are kept by the register's organisation and, each its own, by the organisations that own them."""
    if not (verdict := may_work(actor=actor)):
        return verdict
    if track.closed_on:
        return no(_("This register is closed."))
    if _everywhere(actor) or any(actor.has_in(role, track.organisation) for role in LOGGERS):
        return YES
    if organisation and any(actor.has_in(role, organisation) for role in LOGGERS):
        return YES
    return no(_("This item is kept by its owner, by the register's department or by the office."))


def may_read_study(*, actor: Actor, person: str) -> Verdict:
    """Study records are read by the person, the office, leaders and supervisors."""
    if identity(actor) == person or any(actor.has(role) for role in (*READERS, "department_head", "branch_secretary")):
        return YES
    return no(_("You see your own study record."))


@files_readable("worklog.entry")
def may_read_evidence(actor: Actor, to: Ref) -> Verdict:
    """Evidence is read by whoever reads the entry."""
    entry = Entry.objects.filter(pk=to.key).first()
    return may_read_work(actor=actor, entry=entry) if entry else no(_("This entry does not exist."))


@files_readable("worklog.item")
def may_read_item_evidence(actor: Actor, to: Ref) -> Verdict:
    """Evidence of items is read by whoever reads the registers."""
    return may_read_register(actor=actor)
