"""Tells people what plans ask of them: a supervision notice, a talk with the leader."""

from datetime import date

from xinglin.directory.posts import Term
from xinglin.kernel.notices import notify
from xinglin.kernel.refs import Ref, ref

from .commitments import Commitment
from .running import Supervision

# Whoever holds one of these posts in the leading unit hears of its notices.
HEADS = ("department_head", "deputy_department_head", "chair", "branch_secretary")
SUPERVISION, TALK = "plans_supervision", "plans_talk"


def leading_people(*, commitment: Commitment, on: date) -> list[Ref]:
    """Return who answers for a commitment: the named person and the heads of the leading unit."""
    people = [Ref(commitment.responsible)] if commitment.responsible else []
    kind, _, key = commitment.lead.partition(":")
    if kind == "directory.organisation" and key.isdigit():
        heads = Term.objects.on(on).filter(post__organisation=int(key), post__title__in=HEADS)
        people += [ref("directory.person", person) for person in heads.values_list("person", flat=True)]
    return list(dict.fromkeys(people))


def tell_the_lead(*, supervision: Supervision, on: date) -> int:
    """Queue the notice for the people of the leading unit, once per supervision; return how many were told."""
    commitment = supervision.commitment
    return _tell(supervision, SUPERVISION, leading_people(commitment=commitment, on=on))


def tell_the_leader(*, supervision: Supervision) -> int:
    """Queue the request for a talk for the leader in charge; return how many were told."""
    leader = supervision.commitment.leader
    return _tell(supervision, TALK, [Ref(leader)] if leader else [])


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
