"""Checks a table of people: reads each row, finds who is meant, says what is wrong and what would be right."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from xinglin.kernel.actors import Actor
from xinglin.kernel.policy import Refusal
from xinglin.lib.identity import IdentityKind

from .. import checks, lists, policy
from ..checks import Proof
from . import known
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

    def __init__(self, *, by: Actor, on: date, mapping: dict[str, int]):
        self.by, self.on, self.mapping = by, on, mapping
        self.units = known.Units()
        self.faults: defaultdict[int, list[Fault]] = defaultdict(list)
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
        self._same_numbers(single)
        joined = self._joined([one for one in single if one.rows[0] not in self.faults])
        self._recognise(joined)
        self._compare_terms(joined)
        answer.entrants = [kept for one in joined if (kept := self._without_faults(one))]
        answer.rejected = [Rejected(row, tuple(faults)) for row, faults in sorted(self.faults.items())]
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
        self._may_enter(row, place)
        self._alive(row, place, from_on)
        entrant.offices.append(Office(
            organisation=place, title=title, from_on=from_on, until_on=last_on + timedelta(days=1) if last_on else None,
            session=int(session) if session else None, decision=row.text("decision")[:120], row=row.number))

    def _may_enter(self, row: Reading, place: int) -> None:
        if place not in self._may:
            verdict = policy.may_change_term(actor=self.by, organisation=self.units.rows[place])
            self._may[place] = "" if verdict else str(verdict.reason)
        if self._may[place]:
            row.fault("post", self._may[place])

    def _alive(self, row: Reading, place: int, from_on: date) -> None:
        founded = self.units.rows[place].from_on
        if founded and from_on < founded:
            row.fault("from_on", _("%(unit)s was founded only on %(day)s.") % {
                "unit": self.units.rows[place].name, "day": founded})

    # Rows together ---------------------------------------------------------------------------------------

    def _reject(self, entrant: Entrant, field: str, reason: str, right: str = "") -> None:
        for row in entrant.rows:
            self.faults[row].append(Fault(field, reason, right))

    def _same_numbers(self, entrants: list[Entrant]) -> None:
        """Two names under one number: nobody can say here which is right, so both rows wait."""
        by_number: defaultdict[tuple[str, str, str], list[Entrant]] = defaultdict(list)
        for one in entrants:
            if one.proven:
                by_number[one.proven.kind, one.proven.country, one.proven.number].append(one)
        for same in by_number.values():
            if len({one.name for one in same}) < 2:
                continue
            for one in same:
                others = "、".join(_("row %(row)s (%(name)s)") % {"row": other.rows[0], "name": other.name}
                                  for other in same if other is not one and other.name != one.name)
                self._reject(one, "number", _("The same number stands in %(others)s.") % {"others": others},
                             _("One number belongs to one person; compare the documents."))

    def _joined(self, entrants: list[Entrant]) -> list[Entrant]:
        """Join the rows of one person: the same document, else the name with mobile, or with birthday and unit."""
        people: dict[Any, Entrant] = {}
        for one in entrants:
            first = people.setdefault(_identity(one), one)
            if first is not one:
                first.rows += one.rows
                first.jobs += [job for job in one.jobs if job.organisation not in {j.organisation for j in first.jobs}]
                first.offices += one.offices
                for field in ("sex", "born_on", "mobile", "email", "title", "specialty", "remark"):
                    setattr(first, field, getattr(first, field) or getattr(one, field))
        return list(people.values())

    def _recognise(self, entrants: list[Entrant]) -> None:
        """Find whom the directory knows: by document, by name and mobile, by name with birthday and unit."""
        proofs = [(one.proven.kind, one.proven.country, one.proven.number) for one in entrants if one.proven]
        held = known.holders(proofs)
        mobiles = known.by_mobile({one.mobile for one in entrants if one.mobile})
        same = known.namesakes({one.name for one in entrants})
        for one in entrants:
            if one.proven and (holder := held.get((one.proven.kind, one.proven.country, one.proven.number))):
                key, name = holder
                if name != one.name:
                    self._reject(one, "number", _("In the directory this number belongs to %(name)s.") % {"name": name},
                                 _("One number belongs to one person; compare the documents."))
                one.key = key
                continue
            keys = {key for key, name in mobiles.get(one.mobile, ()) if name == one.name}
            keys |= {p.pk for p in same.get(one.name, ()) if not one.proven and _is_meant(one, p)}
            one.key = keys.pop() if len(keys) == 1 else None

    def _compare_terms(self, entrants: list[Entrant]) -> None:
        """Refuse terms that overlap one another; what the directory says already is not entered twice."""
        keys = [one.key for one in entrants if one.key]
        jobs, held = known.jobs_of(keys), known.terms_of(keys)
        for one in entrants:
            if one.key:
                one.jobs = [job for job in one.jobs if (one.key, job.organisation) not in jobs]
            spans: defaultdict[tuple[int, str], list[tuple[date, date | None, str]]] = defaultdict(list)
            kept = []
            for office in sorted(one.offices, key=lambda office: office.from_on):
                before = held.get((one.key or 0, office.organisation, office.title), [])
                if any((term.from_on, term.until_on) == (office.from_on, office.until_on) for term in before):
                    continue
                spans_here = spans[office.organisation, office.title] or [
                    (term.from_on, term.until_on, _("the directory")) for term in before]
                clash = next((where for from_on, until_on, where in spans_here
                              if (until_on is None or office.from_on < until_on)
                              and (office.until_on is None or from_on < office.until_on)), "")
                if clash:
                    self.faults[office.row].append(Fault(
                        "from_on", _("The same post at the same time stands in %(where)s.") % {"where": clash},
                        _("Terms of one post follow one another.")))
                    continue
                spans[office.organisation, office.title] = [
                    *spans_here, (office.from_on, office.until_on, _("row %(row)s") % {"row": office.row})]
                kept.append(office)
            one.offices = kept

    def _without_faults(self, entrant: Entrant) -> Entrant | None:
        good = [row for row in entrant.rows if row not in self.faults]
        if not good:
            return None
        entrant.jobs = [job for job in entrant.jobs if job.row in good]
        entrant.offices = [office for office in entrant.offices if office.row in good]
        entrant.rows = good
        return entrant


def _identity(one: Entrant) -> Any:
    if one.proven:
        return one.proven.kind, one.proven.country, one.proven.number
    if one.mobile:
        return one.name, one.mobile
    unit = one.jobs[0].organisation if one.jobs else None
    if one.born_on or unit:
        return one.name, one.born_on, unit, one.jobs[0].department if one.jobs else ""
    return object()  # a bare name is not enough to join two rows


def _is_meant(one: Entrant, person: Any) -> bool:
    """Say whether a namesake of the directory is meant: the unit agrees, and no birthday disagrees."""
    if one.born_on and person.born_on and one.born_on != person.born_on:
        return False
    units = {job.organisation_id for job in person.employments.all() if job.until_on is None}
    return any(job.organisation in units for job in one.jobs) or bool(one.born_on and one.born_on == person.born_on)
