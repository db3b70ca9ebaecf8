"""What somebody says about work: a draft, and everything that is wrong with it."""

from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from xinglin.kernel import regulations
from xinglin.kernel.files import Attachment
from xinglin.kernel.policy import Problem
from xinglin.lib.regions import region_of

from .entries import Entry, Format, Participant
from .registers import Item
from .words import QUANTITIES, Kind, Role, Series


@dataclass(frozen=True, kw_only=True)
class Work:
    """One piece of work as it is logged; `until_on` is the day after the last."""

    kind: Kind
    title: str
    happened_on: date
    organisation: str
    until_on: date | None = None
    count: int = 1
    unit: str = ""
    description: str = ""
    format: str = ""
    region: str = ""
    place: str = ""
    place_name: str = ""
    partner_names: str = ""
    partners: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    people_on_site: int | None = None
    people_online: int | None = None
    patients: int | None = None
    hours: Decimal | None = None
    money: Decimal | None = None
    items: int | None = None
    series: Series | None = None
    edition: int | None = None
    role: str = ""
    host: str = ""
    host_name: str = ""
    item: Item | None = None
    entrusted_by: str = ""

    def columns(self) -> dict[str, Any]:
        """Return the columns of an entry's row."""
        beside = {"partners", "people", "host", "host_name"}
        answer = {one.name: getattr(self, one.name) for one in fields(self) if one.name not in beside}
        answer["unit"] = self.unit or self.kind.unit
        # A task's entrusting party is known from the register.
        answer["entrusted_by"] = self.entrusted_by or (self.item.party if self.item else "")
        return answer

    def says_the_same_as(self, other: "Work") -> bool:
        """Say whether two descriptions leave the same row and the same people."""
        return (self.columns(), self.people, self.partners) == (other.columns(), other.people, other.partners)

    @classmethod
    def of(cls, entry: Entry) -> "Work":
        """Return what an entry says now."""
        beside = {"partners", "people", "host", "host_name"}
        said = {one.name: getattr(entry, one.name) for one in fields(cls) if one.name not in beside}
        return cls(**said, people=entry.people, partners=entry.partners)


def problems_of(work: Work, *, on: date) -> list[Problem]:
    """Return everything wrong with a piece of work as it is logged on a date."""
    return [*_problems_of_kind(work), *_problems_of_time(work, on), *_problems_of_numbers(work),
            *_problems_of_series(work), *_problems_of_place(work), *_problems_of_item(work)]


def _problems_of_kind(work: Work) -> list[Problem]:
    if work.kind.group:
        return [Problem(field="kind", message=_("“%(kind)s” is a heading; choose one of its kinds.") % {
            "kind": work.kind})]
    if not work.kind.in_use(work.happened_on):
        return [Problem(field="kind", message=_("“%(kind)s” was not in use on %(day)s.") % {
            "kind": work.kind, "day": work.happened_on})]
    if not work.title.strip():
        return [Problem(field="title", message=_("Write what was done."))]
    return []


def _problems_of_time(work: Work, on: date) -> list[Problem]:
    answer = []
    if work.happened_on > on:
        answer.append(Problem(field="happened_on", message=_("%(day)s has not come yet; log work when it is done.") % {
            "day": work.happened_on}))
    if work.until_on and work.until_on <= work.happened_on:
        answer.append(Problem(field="until_on", message=_("The last day lies before the first.")))
    elif work.until_on and (work.until_on - on).days > 1:
        answer.append(Problem(field="until_on", message=_("The work is not finished yet; log it on its last day.")))
    return answer


def _problems_of_numbers(work: Work) -> list[Problem]:
    answer = []
    if work.count < 1:
        answer.append(Problem(field="count", message=_("The count is at least 1.")))
    if work.unit and work.unit not in work.kind.units:
        answer.append(Problem(field="unit", message=_("“%(kind)s” is counted in %(units)s.") % {
            "kind": work.kind, "units": "、".join(work.kind.units)}))
    for name, (label, _units) in QUANTITIES.items():
        value = getattr(work, name)
        if value is None:
            continue
        if name not in work.kind.quantities:
            answer.append(Problem(field=name, message=_("“%(kind)s” does not count %(what)s.") % {
                "kind": work.kind, "what": label}))
        elif value < 0:
            answer.append(Problem(field=name, message=_("This number cannot be below zero.")))
    said = (work.people_on_site or 0) + (work.people_online or 0)
    if 0 < said < len(work.people):
        answer.append(Problem(field="people_on_site", message=_("%(named)d people are named, more than %(said)d.") % {
            "named": len(work.people), "said": said}))
    return answer


def _problems_of_series(work: Work) -> list[Problem]:
    if work.series is None:
        if work.edition is not None:
            return [Problem(field="edition", message=_("Choose the series to which this edition belongs."))]
        return []
    if work.series.kind_id != work.kind.pk:
        return [Problem(field="series", message=_("The series “%(series)s” is counted as %(kind)s.") % {
            "series": work.series, "kind": work.series.kind})]
    answer = []
    if work.edition is None:
        answer.append(Problem(field="edition", message=_("Say which edition it was.")))
    if work.role not in Role.values:
        answer.append(Problem(field="role", message=_("Say what the association was to it: host, organiser, …")))
    if work.count != 1:
        answer.append(Problem(field="count", message=_("One edition is one entry.")))
    return answer


def _problems_of_place(work: Work) -> list[Problem]:
    if work.region and not region_of(code=work.region):
        return [Problem(field="region", message=_("%(code)s is no region code (GB/T 2260).") % {"code": work.region})]
    if work.format and work.format not in Format.values:
        return [Problem(field="format", message=_("The format is on_site, online or hybrid."))]
    if work.format == Format.ONLINE and work.people_on_site:
        return [Problem(field="people_on_site", message=_("An online meeting has nobody on site."))]
    if work.format == Format.ON_SITE and work.people_online:
        return [Problem(field="people_online", message=_("A meeting on site has nobody online."))]
    return []


def _problems_of_item(work: Work) -> list[Problem]:
    if work.item and work.kind.pattern and work.item.track.pattern_code != work.kind.pattern:
        return [Problem(field="item", message=_("“%(kind)s” points to another sort of register.") % {
            "kind": work.kind})]
    return []


def misses_evidence(entry: Entry, *, on: date) -> bool:
    """Say whether the reader is told that an entry has no evidence (WL2.evidence)."""
    return regulations.value("WL2.evidence", on=on) != "none" and not _proven(entry)


def _proven(entry: Entry) -> bool:
    return Attachment.objects.filter(to=entry.ref).exists()


def problems_of_submission(entry: Entry, *, on: date) -> list[Problem]:
    """Return what an entry still lacks before a second person can verify it."""
    answer = []
    if entry.kind.pattern and entry.item_id is None:
        answer.append(Problem(field="item", message=_(
            "“%(kind)s” says which clause, task or plan item it fulfils; choose it first.") % {"kind": entry.kind}))
    if regulations.value("WL2.evidence", on=on) == "require" and not _proven(entry):
        answer.append(Problem(field="evidence", message=_("Attach a photo or document as evidence.")))
    return answer


def name_participants(entry: Entry, work: Work) -> None:
    """Write who took part, instead of whoever was named before."""
    entry.participants.all().delete()
    rows = [(Participant.Part.PERSON, one) for one in dict.fromkeys(work.people)]
    rows += [(Participant.Part.PARTNER, one) for one in dict.fromkeys(work.partners)]
    Participant.objects.bulk_create([Participant(entry=entry, part=part, ref=one) for part, one in rows])
