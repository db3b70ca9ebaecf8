"""Prints the papers of an event: the letter of invitation for leave or visa, and the book of abstracts."""

from datetime import date
from pathlib import Path

from xinglin.shell.press import print_pdf

from .abstracts import Abstract
from .faculty import Invitation
from .faculty_fees import sessions_of
from .meetings import Event

HERE = Path(__file__).parent


def letter_pdf(invitation: Invitation, *, on: date, issuer: str, english: bool) -> bytes:
    """Print the letter that an invited person shows to the employer, or to a consulate when it is in English."""
    event, person = invitation.event, invitation.person
    title = event.title_en or event.title if english else event.title
    sessions = [(one.title_en or one.title) if english else one.title for one in sessions_of(invitation)]
    return print_pdf(page=HERE / "letter.typ", on=on, values={
        "english": english, "issuer": issuer, "name": person.romanised if english and person.romanised else person.name,
        "unit": person.workplace, "title": title, "from": event.from_on.isoformat(), "until": event.last_on.isoformat(),
        "place": event.place, "sessions": sessions, "chair": invitation.part == "chair", "on": on.isoformat()})


def book_pdf(event: Event, *, on: date, issuer: str) -> bytes:
    """Print the book of abstracts: those accepted, by form and number, with an index of authors."""
    rows = list(event.abstracts.accepted())
    index: dict[str, list[int]] = {}
    for row in rows:
        for author in row.authors:
            index.setdefault(author["name"], []).append(row.number)
    return print_pdf(page=HERE / "book.typ", on=on, values={
        "issuer": issuer, "title": event.title, "from": event.from_on.isoformat(), "until": event.last_on.isoformat(),
        "place": event.place, "abstracts": [_told(row) for row in rows],
        "index": [[name, sorted(set(numbers))] for name, numbers in sorted(index.items())]})


def _told(row: Abstract) -> dict[str, object]:
    return {"number": row.number, "title": row.title, "text": row.text, "form": str(row.get_form_display()),
            "authors": [[one["name"], one.get("unit", "")] for one in row.authors]}
