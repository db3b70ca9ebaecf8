"""Applications of the fictional year, one or more in every state: invented people with invented numbers."""

import random
from datetime import date, timedelta
from typing import Any

from xinglin.directory.models import Organisation
from xinglin.engines.membership.actions.applications import submit_application, withdraw_application
from xinglin.engines.membership.actions.approving import approve_applications
from xinglin.engines.membership.actions.erasing import erase_application
from xinglin.engines.membership.actions.recommending import answer_recommendation
from xinglin.engines.membership.actions.reviewing import (
    pass_application,
    refuse_application,
    return_application,
    verify_application,
)
from xinglin.engines.membership.applications import Application
from xinglin.engines.membership.members import Coverage, Member
from xinglin.kernel.actors import Actor
from xinglin.kernel.actors import house as part
from xinglin.kernel.refs import Ref
from xinglin.lib.identity import check_digit

from .invented import person_name

VISITOR = Actor(ref=Ref("shell.visitor:anonymous"))
# How many stand where, from the oldest on.
STATES = ("erased", "approved", "approved", "refused", "withdrawn", "verified", "verified", "verified", "passed",
          "passed", "returned", "submitted", "submitted", "submitted")


def apply_all(*, branches: list[Organisation], hospital: str, today: date, seed: int) -> None:
    """Let a dozen people apply and bring each application as far as its state says."""
    rng = random.Random(seed + 8)
    paid = Coverage.objects.filter(kind="paid", spell__ended_on=None, spell__member__person__isnull=False,
                                   from_on__lt=today - timedelta(days=2 * len(STATES) + 4), until_on__gt=today)
    vouching = list(Member.objects.filter(spells__coverages__in=paid.values("pk")).select_related("person")[:20])
    if len(vouching) < 2:  # early in the year nobody has paid yet
        return
    for place, state in enumerate(STATES):
        on = today - timedelta(days=2 * (len(STATES) - place) + 2)
        members = rng.sample(vouching, 2)
        branch = branches[0 if state in ("submitted", "returned") else place % len(branches)]
        answers = _answers(rng, place, hospital, branch, members)
        row = submit_application(by=VISITOR, on=on, holder="person", answers=answers)
        if state not in ("withdrawn", "erased"):
            for one in row.recommendations.all():
                answer_recommendation(by=VISITOR, on=on, key=one.key, vouched=True)
        _bring(row, state, on)


def _answers(
    rng: random.Random, place: int, hospital: str, branch: Organisation, members: list[Member]
) -> dict[str, Any]:
    body = f"320102{rng.randint(1975, 1998)}{rng.randint(1, 12):02d}{rng.randint(1, 28):02d}{900 + place:03d}"
    return {
        "tier": "ordinary", "branch": str(branch.pk), "name": person_name(rng), "document": "resident_id",
        "number": body + check_digit(body=body), "mobile": f"1380000{2000 + place}",
        "email": f"a{place}@jianghai.example", "occupation": "physician", "employer": hospital,
        "recommenders": tuple((one.number, one.name) for one in members), "agreed": True}


def _bring(row: Application, state: str, on: date) -> None:
    by = part("demo")
    if state == "withdrawn":
        withdraw_application(by=VISITOR, on=on, key=row.key)
    elif state == "erased":
        withdraw_application(by=VISITOR, on=on, key=row.key)
        erase_application(by=VISITOR, on=on, key=row.key)
    elif state == "returned":
        return_application(by=by, on=on, application=row, reason="执业证书照片不清晰，请重新上传。")
    elif state == "refused":
        refuse_application(by=by, on=on, application=row, reason="不符合普通会员入会条件：尚未取得执业资格。")
    elif state != "submitted":
        row = pass_application(by=by, on=on, application=row)
        if state != "passed":
            row = verify_application(by=by, on=on, application=row)
        if state == "approved":
            approve_applications(by=by, on=on + timedelta(days=1), applications=[row], held_on=on + timedelta(days=1),
                                 decision=f"常〔{on.year}〕{on.month + 1}号（演示）")
