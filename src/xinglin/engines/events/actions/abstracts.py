"""Takes abstracts in, lets their authors withdraw them, and writes down what was decided (K7)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from xinglin.directory.models import Person
from xinglin.kernel import regulations
from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act, state
from xinglin.kernel.confinement import open_to
from xinglin.kernel.policy import NotAllowed, Problem, Refusal, Refusals, require
from xinglin.kernel.refs import Code

from ..abstracts import Abstract
from ..facts_papers import AbstractMoved
from ..meetings import Event, State
from ..policy import may_run_event, person_key


class NotAsked(Refusal):
    """The event takes no abstracts now."""


class HandedInAlready(Refusal):
    """The same person handed in the same title."""

    field = "title"


class Decided(Refusal):
    """It was decided on, or withdrawn."""


@dataclass(frozen=True, kw_only=True)
class Author:
    """One author of an abstract."""

    name: str
    unit: str = ""


@dataclass(frozen=True, kw_only=True)
class Paper:
    """What is handed in: title, text, authors with the presenting one first, wished form."""

    title: str
    text: str
    authors: tuple[Author, ...]
    form: str = Abstract.Form.ORAL
    specialty: str = ""


def is_asked(event: Event, *, on: date) -> bool:
    """Say whether an event takes abstracts on a day."""
    return bool(event.abstracts_until and on <= event.abstracts_until
                and event.state in (State.APPROVED, State.OPEN, State.CLOSED))


@act
@open_to("member")
def submit_abstract(*, by: Actor, on: date, event: Event, paper: Paper) -> Abstract:
    """Hand in an abstract while the event asks for them."""
    event = Event.objects.one_locked(pk=event.pk)
    key = person_key(by)
    if key is None:
        raise NotAllowed(_("Sign in with an account that has an entry in the directory."))
    if not is_asked(event, on=on):
        raise NotAsked(_("This event takes no abstracts now."))
    _check(paper, on)
    if event.abstracts.filter(person=key, title=paper.title).exclude(state=Abstract.State.WITHDRAWN).exists():
        raise HandedInAlready(_("You handed in an abstract with this title."))
    last = event.abstracts.order_by("-number").values_list("number", flat=True).first() or 0
    row = Abstract.objects.create(
        event=event, number=last + 1, person=Person.objects.get(pk=key), title=paper.title, text=paper.text,
        authors=[{"name": one.name, "unit": one.unit} for one in paper.authors], specialty=paper.specialty,
        form=paper.form, submitted_on=on)
    _say(row)
    return row


def _check(paper: Paper, on: date) -> None:
    most, problems = int(regulations.value("K7.characters", on=on)), []
    if len(paper.text) > most:
        problems.append(Problem(field="text", message=_("%(n)d characters; at most %(most)d.") % {
            "n": len(paper.text), "most": most}))
    if not paper.authors or not all(one.name.strip() for one in paper.authors):
        problems.append(Problem(field="authors", message=_("Name every author, the presenting one first.")))
    if problems:
        raise Refusals(problems)


@act
@open_to("member")
def withdraw_abstract(*, by: Actor, on: date, abstract: Abstract) -> Abstract:
    """Take one's own abstract back while abstracts are taken."""
    row = Abstract.objects.one_locked(pk=abstract.pk)
    if person_key(by) != row.person_id:
        raise NotAllowed(_("Only who handed it in takes it back."))
    if row.state == Abstract.State.WITHDRAWN:
        raise Decided(_("It is withdrawn already."))
    if row.event.abstracts_until is None or on > row.event.abstracts_until:
        raise Decided(_("It could be withdrawn until %(day)s.") % {"day": row.event.abstracts_until or "—"})
    row.state = Abstract.State.WITHDRAWN
    row.save(update_fields=["state"])
    _say(row)
    return row


@act
def decide_abstracts(
    *, by: Actor, on: date, event: Event, abstracts: Sequence[int], accepted: bool, presented_as: str = "",
    reason: str = ""
) -> list[Abstract]:
    """Write down what was decided on abstracts; reviewers' marks come from another engine."""
    event = Event.objects.one_locked(pk=event.pk)
    require(may_run_event(actor=by, event=event))
    rows = list(event.abstracts.filter(pk__in=abstracts).select_related("event", "person").order_by("pk"))
    if not rows or any(one.state == Abstract.State.WITHDRAWN for one in rows):
        raise Decided(_("Choose abstracts that are not withdrawn."))
    for row in rows:
        row.state = Abstract.State.ACCEPTED if accepted else Abstract.State.REJECTED
        row.form, row.reason, row.decided_on = presented_as or row.form, reason, on
        row.save(update_fields=["state", "form", "reason", "decided_on"])
        _say(row)
    return rows


def _say(row: Abstract) -> None:
    state(AbstractMoved(
        abstract=row.ref, event=row.event.ref, number=row.number, person=row.person.ref, form=Code(row.form),
        state=Code(row.state), specialty=Code(row.specialty) if row.specialty else None, title=row.title,
        text=row.text, authors=json.dumps(row.authors, ensure_ascii=False), reason=row.reason))
