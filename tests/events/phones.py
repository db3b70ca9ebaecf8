"""Gate phones as the page plays them: a clock of their own, a list, a log, a queue; and crowds to scan."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

from django.db.models import Model, QuerySet

from xinglin.engines.events import judging, tickets
from xinglin.engines.events.actions.doors import enrol_device
from xinglin.engines.events.doors import Device
from xinglin.engines.events.gate_lists import known_of, millis
from xinglin.engines.events.handing_in import take_in
from xinglin.engines.events.meetings import Event
from xinglin.engines.events.offers import Ticket
from xinglin.engines.events.registrations import Registration
from xinglin.engines.events.stations import device_of, enrol, told
from xinglin.kernel.actors import house

HOUSE = house("tests")
_numbers = count(1)


def written(model: type[Model], rows: list) -> list:
    """Write rows as if acts had, many at once."""
    return QuerySet(model).bulk_create(rows, batch_size=500)


def crowd(event: Event, number: int, *, ticket: Ticket | None = None, **given) -> list[Registration]:
    """Return so many confirmed registrations of an event."""
    if ticket is None:
        ticket = Ticket.objects.filter(event=event, code="full").first() or written(Ticket, [
            Ticket(event=event, code="full", title="全程", item=0, group_item=0)])[0]
    rows = []
    for _one in range(number):
        serial = next(_numbers)
        rows.append(Registration(**{
            "event": event, "ticket": ticket, "name": f"演示{serial}", "state": "confirmed", "code": f"T{serial:07}",
            "key": f"k{serial}", "booking": f"b{serial}", "who": f"events.visitor:{serial}",
            "registered_at": datetime.fromisoformat("2026-04-01T00:00:00Z"), **given}))
    return written(Registration, rows)


@dataclass
class Phone:
    """One gate phone: `wrong` is how far its clock is from the truth; offline it judges alone."""

    device: Device
    token: str
    wrong: timedelta = timedelta(0)
    offset: timedelta = timedelta(0)
    known: dict = field(default_factory=dict)
    scans: list[dict] = field(default_factory=list)  # its own
    others: dict[str, dict] = field(default_factory=dict)
    taken: int = 0
    since: int = 0
    conflicts: list[dict] = field(default_factory=list)
    _log: judging.Log = field(default_factory=judging.Log)

    def clock(self, truth: datetime) -> int:
        """Return what the phone's clock shows."""
        return millis(truth + self.wrong)

    def learn(self, truth: datetime) -> None:
        """Fetch the list, and learn how wrong the clock is."""
        self.known = known_of(self.device)
        self.offset = truth - (truth + self.wrong)
        self._relog()

    def scan(self, registration: Registration, truth: datetime, *, way: str = "in", text: str = "", check=None) -> str:
        """Scan a ticket offline; return what the phone says."""
        text = text or tickets.ticket_text(registration)
        try:
            read = tickets.read_ticket(text)
            ticket = {"read": True, "genuine": True, "event": read.event, "registration": read.registration,
                      "tag": read.tag}
        except tickets.NoTicket:
            ticket = {"read": True, "genuine": False}
        at = self.clock(truth) + self.offset // timedelta(milliseconds=1)
        asked = {"at": at, "way": way, "place": str(self.device.place), "ticket": ticket, "check": check}
        answer = judging.judge(self.known, self._log, asked)
        self.push(clock=self.clock(truth), way=way, told=answer, ticket=text, check=check)
        if answer in ("in", "out"):
            self._add({"person": ticket["registration"], "place": str(self.device.place), "way": way, "at": at,
                       "key": f"own-{len(self.scans)}"})
        return answer

    def push(self, *, clock: int, **said) -> None:
        """Queue a scan under the next counter."""
        self.scans.append({"n": len(self.scans) + 1, "at": clock, **{k: v for k, v in said.items() if v}})

    def undo(self, number: int, truth: datetime) -> None:
        """Take a wrong scan back."""
        self.push(clock=self.clock(truth), way="undo", told="undo", undoes=number)

    def batch(self, truth: datetime) -> dict:
        """Return what waits to be handed in."""
        return {"sent": self.clock(truth), "scans": self.scans[self.taken :][:500], "waiting": 0}

    def sync(self, truth: datetime) -> None:
        """Hand in what waits, and learn what others saw."""
        while True:
            self.taken = take_in(device=device_of(token=self.token, at=truth), content=self.batch(truth), at=truth)
            if self.taken >= len(self.scans):
                break
        answer = told(device=self.device, since=self.since, at=truth)
        self.since, self.conflicts = answer["since"], answer["conflicts"]
        for one in answer["scans"]:
            self.others[one["key"]] = one
        self._relog()

    def _relog(self) -> None:
        scans = [one for one in self.others.values() if one["counts"]]
        self._log = judging.log_of(scans, known=self.known) if self.known else judging.Log()

    def _add(self, scan: dict) -> None:
        self._log.add(scan, period=judging.period_of(self.known, place=scan["place"], at=scan["at"]))


def phone(event: Event, gate: str, truth: datetime, *, wrong: timedelta = timedelta(0), **given) -> Phone:
    """Enrol a phone at a gate and let it fetch its list."""
    made = enrol_device(by=HOUSE, on=truth.date(), at=truth, event=event, gate=gate, **given)
    device, token = enrol(code=made.code, at=truth)
    one = Phone(device=device, token=token, wrong=wrong)
    one.learn(truth)
    return one
