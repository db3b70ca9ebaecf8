"""Reads the rows of presence: stretches that are proven, scans, and what they count for."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db.models import F, Q, QuerySet

from xinglin.kernel.refs import Ref

from . import models
from .counting import minutes
from .on_site import spans_on_site
from .rules import rules_on
from .spans import NOTHING, Span, length, local_day, union, without
from .values import Kind, Minutes, Sat, Scanned, Session, Way

BATCH = 900  # SQLite takes 999 parameters in an old build
Media = tuple[int, int]


def scans(*, sessions: Sequence[Session], people: Iterable[Ref] | None = None) -> list[Scanned]:
    """Return the scans at the doors of some sessions, in order."""
    places = {str(one) for session in sessions for one in (session.session, *session.places)}
    rows = _of(models.Scan.objects.filter(place__in=places), people)
    return [Scanned(person=Ref(row.person), place=Ref(row.place), way=Way(row.way), at=row.at)
            for row in rows.order_by("at", "key")]


def spans(*, sessions: Sequence[Session], at: datetime, people: Iterable[Ref] | None = None) -> list[Sat]:
    """Return every stretch that is proven at a moment: online as it was kept, on site as doors and rules say (E7)."""
    asked = None if people is None else list(people)
    went = scans(sessions=sessions, people=asked)
    rules = {day: rules_on(on=day) for day in {local_day(one.at) for one in went}}
    rows = _of(models.Sitting.objects.filter(session__in=[str(one.session) for one in sessions]), asked)
    return [*spans_on_site(scans=went, sessions=sessions, rules=rules), *_online(rows, at)]


def counted(*, sessions: Sequence[Session], at: datetime, people: Iterable[Ref] | None = None) -> dict[Ref, Minutes]:
    """Return the counted time of everybody who was in some sessions: the hall before the screen, a moment once."""
    by_person: dict[Ref, list[Sat]] = defaultdict(list)
    for one in spans(sessions=sessions, at=at, people=people):
        by_person[one.person].append(one)
    return {person: minutes(spans_on_site=[one for one in sats if one.kind == Kind.ON_SITE],
                            spans_online=[one for one in sats if one.kind != Kind.ON_SITE], sessions=sessions)
            for person, sats in sorted(by_person.items())}


def beside(*, number: int, at: datetime, growing: bool = False) -> tuple[timedelta, tuple[Media, ...]]:
    """Return what the session of a sitting counts beside the stretch that grows (or with it), and the media seen."""
    mine = models.Sitting.objects.get(pk=number)
    rows = models.Sitting.objects.filter(person=mine.person, session=mine.session)
    sats = _online(rows, at, growing_but=0 if growing else number)
    if mine.kind != Kind.RECORDING:
        return length(one.span for one in sats), ()
    seen: list[Media] = []
    for one in sorted(sats, key=lambda sat: sat.media_from or 0):
        first = round((one.media_from or 0) * 1000)
        last = first + one.span.length // timedelta(milliseconds=1)
        if seen and first <= seen[-1][1]:
            seen[-1] = (seen[-1][0], max(seen[-1][1], last))
        else:
            seen.append((first, last))
    return timedelta(milliseconds=sum(last - first for first, last in seen)), tuple(seen)


def lengths(*, rows: QuerySet[models.Sitting], at: datetime) -> dict[int, timedelta]:
    """Return how long each of some sittings is proven."""
    found: dict[int, list[Span]] = defaultdict(list)
    for number, sat in _kept(rows, at):
        found[number].append(sat.span)
    return {pk: length(found[pk]) if pk in found else NOTHING for pk in rows.values_list("pk", flat=True)}


def _of(rows: QuerySet, people: Iterable[Ref] | None) -> QuerySet:
    return rows if people is None else rows.filter(person__in=list(people))


def _online(rows: QuerySet[models.Sitting], at: datetime, growing_but: int = 0) -> list[Sat]:
    return [sat for _number, sat in _kept(rows, at, growing_but)]


def _kept(rows: QuerySet[models.Sitting], at: datetime, growing_but: int = 0) -> list[tuple[int, Sat]]:
    """Return the stretches of sittings without the time that a missed check leaves unproven."""
    by_number = {row.pk: row for row in rows}
    missed = _missed({row.person for row in by_number.values()}, at)
    closed = models.Stretch.objects.filter(sitting__in=rows.order_by().values("pk"))
    parts = [(row.sitting_id, Span(row.from_at, row.until_at), row.media) for row in closed]
    parts += [(row.pk, Span(row.from_at, row.reach_at), row.media) for row in by_number.values()
              if row.from_at and row.reach_at and row.pk != growing_but]
    return [kept for number, span, media in sorted(parts, key=lambda part: (part[1], part[0]))
            for kept in _proven(by_number[number], span, media, missed)]


def _proven(
    row: models.Sitting, span: Span, media: int | None, missed: dict[str, list[Span]],
) -> Iterable[tuple[int, Sat]]:
    for part in without([span], missed.get(row.person, ())):
        begins = None if media is None else media / 1000 + (part.from_at - span.from_at).total_seconds()
        yield row.pk, Sat(person=Ref(row.person), place=Ref(row.session), kind=Kind(row.kind), span=part,
                          media_from=begins)


def _missed(people: set[str], at: datetime) -> dict[str, list[Span]]:
    """Return the time that is unproven because nobody answered in time: from the last proof to the limit."""
    unanswered = Q(answered_at=None, limit_at__lt=at) | Q(answered_at__gt=F("limit_at"))
    found: dict[str, list[Span]] = defaultdict(list)
    ordered = sorted(people)
    for start in range(0, len(ordered), BATCH):
        checks = models.Check.objects.filter(unanswered, person__in=ordered[start : start + BATCH])
        for person, since_at, limit_at in checks.values_list("person", "since_at", "limit_at"):
            found[person].append(Span(since_at, limit_at))
    return {person: list(union(them)) for person, them in found.items()}
