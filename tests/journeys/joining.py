"""What a house needs before somebody can join: tiers, two members who can recommend, the secretary of a branch.

Run in the house's own settings: `python -m tests.journeys.joining`; it prints what the journey must know as JSON.
"""

import json
import os
from datetime import date, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

SECRETARY, MEMBERS = "mishu", ("慕容清", "独孤远")


def prepare() -> dict[str, Any]:
    """Enter what is missing through the acts and return branch, recommenders and tier."""
    from xinglin.engines.membership.tiers import Tier
    from xinglin.kernel import clock

    on = clock.today()
    if not Tier.objects.open_on(on).filter(code="ordinary").exists():
        _open_tiers(on)
    branch = _branch(on)
    _secretary(branch, on)
    return {"branch": branch.label, "tier": str(Tier.objects.get(code="ordinary")), "today": on.isoformat(),
            "recommenders": [(one.number, one.name) for one in _recommenders(branch, on)]}


def _open_tiers(on: date) -> None:
    from xinglin.engines.membership.actions.tiers import open_tier
    from xinglin.engines.membership.tiers import Holder
    from xinglin.kernel.actors import house
    from xinglin.kernel.refs import Code

    open_tier(by=house("journey"), on=on, code=Code("ordinary"), zh="普通会员", en="Ordinary", holder=Holder.PERSON,
              from_on=date(2001, 5, 1))


def _branch(on: date) -> Any:
    from xinglin.engines.membership.applying import branches_open

    return branches_open(on)[0]


def _secretary(branch: Any, on: date) -> None:
    from xinglin.directory.actions.people import register_person
    from xinglin.directory.actions.terms import begin_term
    from xinglin.directory.models import Person
    from xinglin.directory.security.actions.accounts import open_account
    from xinglin.directory.security.actions.passwords import change_password
    from xinglin.kernel.actors import house
    from xinglin.site.demo.welcome import PASSWORD

    by = house("journey")
    person = register_person(by=by, on=on, name="上官敏", email="mishu@jianghai.example")
    begin_term(by=by, on=on, person=person, organisation=branch.ref, title="branch_secretary",
               from_on=on - timedelta(days=9), until_on=on + timedelta(days=900))
    account = open_account(by=by, on=on, username=SECRETARY, person=Person.objects.get(pk=person.key), active=True)
    change_password(by=by, on=on, account=account, password=PASSWORD)


def _recommenders(branch: Any, on: date) -> list[Any]:
    from xinglin.directory.actions.people import register_person
    from xinglin.directory.models import Person
    from xinglin.engines.membership.actions.members import Newcomer, admit_members, waive_fee
    from xinglin.engines.membership.tiers import Tier
    from xinglin.kernel.actors import house

    by, tier = house("journey"), Tier.objects.get(code="ordinary")
    people = [register_person(by=by, on=on, name=name, email=f"member{place}@jianghai.example")
              for place, name in enumerate(MEMBERS)]
    newcomers = [Newcomer(who=Person.objects.get(pk=one.key), tier=tier, branch=branch) for one in people]
    spells = admit_members(by=by, on=on, newcomers=newcomers, joined_on=on - timedelta(days=400))
    for one in spells:
        waive_fee(by=by, on=on, member=one.member, from_on=one.joined_on, reason="演示")
    return [one.member for one in spells]


def letters(*, folder: Path, to: str) -> list[str]:
    """Return the bodies of the letters that the house has sent to an address, as a mailbox would show them."""
    found = []
    for file in sorted(folder.glob("*.log")) if folder.is_dir() else ():
        for text in file.read_bytes().split(b"-" * 79 + b"\n"):
            message = message_from_bytes(text.strip(b"\n"), policy=policy.default)
            if to in str(message["To"] or ""):
                found.append(message.get_content())
    return found


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xinglin.site.settings")
    import django

    django.setup()
    print(json.dumps(prepare()))
