"""Writes to many members at once; who was written to is told in number, the words stay outside the chain."""

import uuid
from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext_lazy as _

from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act, state
from xinglin.kernel.notices import notify, register_notice
from xinglin.kernel.policy import Refusal, require
from xinglin.kernel.refs import Code, ref

from ..addressees import people_of
from ..facts import LetterSent
from ..policy import may_write_to_members, members_seen

NOTICE = "membership_letter"
register_notice(NOTICE, app="xinglin.engines.membership")


class NobodyToWriteTo(Refusal):
    """None of those picked, nor a contact of theirs, can be written to by the writer."""


@act
def write_to_members(*, by: Actor, on: date, members: Sequence[int], title: str, words: str) -> int:
    """Send the same words to these members, to units by their contacts, and return to how many people."""
    require(may_write_to_members(actor=by))
    seen = members_seen(actor=by, on=on).filter(pk__in=members)
    keys = seen.filter(person__isnull=False).values_list("person", flat=True)
    units = seen.filter(unit__isnull=False).select_related("unit")
    people = [ref("directory.person", key) for key in keys]
    people = list(dict.fromkeys([*people, *(one for unit in units for one in people_of(unit, on=on))]))
    if not people:
        raise NobodyToWriteTo(_("Nobody is picked whom a letter can reach; units are written to by their contact."))
    letter = uuid.uuid4().hex[:12]
    notify(to=people, template=NOTICE, key=letter, context={"title": title, "words": words})
    state(LetterSent(letter=Code(f"l{letter}"), members=len(people), title=title))
    return len(people)
