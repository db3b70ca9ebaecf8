"""Whether everything runs: flows, letters, schedules, jobs, sealer, and in words what is wrong."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import ngettext

from xinglin.kernel.jobs import Job
from xinglin.kernel.notices.delivery import troubled

from . import night, sealing, streams

FAILED_FOR = timedelta(days=7)  # a failed job is told this long; it stays in the list


@dataclass(frozen=True, kw_only=True)
class Wrong:
    """One thing that needs a person: how grave, in words, and where on the page it stands."""

    light: str
    words: str
    anchor: str


@dataclass(frozen=True, kw_only=True)
class Health:
    """The state of everything that runs, at one moment."""

    flows: list[streams.Stream]
    schedules: list[night.Run]
    sealer: sealing.Sealer
    letters: int
    failed: int
    wrong: list[Wrong]

    @property
    def stuck(self) -> list[streams.Stream]:
        """The flows that stand still."""
        return [one for one in self.flows if one.stuck_at]


def examine(*, now: datetime) -> Health:
    """Look at everything that runs."""
    flows, schedules, sealer = streams.streams(), night.runs(now=now), sealing.sealer(now=now)
    letters = troubled().count()
    failed = Job.objects.filter(state="failed", ended_at__gt=now - FAILED_FOR).count()
    stuck = sum(1 for one in flows if one.stuck_at)
    wrong = [*sealing.wrongs(sealer), *night.wrongs(schedules)]
    if stuck:
        wrong.append(("bad", ngettext("%(n)d flow is stuck", "%(n)d flows are stuck", stuck) % {"n": stuck}, "flows"))
    if letters:
        wrong.append(("bad", ngettext("%(n)d letter is undelivered", "%(n)d letters are undelivered", letters)
                      % {"n": letters}, "letters"))
    if failed:
        wrong.append(("warn", ngettext("%(n)d job failed within a week", "%(n)d jobs failed within a week", failed)
                      % {"n": failed}, "jobs"))
    return Health(flows=flows, schedules=schedules, sealer=sealer, letters=letters, failed=failed,
                  wrong=[Wrong(light=light, words=words, anchor=anchor) for light, words, anchor in wrong])
