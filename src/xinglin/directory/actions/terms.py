"""Acts on terms: begin, end, correct and withdraw the holding of a post."""

from datetime import date

from django.utils.translation import gettext as _

from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act, state
from xinglin.kernel.policy import require
from xinglin.kernel.refs import Code, Ref

from .. import checks, lists, policy
from ..facts import EntryWithdrawn, TermBegun, TermCorrected, TermEnded
from ..finding import organisation_of, person_of, term_of
from ..organisations import Organisation
from ..people import Person
from ..posts import Post, Term
from ..refusals import AlreadyEnded, NotFound, OutsideLifetime, Overlaps
from .employments import overlapping


@act
def begin_term(
    *, by: Actor, on: date, person: Ref, organisation: Ref, title: str, from_on: date, until_on: date | None = None,
    decision: str = "", session: int | None = None, name: str = "",
) -> Ref:
    """Record that somebody holds a post of an organisation from a day on; the post comes into being with it."""
    row, unit = person_of(person, locked=True), organisation_of(organisation)
    require(policy.may_change_term(actor=by, organisation=unit, person=row.ref))
    code = checks.checked_code(title, among=lists.post_titles, field="title")
    if not code:
        raise NotFound(_("Choose the post."), field="title")
    checks.require_span(from_on=from_on, until_on=until_on)
    require_lifetime(unit, from_on=from_on, until_on=until_on)
    post = post_for(organisation=unit, title=code, name=name)
    _require_free(row, post, from_on=from_on, until_on=until_on)
    term = Term(person=row, post=post, from_on=from_on, until_on=until_on, decision=decision, session=session)
    term.save()
    state(TermBegun(term=term.ref, person=row.ref, organisation=unit.ref, title=Code(code), from_on=from_on,
                    until_on=until_on), happened_on=from_on)
    return term.ref


def post_for(*, organisation: Organisation, title: str, name: str = "") -> Post:
    """Return the post of this title, made when it is the first time."""
    post = Post.objects.filter(organisation=organisation, title=title, name=name).first()
    if post is None:
        post = Post(organisation=organisation, title=title, name=name, order=lists.post_titles.entries[title].order)
        post.save()
    return post


def require_lifetime(organisation: Organisation, *, from_on: date, until_on: date | None) -> None:
    """Refuse a term that begins before the organisation does, or outlasts it (OutsideLifetime)."""
    if organisation.until_on and (until_on is None or until_on > organisation.until_on):
        raise OutsideLifetime(_("%(unit)s ended on %(day)s.") % {
            "unit": organisation.name, "day": organisation.until_on})
    if organisation.from_on and from_on < organisation.from_on:
        raise OutsideLifetime(_("%(unit)s was founded only on %(day)s.") % {
            "unit": organisation.name, "day": organisation.from_on})


def _require_free(
    person: Person, post: Post, *, from_on: date, until_on: date | None, beside: Term | None = None,
) -> None:
    others = Term.objects.filter(overlapping(from_on=from_on, until_on=until_on), person=person, post=post)
    other = others.exclude(pk=beside.pk if beside else None).first()
    if other:
        raise Overlaps(_("%(name)s is %(post)s there from %(from)s until %(until)s already.") % {
            "name": person.name, "post": post.label, "from": other.from_on, "until": other.until_on or _("open")})


@act
def end_term(
    *, by: Actor, on: date, term: Ref, until_on: date, reason: str = Term.EndedBy.EXPIRED, decision: str = "",
) -> None:
    """Record that a term ends; `until_on` is the first day on which the post is no longer held."""
    row = term_of(term, locked=True)
    require(policy.may_change_term(actor=by, organisation=row.organisation, person=row.person.ref))
    if row.ended_by or (row.until_on and row.until_on <= until_on):
        raise AlreadyEnded(_("This term ends on %(day)s already.") % {"day": row.until_on})
    if reason not in Term.EndedBy.values:
        raise NotFound(_("Choose why the term ends."), field="reason")
    checks.require_span(from_on=row.from_on, until_on=until_on)
    row.until_on, row.ended_by, row.decision = until_on, reason, decision or row.decision
    row.save()
    state(TermEnded(term=row.ref, person=row.person.ref, organisation=row.organisation.ref, title=Code(row.post.title),
                    until_on=until_on, reason=Code(reason)), happened_on=until_on)


@act
def correct_term(
    *, by: Actor, on: date, term: Ref, from_on: date, until_on: date | None, decision: str = "",
    session: int | None = None,
) -> None:
    """Put right the days, decision or session of a term that were entered wrongly."""
    row = term_of(term, locked=True)
    require(policy.may_change_term(actor=by, organisation=row.organisation, person=row.person.ref))
    checks.require_span(from_on=from_on, until_on=until_on)
    require_lifetime(row.organisation, from_on=from_on, until_on=until_on)
    _require_free(row.person, row.post, from_on=from_on, until_on=until_on, beside=row)
    row.from_on, row.until_on, row.decision, row.session = from_on, until_on, decision, session
    if until_on is None:
        row.ended_by = ""
    row.save()
    state(TermCorrected(term=row.ref, person=row.person.ref, from_on=from_on, until_on=until_on))


@act
def withdraw_term(*, by: Actor, on: date, term: Ref) -> None:
    """Take out a term that was entered by mistake; it never was."""
    row = term_of(term, locked=True)
    require(policy.may_change_term(actor=by, organisation=row.organisation, person=row.person.ref))
    state(EntryWithdrawn(entry=row.ref))
    row.delete()
