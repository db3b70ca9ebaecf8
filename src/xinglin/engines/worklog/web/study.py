"""The Party study record of any member and year."""

from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from xinglin.kernel import clock, regulations
from xinglin.kernel.refs import Ref
from xinglin.shell.forms import Choose, Form, NumberField
from xinglin.shell.tables import Column, Table
from xinglin.shell.web import allow, signed_in

from .. import answers
from ..policy import READERS, identity, may_read_study


class WhoForm(Form):
    """Whose record, of which year."""

    person = Choose(kind="directory.person", label=_("Person"), placeholder=_("Name, pinyin, unit"))
    year = NumberField(label=_("Calendar year"), whole=True, min_value=1949, max_value=2200)
    guarded = False


class Record(Table):
    """The sittings one person took part in."""

    code = "worklog.study"
    unit = "次"
    columns = (
        Column("happened_on", _("Day"), kind="date", sort=True),
        Column("title", _("What was studied"), at="name", link=lambda row: f"/worklog/entries/{row.entry.key}/"),
        Column("kind", _("Kind of work")),
        Column("hours", _("Hours"), kind="number", unit="学时", sort=True),
    )
    empty = (_("No verified study in this year"), _("Study counts when it was logged with names and verified."), "", "")


def _asked(request: HttpRequest) -> tuple[Ref, int]:
    """Return whose record of which year the address asks for: the reader's own of this year unless named."""
    year = request.GET.get("year", "")
    year_asked = int(year) if year.isdecimal() and 1949 <= int(year) <= 2200 else clock.today().year
    try:
        return Ref(request.GET.get("person", "")), year_asked
    except ValueError:
        return Ref(str(identity(request.actor))), year_asked


@signed_in
def study(request: HttpRequest) -> HttpResponse:
    """Draw the record of one person and year."""
    person, year = _asked(request)
    allow(may_read_study(actor=request.actor, person=person))
    rows = answers.study_record(person=person, year=year)
    hours = sum((one.hours for one in rows), Decimal(0))
    need = Decimal(regulations.value("WL6.study_hours", on=clock.today().replace(year=year, month=12, day=31)))
    form = WhoForm(initial={"person": person, "year": year})
    may_choose = any(request.actor.has(role) for role in (*READERS, "department_head", "branch_secretary"))
    return Record(request, rows=rows).response("worklog/study.html", {
        "form": form, "person": person, "year": year, "hours": hours, "need": need, "may_choose": may_choose,
        "missing": max(need - hours, Decimal(0)), "share": min(100, int(100 * hours / need)) if need else 100})
