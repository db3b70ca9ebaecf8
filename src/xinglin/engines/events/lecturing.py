"""Who lectured in which sessions of an event, so that their minutes are told apart from those of the audience."""

from collections import defaultdict

from .attendances import Attendance
from .meetings import Event
from .programme import Speaking


def lectures_of(event: Event) -> dict[int, set[str]]:
    """Return the sessions in which each person of the directory speaks; who chairs does not lecture."""
    found: dict[int, set[str]] = defaultdict(set)
    rows = Speaking.objects.filter(session__event=event, person__isnull=False).exclude(part=Speaking.Part.CHAIR)
    for person, session in rows.values_list("person", "session"):
        found[person].add(str(session))
    return found


def lectured(row: Attendance, lectures: dict[int, set[str]]) -> int:
    """Return how many minutes somebody was there of the sessions in which they lectured."""
    mine = lectures.get(row.person_id or 0, set())
    return sum(minutes for session, minutes in row.sessions.items() if session in mine)
