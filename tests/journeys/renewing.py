"""What happens to a new member besides what they do: an account is opened, and a night comes that reminds them.

Run in the house's own settings: `python -m tests.journeys.renewing NAME`; it prints the day the fee is paid until.
"""

import os
import sys
from datetime import timedelta

WHO = "linghuxing"


def prepare(name: str) -> str:
    """Open an account for a member and run the next night that reminds of the end of their paid time."""
    from xinglin.directory.security.actions.accounts import open_account
    from xinglin.directory.security.actions.passwords import change_password
    from xinglin.engines.membership.members import Coverage
    from xinglin.engines.membership.reminding import remind
    from xinglin.kernel import clock, regulations
    from xinglin.kernel.actors import house
    from xinglin.site.demo.welcome import PASSWORD

    by, on = house("journey"), clock.today()
    paid = Coverage.objects.select_related("spell__member__person").get(spell__member__person__name=name)
    account = open_account(by=by, on=on, username=WHO, person=paid.spell.member.person, active=True)
    change_password(by=by, on=on, account=account, password=PASSWORD)
    offsets = regulations.value("M2.reminder_days", on=on)
    nights = [night for one in offsets if (night := paid.until_on + timedelta(days=one)) > on]
    remind(on=min(nights))
    return (paid.until_on - timedelta(days=1)).isoformat()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xinglin.site.settings")
    import django

    django.setup()
    print(prepare(sys.argv[1]))
