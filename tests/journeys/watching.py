"""Run inside the house: lets pages report every five seconds, asks somebody whether they are there, tells what counts.

`python -m tests.journeys.watching quick | free NAME… | ask SECONDS_AGO | told KIND`, the last two about whoever sat
down last; `free` tells which of the accounts is the first whom no check by lot meets within ten minutes.
"""

import sys
from datetime import timedelta

import django


def main(words):
    """Do what the words say and print one number or nothing."""
    django.setup()
    from xinglin.kernel import clock
    from xinglin.kernel.actions.regulations import override_regulation
    from xinglin.kernel.actors import Actor
    from xinglin.kernel.refs import Ref
    from xinglin.mechanics.presence import evidence, models

    now = clock.now()
    if words[0] == "quick":
        office = Actor(ref=Ref("directory.account:1"), roles=frozenset({"office"}))
        for key, number in (("E7.beat_seconds", 5), ("E7.checks_hour", 1), ("E7.check_seconds", 60)):
            override_regulation(by=office, on=clock.today(), regulation_id=key, value=number, from_on=clock.today(),
                                reason="在场确认的试验（虚构）")
        return
    if words[0] == "free":
        print(next(number for number, name in enumerate(words[1:]) if not meets(name, now)))
        return
    row = models.Sitting.objects.latest("opened_at")
    if words[0] == "ask":
        asked_at = now - timedelta(seconds=int(words[1]))
        models.Check.objects.create(person=row.person, since_at=row.proof_at, asked_at=asked_at,
                                    limit_at=asked_at + timedelta(seconds=60))
        models.Sitting.objects.filter(pk=row.pk).update(asked_at=asked_at)
    else:
        last = models.Sitting.objects.filter(person=row.person, kind=words[1]).latest("opened_at")
        print(evidence.beside(number=last.pk, at=now, growing=True)[0].total_seconds())


def meets(username, now):
    """Say whether a check falls upon somebody within ten minutes."""
    from xinglin.directory.models import Account
    from xinglin.mechanics.presence import sittings
    from xinglin.mechanics.presence.protocol import falls

    person, since = Account.objects.get(username=username).person.ref, int(now.timestamp() * 1000)
    return falls(person=person, since=since, at=since + 600_000, checks=1, key=sittings._key())


if __name__ == "__main__":
    main(sys.argv[1:])
