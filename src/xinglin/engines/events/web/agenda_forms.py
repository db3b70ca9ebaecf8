"""The form of one session, with clashes beside room and speakers."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from xinglin.directory.models import Person
from xinglin.shell.forms import ChooseMany, Form, Group, NumberField

from ..actions.programme import Slot, Speaker
from ..meetings import Event, Format
from ..programme import Session, Speaking

KEPT = ("title", "title_en", "kind", "summary", "track", "on_site", "online", "stream", "recording",
        "recording_minutes", "places")


class SessionForm(Form):
    """One session: when, where, what, who."""

    title = forms.CharField(label=_("Title of the session"), max_length=160)
    kind = forms.ChoiceField(label=_("What happens"), choices=Session.Kind.choices)
    day = forms.ChoiceField(label=_("Which day"))
    from_at = forms.TimeField(label=_("Starts at"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    until_at = forms.TimeField(label=_("Ends at"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    room = forms.CharField(label=_("Room"), max_length=60, required=False,
                           widget=forms.TextInput(attrs={"list": "rooms"}))
    seats = NumberField(label=_("Seats of the room"), whole=True, min_value=1, required=False,
                        help_text=_("The gate of the room admits no more at a time."))
    on_site = forms.BooleanField(label=_("On site"), required=False)
    online = forms.BooleanField(label=_("Online"), required=False)
    speakers = ChooseMany(kind="directory.person", label=_("Speakers of the directory"), required=False)
    chairs = ChooseMany(kind="directory.person", label=_("Session chairs of the directory"), required=False)
    others = forms.CharField(label=_("Others who speak"), required=False, widget=forms.Textarea(attrs={"rows": 2}),
                             help_text=_("One a line: name, a comma, unit."))
    track = forms.CharField(label=_("Track"), max_length=60, required=False)
    places = NumberField(label=_("Places to sign up for"), whole=True, min_value=1, required=False,
                         help_text=_("Empty: no sign-up."))
    summary = forms.CharField(label=_("Abstract of the session"), required=False,
                              widget=forms.Textarea(attrs={"rows": 3}))
    title_en = forms.CharField(label=_("English title"), max_length=200, required=False)
    stream = forms.URLField(label=_("Address of the live stream"), required=False, assume_scheme="https")
    recording = forms.CharField(label=_("Address of the recording"), max_length=200, required=False)
    recording_minutes = NumberField(
        label=_("Length of the recording"), unit=_("minutes"), whole=True, min_value=1, max_value=1440, required=False,
        help_text=_("Empty: as long as the session was planned. Nine tenths of it must be watched to count."))
    groups = (Group(label=_("More about the session"),
                    fields=("track", "places", "summary", "title_en", "stream", "recording", "recording_minutes")),)

    def __init__(self, *args: Any, event: Event, session: Session | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["day"].choices = [(one.isoformat(), date_format(one, "Y-m-d")) for one in event.days]
        fields["title"].wide = fields["others"].wide = fields["summary"].wide = "x-w"
        self.initial.setdefault("on_site", event.format != Format.ONLINE)
        self.initial.setdefault("online", event.format != Format.ON_SITE)
        if session:
            self.initial.update(_initial(session))

    def clean(self) -> dict[str, Any]:
        """Want the end after the beginning."""
        given = super().clean() or {}
        begin, end = given.get("from_at"), given.get("until_at")
        if begin and end and end <= begin:
            self.add_error("until_at", _("It ends before it begins."))
        return given

    def _add(self, *, field: str, message: Any) -> None:
        named = str(message)
        chairs = {str(one) for one in Person.objects.filter(pk__in=[ref.key for ref in self._chosen("chairs")])}
        in_chairs = field == "speakers" and any(one in named for one in chairs)
        super()._add(field="chairs" if in_chairs else field, message=message)

    def _chosen(self, name: str) -> tuple[Any, ...]:
        return getattr(self, "cleaned_data", {}).get(name) or ()

    def slot(self) -> Slot:
        """Return the session as the act takes it."""
        given = self.cleaned_data
        said = {name: given[name] for name in KEPT if given.get(name) is not None}
        return Slot(**said, room=given.get("room") or "", seats=given.get("seats"),
                    from_at=_moment(given["day"], given["from_at"]),
                    until_at=_moment(given["day"], given["until_at"]), speakers=tuple(self._speakers()))

    def _speakers(self) -> list[Speaker]:
        answer = []
        for name, part in (("chairs", Speaking.Part.CHAIR), ("speakers", Speaking.Part.SPEAKER)):
            keys = [int(one.key) for one in self._chosen(name)]
            people = Person.objects.in_bulk(keys)
            answer += [Speaker(person=people[key], part=part) for key in keys if key in people]
        for line in self.cleaned_data.get("others", "").splitlines():
            who, _comma, unit = line.replace("，", ",").partition(",")
            if who.strip():
                answer.append(Speaker(name=who.strip()[:60], unit=unit.strip()[:120]))
        return answer


def _moment(day: str, at: time) -> datetime:
    return timezone.make_aware(datetime.combine(datetime.fromisoformat(day).date(), at))


def _initial(session: Session) -> dict[str, Any]:
    begin, end = timezone.localtime(session.from_at), timezone.localtime(session.until_at)
    rows = list(session.speakers.select_related("person"))
    known = {part: [one.person.ref for one in rows if one.person and (one.part == Speaking.Part.CHAIR) is (part == 1)]
             for part in (0, 1)}
    others = "\n".join(f"{one.name}, {one.unit}" if one.unit else one.name for one in rows if not one.person)
    return {**{name: getattr(session, name) for name in KEPT}, "day": begin.date().isoformat(), "from_at": begin.time(),
            "until_at": end.time(), "room": session.room.name if session.room else "", "speakers": known[0],
            "seats": session.room.seats if session.room else None, "chairs": known[1], "others": others}
