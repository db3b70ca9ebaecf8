"""Run inside an installation of its own: opens sittings there, or says what its rows count, as JSON on one line."""

import json
import sys

import django


def main(words):
    """Do `open N` (sittings of N people, reporting every five seconds) or `counted`."""
    django.setup()
    from xinglin.kernel import clock
    from xinglin.kernel.actions.regulations import override_regulation
    from xinglin.kernel.actors import Actor
    from xinglin.kernel.refs import Ref, ref
    from xinglin.mechanics.presence import evidence, models
    from xinglin.mechanics.presence.sittings import open_sitting
    from xinglin.mechanics.presence.values import Kind

    now = clock.now()
    if words[0] == "open":
        office = Actor(ref=Ref("directory.account:1"), roles=frozenset({"office"}))
        for key, number in (("E7.beat_seconds", 5), ("E7.checks_hour", 0)):
            override_regulation(by=office, on=clock.today(), regulation_id=key, value=number, from_on=clock.today(),
                                reason="试")
        opened = [open_sitting(person=ref("directory.person", number), session=Ref("events.session:1"), kind=Kind.LIVE,
                               at=now) for number in range(int(words[1]))]
        print(json.dumps([{"token": one.token, "secret": one.secret, "number": one.number} for one in opened]))
    else:
        rows = models.Sitting.objects.all()
        lengths = evidence.lengths(rows=rows, at=now)
        print(json.dumps({row.pk: [row.seq, lengths[row.pk].total_seconds(),
                                   (row.beat_at - row.opened_at).total_seconds()] for row in rows}))


if __name__ == "__main__":
    main(sys.argv[1:])
