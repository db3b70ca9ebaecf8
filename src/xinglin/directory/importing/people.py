"""Checks a table of people: reads each row, finds who is meant, says what is wrong and what would be right."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext as _

from xinglin.kernel.actors import Actor
from xinglin.kernel.policy import Refusal
from xinglin.kernel.refs import ref
from xinglin.lib.identity import IdentityKind
from xinglin.lib.periods import Period, overlap

from .. import checks, lists, policy
from ..actions.terms import require_lifetime
from ..checks import Proof
from ..posts import Term
from . import known
from .recognising import Recognition
from .rows import Checked, Entrant, Fault, Job, Office, Rejected, Report, quiet
from .values import WrongCell, day_of, text_of

STEP = 1000
KINDS = {
    "": IdentityKind.RESIDENT_ID, "身份证": IdentityKind.RESIDENT_ID, "居民身份证": IdentityKind.RESIDENT_ID,
    "中国护照": IdentityKind.CHINESE_PASSPORT, "护照": IdentityKind.CHINESE_PASSPORT,
    "外国护照": IdentityKind.FOREIGN_PASSPORT, "港澳居民来往内地通行证": IdentityKind.HONG_KONG_MACAO_PERMIT,
    "回乡证": IdentityKind.HONG_KONG_MACAO_PERMIT, "港澳通行证": IdentityKind.HONG_KONG_MACAO_PERMIT,
    "台湾居民来往大陆通行证": IdentityKind.TAIWAN_PERMIT, "台胞证": IdentityKind.TAIWAN_PERMIT,
    "港澳台居民居住证": IdentityKind.RESIDENCE_PERMIT, "外国人永久居留身份证": IdentityKind.PERMANENT_RESIDENCE,
}


class Reading:
    """One row being read: collects its faults instead of stopping at the first."""

    def __init__(self, cells: Sequence[Any], mapping: dict[str, int], number: int):
        self.cells, self.mapping, self.number = cells, mapping, number
        self.faults: list[Fault] = []

    def cell(self, field: str) -> Any:
        """Return the raw cell of a field, None where the file has no such column."""
        at = self.mapping.get(field)
        return self.cells[at] if at is not None and at < len(self.cells) else None

    def text(self, field: str) -> str:
        """Return a field as text; a cell that cannot be read is a fault."""
        try:
            return text_of(self.cell(field))
        except WrongCell as wrong:
            self.fault(field, wrong.reason, wrong.right)
            return ""

    def day(self, field: str) -> date | None:
        """Return a field as a date; a cell that cannot be read is a fault."""
        try:
            return day_of(self.cell(field))
        except WrongCell as wrong:
            self.fault(field, wrong.reason, wrong.right)
            return None

    def checked(self, column: str, check: Any, /, *given: Any, **more: Any) -> Any:
        """Return what a check makes of a value; its refusal is a fault of this field."""
        try:
            return check(*given, **more)
        except Refusal as refusal:
            self.fault(column, str(refusal), str(refusal.instead))
            return None

    def fault(self, field: str, reason: str, right: str = "") -> None:
        """Note what is wrong with a field."""
        self.faults.append(Fault(field, reason, right))


class PeopleCheck:
    """Checks every row of a table against itself and the directory."""

    def __init__(
        self, *, by: Actor, on: date, mapping: dict[str, int], written: Mapping[int, int] = MappingProxyType({}),
    ):
        self.by, self.on, self.mapping = by, on, mapping
        self.units = known.Units()
        self.people = Recognition(by=by, on=on, written=written)
        self.faults = self.people.faults
        self._may: dict[int, str] = {}

    def run(self, rows: Sequence[Sequence[Any]], *, first: int, report: Report = quiet) -> Checked:
        """Return what the rows say; `first` is the number the file gives the first of them."""
        answer, single = Checked(), []
        for offset, cells in enumerate(rows):
            if all(cell in (None, "") for cell in cells):
                continue
            answer.rows += 1
            reading = Reading(cells, self.mapping, first + offset)
            entrant = self.read(reading)
            if reading.faults:
                self.faults[reading.number] += reading.faults
            else:
                single.append(entrant)
            if offset % STEP == 0:
                report(offset, len(rows), _("Reading rows"))
        report(len(rows), len(rows), _("Comparing with the directory"))
        joined = self.people.run(single)
        self._compare_terms(joined)
        answer.entrants = [kept for one in joined if (kept := self._without_faults(one))]
        answer.rejected = [Rejected(row, tuple(faults)) for row, faults in sorted(self.faults.items())]
        answer.remarks = [Rejected(row, tuple(remarks)) for row, remarks in sorted(self.people.remarks.items())
                          if row not in self.faults]
        return answer

    # One row ---------------------------------------------------------------------------------------------

    def read(self, row: Reading) -> Entrant:
        """Read one row into a person with at most one unit and one post."""
        entrant = Entrant(name=row.checked("name", checks.checked_name, row.text("name")) or "", rows=[row.number])
        entrant.sex = row.checked("sex", checks.checked_sex, row.text("sex")) or ""
        entrant.born_on = row.day("born_on")
        entrant.mobile = row.checked("mobile", checks.checked_mobile, row.text("mobile")) or ""
        entrant.email = row.checked("email", checks.checked_email, row.text("email")) or ""
        entrant.title = row.checked("title", checks.checked_code, row.text("title"), field="title",
                                    among=lists.professional_titles) or ""
        entrant.specialty = row.checked("specialty", checks.checked_code, row.text("specialty"), field="specialty",
                                        among=lists.specialties) or ""
        entrant.remark = row.text("remark")[:200]
        self._proof(row, entrant)
        self._job(row, entrant)
        self._office(row, entrant)
        return entrant

    def _proof(self, row: Reading, entrant: Entrant) -> None:
        number, kind = row.text("number"), row.text("kind")
        if not number:
            return
        if kind not in KINDS:
            row.fault("kind", _("“%(kind)s” is no kind of document.") % {"kind": kind}, "、".join(filter(None, KINDS)))
            return
        proven = row.checked("number", checks.checked_proof, Proof(number=number, kind=KINDS[kind]), on=self.on)
        if proven:
            entrant.proven = proven
            row.checked("born_on", checks.require_agreement, proven, born_on=entrant.born_on, sex=entrant.sex)
            entrant.born_on = entrant.born_on or proven.born_on
            entrant.sex = entrant.sex or proven.sex

    def _unit(self, row: Reading, field: str) -> int | None:
        name = row.text(field)
        if not name:
            return None
        key = self.units.key(name)
        if key is None:
            near = self.units.nearest(name)
            right = _("Is “%(near)s” meant?") % {"near": near} if near else _("Import or enter the organisation first.")
            row.fault(field, _("No organisation is called “%(name)s”.") % {"name": name}, right)
        return key

    def _job(self, row: Reading, entrant: Entrant) -> None:
        unit = self._unit(row, "unit")
        if unit is not None:
            entrant.jobs.append(Job(organisation=unit, department=row.text("department")[:80],
                                    position=row.text("position")[:80], row=row.number))

    def _office(self, row: Reading, entrant: Entrant) -> None:
        words = row.text("post")
        if not words:
            return
        title = row.checked("post", checks.checked_code, words, field="post", among=lists.post_titles)
        place = self._unit(row, "organisation")
        if not row.text("organisation"):
            row.fault("organisation", _("A post needs the organisation in which it is held."))
        from_on, last_on = row.day("from_on"), row.day("last_on")
        if from_on is None and not any(fault.column == "from_on" for fault in row.faults):
            row.fault("from_on", _("A post needs the day on which the term begins."), _("Write 2026-03-01."))
        if from_on and last_on and last_on < from_on:
            row.fault("last_on", _("The term ends on %(last)s, before it begins on %(from)s.") % {
                "last": last_on, "from": from_on}, _("The last day lies on or after the first."))
        session = row.text("session").strip("第届")
        if session and not session.isdecimal():
            row.fault("session", _("“%(text)s” is no session.") % {"text": session}, _("Write 5 or 第5届."))
        if row.faults or place is None or from_on is None:
            return
        until_on = last_on + timedelta(days=1) if last_on and last_on < date.max else None
        self._may_enter(row, place)
        row.checked("from_on", require_lifetime, self.units.rows[place], from_on=from_on, until_on=until_on)
        entrant.offices.append(Office(
            organisation=place, title=title, from_on=from_on, until_on=until_on,
            session=int(session) if session else None, decision=row.text("decision")[:120], row=row.number))

    def _may_enter(self, row: Reading, place: int) -> None:
        if place not in self._may:
            verdict = policy.may_change_term(actor=self.by, organisation=self.units.rows[place])
            self._may[place] = "" if verdict else str(verdict.reason)
        if self._may[place]:
            row.fault("post", self._may[place])

    # Rows together ---------------------------------------------------------------------------------------

    def _compare_terms(self, entrants: list[Entrant]) -> None:
        """Refuse terms that overlap one another; what the directory says already is not entered twice."""
        keys = [one.key for one in entrants if one.key]
        jobs, held = known.jobs_of(keys), known.terms_of(keys)
        for one in entrants:
            if one.key:
                one.jobs = [job for job in one.jobs if (one.key, job.organisation) not in jobs]
            taken: defaultdict[tuple[int, str], list[tuple[Period, str]]] = defaultdict(list)
            kept = []
            for office in sorted(one.offices, key=lambda office: office.from_on):
                at = office.organisation, office.title
                before = [_span(term) for term in held.get((one.key or 0, *at), [])]
                span = _span(office)
                if span in before:
                    continue
                there = [*((other, _("the directory")) for other in before), *taken[at]]
                if clash := next((where for other, where in there if overlap(first=span, second=other)), ""):
                    self._fault(office, "from_on", _("The same post at the same time stands in %(where)s.") % {
                        "where": clash}, _("Terms of one post follow one another."))
                elif one.key and (reason := self._own(one.key, office)):
                    self._fault(office, "post", reason)
                else:
                    taken[at].append((span, _("row %(row)s") % {"row": office.row}))
                    kept.append(office)
            one.offices = kept

    def _fault(self, office: Office, column: str, reason: str, right: str = "") -> None:
        self.faults[office.row].append(Fault(column, reason, right))

    def _own(self, key: int, office: Office) -> str:
        """Return why the importer may not give this very person the post: nobody enters their own."""
        verdict = policy.may_change_term(actor=self.by, organisation=self.units.rows[office.organisation],
                                         person=ref("directory.person", key))
        return "" if verdict else str(verdict.reason)

    def _without_faults(self, entrant: Entrant) -> Entrant | None:
        good = [row for row in entrant.rows if row not in self.faults]
        if not good:
            return None
        entrant.jobs = [job for job in entrant.jobs if job.row in good]
        entrant.offices = [office for office in entrant.offices if office.row in good]
        entrant.rows = good
        return entrant


def _span(held: Office | Term) -> Period:
    """Return the days of a term; an open end reaches to the end of days."""
    return Period(from_=held.from_on, until=held.until_on or date.max)
