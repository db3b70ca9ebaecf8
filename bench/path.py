"""The whole path of a person in a rush: page, queue, place, form, order, over HTTP as a browser goes it.

Nobody thinks and nobody types here: what is timed is only what people wait for.
"""

import asyncio
import json
import re
import string
import time
from collections.abc import Sequence
from datetime import timedelta
from importlib import import_module
from random import SystemRandom
from typing import Any
from urllib.parse import urlencode

from bench import crowd
from bench.crowd import Click
from bench.registering import event_on_sale

STEPS = ("page", "join", "hold", "form", "order")
ANSWERS = {"name": "周宁", "mobile": "13800000000", "way": "transfer", "unit_name": "虚构医院"}
Times = dict[str, float]


class Visitor:
    """Somebody with a confirmed e-mail address, known to the site by two cookies."""

    def __init__(self, name: str) -> None:
        from django.conf import settings

        from xinglin.engines.events.carts import VISITOR, visitor

        self.email = f"{name}@example.org"
        self.who, self.secret = visitor(self.email), "".join(SystemRandom().choices(string.ascii_letters, k=32))
        session = import_module(settings.SESSION_ENGINE).SessionStore()
        session[VISITOR] = self.email
        session.save()
        self.cookies = (f"Cookie: {settings.SESSION_COOKIE_NAME}={session.session_key}; "
                        f"{settings.CSRF_COOKIE_NAME}={self.secret}\r\n")

    def get(self, path: str) -> bytes:
        """Return the request for a page."""
        return crowd.get(path=path, header=self.cookies)

    def post(self, path: str, **values: Any) -> bytes:
        """Return a form sent by a page."""
        return crowd.post(path=path, body=urlencode({**values, "csrfmiddlewaretoken": self.secret}),
                          header=self.cookies)


def location(click: Click) -> str:
    """Return where an answer leads to."""
    found = re.search(rb"(?im)^location: (\S+)", click.head)
    assert found, (click.status, click.head, click.body[:300])
    return found[1].decode()


def walk(*, port: int, people: int = 150, seats: int = 60, rate: float = 4, early: float = 25) -> bool:
    """Let people open the page before the sale, queue, and register as their turn comes; print what each step took."""
    from xinglin.engines.events.offers import Ticket
    from xinglin.engines.events.registrations import Registration
    from xinglin.kernel import clock

    visitors = [Visitor(f"walk{number}") for number in range(people)]
    event = event_on_sale(day=clock.today(), opens=clock.now() + timedelta(seconds=early), places=seats, rate=rate)
    item = Ticket.objects.get(event=event).item
    met = asyncio.run(_all(port, event.pk, item, visitors, early))
    won = [one for one in met if "order" in one]
    there = Registration.objects.filter(event=event).count()
    print(f"whole path: {people} people, {rate:.0f} let in a second, {seats} seats: registered {len(won)}", flush=True)
    for step in STEPS:
        _line(step, [one[step] for one in met if step in one])
    whole = [sum(one[step] for step in ("hold", "form", "order")) for one in won]
    _line("from one's turn to registered", whole)
    return len(won) == there == seats


def _line(name: str, waited: Sequence[float]) -> None:
    print(f"  {name} {len(waited):,}: p50 {crowd.at(.5, waited):.0f} p95 {crowd.at(.95, waited):.0f} "
          f"p99 {crowd.at(.99, waited):.0f} ms", flush=True)


async def _all(port: int, event: int, item: int, visitors: list[Visitor], early: float) -> list[Times]:
    gap = 0.7 * early / len(visitors)
    return await asyncio.gather(*(_one(port, event, item, one, place * gap) for place, one in enumerate(visitors)))


async def _one(port: int, event: int, item: int, visitor: Visitor, after: float) -> Times:
    await asyncio.sleep(after)
    page = await crowd.ask(port, visitor.get(f"/events/{event}/register/"))
    found = re.search(rb'data-pass="([^"]+)"', page.body)
    assert found, (page.status, page.body[:500])
    seat_pass, took = found[1].decode(), {"page": page.waited}

    async def seat(verb: str, **values: Any) -> tuple[Click, Any]:
        click = await crowd.ask(port, crowd.post(path=f"/seats/{verb}", body=urlencode(values),
                                                 header=f"X-Seat-Pass: {seat_pass}\r\n"))
        return click, json.loads(click.body)

    click, said = await seat("join")
    took["join"] = click.waited
    while not said["admitted"]:
        await asyncio.sleep(1)
        said = (await seat("place"))[1]
        seat_pass = said["pass"]
    click, said = await seat("hold", item=item)
    took["hold"] = click.waited
    return took | await _register(port, event, visitor, said["token"]) if click.status == 200 else took


async def _register(port: int, event: int, visitor: Visitor, token: str) -> Times:
    begun = time.perf_counter()
    form = location(await crowd.ask(port, visitor.post(f"/events/{event}/register/held/", token=token)))
    shown = await crowd.ask(port, visitor.get(form))
    sent = await crowd.ask(port, visitor.post(form, **ANSWERS))
    assert shown.status == 200 and sent.status == 302, (shown.status, sent.status, sent.body[:500])
    return {"form": shown.ended - begun, "order": sent.waited}


def orders(*, port: int, people: int = 120) -> None:
    """Send the forms of people who hold a place, one after another and many at once, and print how many a second."""
    from xinglin.engines.events.carts import begin
    from xinglin.engines.events.offers import Ticket
    from xinglin.kernel import clock
    from xinglin.mechanics.booking.holding import hold

    event = event_on_sale(day=clock.today(), opens=clock.now())
    ticket = Ticket.objects.get(event=event)
    for at_once, count in ((1, people // 4), (16, people)):
        requests = []
        for number in range(count):
            visitor = Visitor(f"order{at_once}.{number}")
            held = hold(item=ticket.item, who=visitor.who, key="k", at=clock.now())
            draft = begin(held=held, ticket=ticket, email=visitor.email)  # type: ignore[arg-type]
            requests.append(visitor.post(f"/events/registering/{draft.key}/", **ANSWERS))
        begun, clicks = crowd.keep_asking(port=port, requests=requests, at_once=at_once)
        assert all(one.status == 302 for one in clicks), [one for one in clicks if one.status != 302][:2]
        print(f"orders, {at_once} at once: {count / (max(one.ended for one in clicks) - begun):.1f} a second; "
              f"{crowd.line('each', clicks, lambda one: True)}", flush=True)
