"""Lists of an event's faculty and abstracts."""

from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xinglin.shell.tables import Column, Segment, Table

from ..abstracts import Abstract
from ..faculty import Invitation
from ..meetings import Event

INVITED = {"invited": ("warn", Invitation.State.INVITED.label), "accepted": ("ok", Invitation.State.ACCEPTED.label),
           "declined": ("bad", Invitation.State.DECLINED.label), "withdrawn": ("off", Invitation.State.WITHDRAWN.label),
           "paid": ("done", Invitation.State.PAID.label)}
HANDED_IN = {"submitted": ("warn", Abstract.State.SUBMITTED.label), "accepted": ("ok", Abstract.State.ACCEPTED.label),
             "rejected": ("bad", Abstract.State.REJECTED.label), "withdrawn": ("off", Abstract.State.WITHDRAWN.label)}


class OfEvent(Table):
    """A list that belongs to one event."""

    def __init__(self, request: Any, event: Event, **given: Any) -> None:
        self.event = event
        super().__init__(request, **given)


class Faculty(OfEvent):
    """Who is invited to an event and for what fee."""

    code, unit = "events.faculty", "人"
    title = _("Faculty")
    columns = (
        Column("person", _("Name and unit"), value="person.name", at="name", sub="person.workplace",
               sort="person__sort_key", link=lambda row: reverse("events:faculty_one", args=[row.event_id, row.pk])),
        Column("part", _("Part taken"), value="get_part_display"),
        Column("rank", _("Rank"), value="get_rank_display"),
        Column("state", _("State"), kind="status", words=INVITED, at="status", sort=True),
        Column("net", _("After tax"), kind="money", sort=True, total="net"),
        Column("gross", _("Before tax"), kind="money", total="gross"),
        Column("tax", _("Tax withheld"), kind="money", total="tax"),
        Column("paid_on", _("Fee paid on"), kind="date", sort=True),
        Column("note", _("Their words"), hidden=True),
    )
    search = ("person__name", "person__keys__text")
    order = ("person__sort_key",)
    empty = (_("Nobody is invited yet"), _("Invite speakers and chairs; the fee keeps within the ceiling."), "", "")

    def rows(self) -> QuerySet[Invitation]:
        """Return the invitations of the event."""
        rows = self.event.faculty.select_related("person", "event")
        return rows.prefetch_related("person__employments__organisation")


class Abstracts(OfEvent):
    """The abstracts of an event."""

    code, unit = "events.abstracts", "篇"
    title = _("Abstracts")
    columns = (
        Column("number", _("Number of the abstract"), kind="number", sort=True),
        Column("title", _("Title of the abstract"), at="name", sort=True,
               sub=lambda row: "、".join(one["name"] for one in row.authors),
               link=lambda row: reverse("events:abstract", args=[row.event_id, row.pk])),
        Column("form", _("Form"), value="get_form_display"),
        Column("submitted_on", _("Handed in on"), kind="date", sort=True),
        Column("state", _("State"), kind="status", words=HANDED_IN, at="status", sort=True),
    )
    search = ("title", "text", "person__name")
    segments = (Segment("waiting", _("To decide"), where=Q(state="submitted")),
                Segment("accepted", _("In the book of abstracts"), where=Q(state="accepted")),
                Segment("all", _("All abstracts")))
    order = ("number",)
    empty = (_("No abstracts yet"), _("They come in through the open page of the event."), "", "")

    def rows(self) -> QuerySet[Abstract]:
        """Return the abstracts of the event."""
        return self.event.abstracts.select_related("person", "event")
