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

from ..facts import LetterSent
from ..policy import may_write_to_members, members_seen

NOTICE = "membership_letter"
register_notice(NOTICE, app="xinglin.engines.membership")


class NobodyToWriteTo(Refusal):
    """None of those picked is a person whom the writer may look up."""


@act
def write_to_members(*, by: Actor, on: date, members: Sequence[int], title: str, words: str) -> int:
    """Send the same words to these members who are people and return to how many."""
    require(may_write_to_members(actor=by))
    seen = members_seen(actor=by, on=on).filter(person__isnull=False)
    people = [ref("directory.person", key) for key in seen.filter(pk__in=members).values_list("person", flat=True)]
    if not people:
        raise NobodyToWriteTo(_("Nobody is picked whom a letter can reach; units are written to by their contact."))
    letter = uuid.uuid4().hex[:12]
    notify(to=people, template=NOTICE, key=letter, context={"title": title, "words": words})
    state(LetterSent(letter=Code(f"l{letter}"), members=len(people), title=title))
    return len(people)
