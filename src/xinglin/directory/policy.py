"""Who may see and change what in the directory: verdicts with reasons a member could read."""

from collections.abc import Collection, Sequence
from datetime import date

from django.utils.translation import gettext_lazy as _

from xinglin.kernel.actors import Actor
from xinglin.kernel.policy import YES, Verdict, no
from xinglin.kernel.refs import Ref, ref

from .accounts import Account
from .organisations import Organisation
from .people import Person, PersonQuerySet
from .posts import Term
from .roles import STAFF, brought_to

SECRETARIAT = ("house", "office", "secretary_general", "department", "department_head")
READERS = (*SECRETARIAT, "leader", "supervisor")
OFFICE = ("house", "office", "secretary_general")
BRANCH = ("branch_secretary", "branch_chair")
# What somebody may put right about themselves without asking.
OWN = frozenset({"mobile", "email", "specialties"})
# By these an account is activated: whoever may change them could become that person.
IDENTIFYING = frozenset({"mobile", "email", "document"})
OWN_KINDS = frozenset({"association", "department", "office"})


def _any(actor: Actor, roles: tuple[str, ...]) -> bool:
    return any(actor.has(role) for role in roles)


def branches_of(*, actor: Actor) -> frozenset[int]:
    """Return the keys of the organisations in which the actor serves a branch."""
    return _places(actor, BRANCH)


def _places(actor: Actor, roles: tuple[str, ...]) -> frozenset[int]:
    places = frozenset[str]().union(*(actor.scope.get(role, frozenset()) for role in roles if actor.has(role)))
    return frozenset(int(key) for place in places if (key := Ref(place).key).isdecimal())


def people_seen(*, actor: Actor, on: date) -> PersonQuerySet:
    """Return the people whom the actor may look up: all, those of their branches, or only themselves."""
    everyone = Person.objects.known()
    if _any(actor, READERS):
        return everyone
    own = [int(actor.person.key)] if actor.person else []
    if branches := branches_of(actor=actor):
        there = Term.objects.on(on).filter(post__organisation__in=branches).values("person")
        return everyone.filter(pk__in=there) | everyone.filter(pk__in=own)
    return everyone.filter(pk__in=own)


def may_see_people(*, actor: Actor) -> Verdict:
    """The secretariat, leaders and supervisors see the register; a branch sees its own people."""
    if _any(actor, (*READERS, *BRANCH)):
        return YES
    return no(_("The register of people is for the secretariat and for branches. Your own page is under your name."))


def may_see_person(*, actor: Actor, person: Person, on: date) -> Verdict:
    """Readers see everybody, a branch its people, and everybody themselves."""
    if _any(actor, READERS) or actor.person == person.ref or _in_branch(actor, person, on):
        return YES
    return no(_("You see the people of your own branch. %(name)s holds no post there today.") % {"name": person.name})


def _in_branch(actor: Actor, person: Person, on: date, roles: tuple[str, ...] = BRANCH) -> bool:
    branches = _places(actor, roles)
    return bool(branches) and Term.objects.on(on).filter(person=person, post__organisation__in=branches).exists()


def may_see_organisations(*, actor: Actor) -> Verdict:
    """Whoever has an account sees organisations: they are public bodies."""
    return YES if actor.roles else no(_("Sign in to see the register of organisations."))


def may_register_person(*, actor: Actor) -> Verdict:
    """The secretariat and branch secretaries enter people."""
    if _any(actor, (*SECRETARIAT, "branch_secretary")):
        return YES
    return no(_("People are entered by the secretariat or by a branch secretary."))


def may_correct_person(
    *, actor: Actor, person: Person, on: date, what: frozenset[str] = frozenset(),
    guarded: frozenset[int] | None = None,
) -> Verdict:
    """The secretariat corrects everybody, a branch secretary people of the branch, everybody their own contacts;
    documents and contacts of those whose posts bring wider rights only the office. For many people `guarded` gives
    what `guarded_from` said of them all."""
    if _any(actor, OFFICE) or (actor.person == person.ref and what and what <= OWN):
        return YES
    clerk = _any(actor, SECRETARIAT)
    if clerk or (actor.has("branch_secretary") and _in_branch(actor, person, on, ("branch_secretary",))):
        if IDENTIFYING.isdisjoint(what):
            return YES
        if person.pk not in (guarded_from(actor=actor, people=[person.pk], on=on) if guarded is None else guarded):
            return YES
        return no(_("An account is activated by document and mobile or e-mail. Of people whose posts bring rights "
                    "the office changes these."))
    if actor.has("branch_secretary"):
        return no(_("A branch secretary corrects people who hold a post in the branch; this person holds none today."))
    return no(_("The secretariat corrects names, dates and documents; your own mobile and e-mail you may change."))


def guarded_from(*, actor: Actor, people: Sequence[int], on: date) -> frozenset[int]:
    """Return those of these people whose posts, now or later, bring rights (for the secretariat: wider ones than a
    branch's), or who administer: their documents and contacts are not this actor's to change."""
    if _any(actor, OFFICE):
        return frozenset()
    among, found = STAFF if _any(actor, SECRETARIAT) else None, set[int]()
    for start in range(0, len(people), 800):
        part = people[start : start + 800]
        brought = brought_to(people=part, on=on, later=True)
        found |= {key for key, roles in brought.items() if any(among is None or one.role in among for one in roles)}
        administer = Account.objects.filter(person__in=part, purpose=Account.Purpose.ADMINISTRATION)
        found |= set(administer.values_list("person", flat=True))
    return frozenset(found)


def may_merge_people(*, actor: Actor) -> Verdict:
    """Only the office joins or parts entries: every engine's records follow."""
    if _any(actor, OFFICE):
        return YES
    return no(_("Entries are merged by the office, because records everywhere follow. Tell the office which two."))


def may_import(*, actor: Actor) -> Verdict:
    """The secretariat imports lists."""
    if _any(actor, SECRETARIAT):
        return YES
    return no(_("Lists are imported by the secretariat. Send the file to the office."))


def may_fetch_rejected(*, actor: Actor, uploader: str) -> Verdict:
    """The rows of a file go back only to who uploaded it."""
    if may_import(actor=actor) and str(actor.ref) == uploader:
        return YES
    return no(_("Rejected rows go back only to whoever uploaded the file."))


def may_undo_import(*, actor: Actor, uploader: str) -> Verdict:
    """Who imported a list takes it back, or the office does."""
    if _any(actor, OFFICE) or (may_import(actor=actor) and str(actor.ref) == uploader):
        return YES
    return no(_("An import is taken back by whoever imported it, or by the office."))


def may_change_organisation(*, actor: Actor, kinds: Collection[str] = ()) -> Verdict:
    """The secretariat founds, renames, moves and closes organisations; where `kinds`, those it is or becomes or
    takes along, bring roles to the holders of posts, only the office does."""
    if _any(actor, OFFICE) or (_any(actor, SECRETARIAT) and OWN_KINDS.isdisjoint(kinds)):
        return YES
    if _any(actor, SECRETARIAT):
        return no(_("Posts in associations, departments and offices bring rights, so these are entered, moved and "
                    "ended by the office."))
    return no(_("Organisations are entered and changed by the secretariat."))


def may_name_bank_account(*, actor: Actor) -> Verdict:
    """Where money goes is named by the office alone."""
    return YES if _any(actor, OFFICE) else no(_("The collecting account is named by the office."))


def may_change_term(*, actor: Actor, organisation: Organisation, person: Ref | None = None) -> Verdict:
    """Posts of the association and its secretariat are entered by the office, those of branches by the
    secretariat; nobody enters or ends their own, because posts bring rights."""
    if actor.has("house"):
        return YES
    if person is not None and actor.person == person:
        return no(_("A post brings rights, so nobody enters or ends their own. Ask a colleague of the office."))
    if organisation.kind in OWN_KINDS:
        if _any(actor, ("office", "secretary_general")):
            return YES
        return no(_("Posts of the association and its secretariat are entered by the office."))
    if _any(actor, SECRETARIAT):
        return YES
    return no(_("Posts are entered by the secretariat on the strength of a decision. Send it the minutes."))


def may_enter_posts(*, actor: Actor, person: Person) -> Verdict:
    """Say whether the actor enters any posts of this person; which ones depends on the organisation."""
    if actor.person == person.ref and not actor.has("house"):
        return no(_("A post brings rights, so nobody enters or ends their own. Ask a colleague of the office."))
    if _any(actor, SECRETARIAT):
        return YES
    return no(_("Posts are entered by the secretariat on the strength of a decision. Send it the minutes."))


def is_self(*, actor: Actor, person: Person) -> bool:
    """Say whether this page is about the reader."""
    return actor.person == ref("directory.person", person.pk)
