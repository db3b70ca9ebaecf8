"""A member with an account of their own, whose membership a journey may end.

Run in the house's own settings: `python -m tests.journeys.belonging`; it prints the number of the member.
"""

import os
from datetime import timedelta

WHO, NAME = "ouyangzhi", "欧阳芷"


def prepare() -> str:
    """Register somebody, admit them, waive the fee and open an account; return the number."""
    from xinglin.directory.actions.people import register_person
    from xinglin.directory.models import Person
    from xinglin.directory.security.actions.accounts import open_account
    from xinglin.directory.security.actions.passwords import change_password
    from xinglin.engines.membership.actions.members import Newcomer, admit_members, waive_fee
    from xinglin.engines.membership.actions.tiers import open_tier
    from xinglin.engines.membership.tiers import Holder, Tier
    from xinglin.kernel import clock
    from xinglin.kernel.actors import house
    from xinglin.kernel.refs import Code
    from xinglin.site.demo.welcome import PASSWORD

    by, on = house("journey"), clock.today()
    tier = Tier.objects.open_on(on).filter(code="ordinary").first() or open_tier(
        by=by, on=on, code=Code("ordinary"), zh="普通会员", en="Ordinary", holder=Holder.PERSON,
        from_on=on - timedelta(days=9000))
    person = Person.objects.get(pk=register_person(by=by, on=on, name=NAME).key)
    account = open_account(by=by, on=on, username=WHO, person=person, active=True)
    change_password(by=by, on=on, account=account, password=PASSWORD)
    [spell] = admit_members(by=by, on=on, newcomers=[Newcomer(who=person, tier=tier)],
                            joined_on=on - timedelta(days=400))
    waive_fee(by=by, on=on, member=spell.member, from_on=spell.joined_on, reason="演示")
    return spell.member.number


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xinglin.site.settings")
    import django

    django.setup()
    print(prepare())
