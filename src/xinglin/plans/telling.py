"""Tells people what plans ask of them: a supervision notice, a talk with the leader."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from xinglin.directory import answers as directory
from xinglin.directory.posts import Term
from xinglin.kernel.notices import notify
from xinglin.kernel.refs import Ref, ref

from .commitments import Commitment
from .running import Supervision

# Whoever holds one of these posts in the leading unit hears of its notices.
HEADS = ("department_head", "deputy_department_head", "chair", "branch_secretary")
_UNIT = "directory.organisation"
SUPERVISION, TALK = "plans_supervision", "plans_talk"


def leading_people(*, commitment: Commitment, on: date) -> list[Ref]:
    """Return who answers for a commitment: the named person and the heads of the leading unit."""
    return leading_people_of(commitments=[commitment], on=on)[commitment.pk]


def leading_people_of(*, commitments: Sequence[Commitment], on: date) -> dict[int, list[Ref]]:
    """Return who answers for each of these commitments by its key, asked at once."""
    leads = {one.lead for one in commitments}
    units = [key for kind, _, key in (lead.partition(":") for lead in leads) if kind == _UNIT and key.isdigit()]
    heads: dict[str, list[Ref]] = defaultdict(list)
    rows = Term.objects.on(on).filter(post__organisation__in=units, post__title__in=HEADS)
    for unit, person in rows.values_list("post__organisation", "person"):
        heads[ref(_UNIT, unit)].append(ref("directory.person", person))
    answer = {}
    for one in commitments:
        named = [Ref(one.responsible)] if one.responsible else []
        answer[one.pk] = list(dict.fromkeys([*named, *heads[one.lead]]))
    return answer


def deciding_people(*, commitment: Commitment, on: date, but: str = "") -> list[Ref]:
    """Return the leader in charge of a commitment, else, or when `but` names that one, the secretary-general."""
    if commitment.leader and commitment.leader != but:
        return [Ref(commitment.leader)]
    house = directory.association(on=on)
    places = [one.ref for one in (*([house] if house else []), *directory.of_kind("office", on=on))]
    terms = (term for one in places for term in directory.members_of(one, on=on, titles=("secretary_general",)))
    return list(dict.fromkeys(term.person for term in terms if term.person != but))


def tell_the_lead(*, supervision: Supervision, people: list[Ref]) -> int:
    """Queue the notice for the people who answer for it, once per supervision; return how many were told."""
    return _tell(supervision, SUPERVISION, people)


def tell_the_leader(*, supervision: Supervision, on: date) -> int:
    """Queue the request for a talk for the leader in charge, else the secretary-general; return how many there are."""
    people = deciding_people(commitment=supervision.commitment, on=on)
    _tell(supervision, TALK, people)
    return len(people)


def _tell(supervision: Supervision, template: str, people: list[Ref]) -> int:
    if not people:
        return 0
    commitment = supervision.commitment
    return notify(
        to=people,
        template=template,
        key=str(supervision.pk),
        about=ref("plans.commitment", commitment.pk),
        context={"no": commitment.no, "text": commitment.text[:120], "due": supervision.reply_due_on},
    )
