"""Taking an import back: by whom, for how long, and what somebody has worked on since stays."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from xinglin.directory.actions import employments, people, terms, undoing
from xinglin.directory.actions.imports import import_people_rows
from xinglin.directory.checks import Proof
from xinglin.directory.importing import running
from xinglin.directory.models import Employment, Organisation, Person, Term
from xinglin.directory.references import touched
from xinglin.directory.refusals import ImportTooOld, NothingChanged
from xinglin.kernel.policy import NotAllowed

from .conftest import CLERK, DAY, LI, WANG, actor
from .lists import NO_POST, kept, row, workbook

pytestmark = pytest.mark.django_db


def imported(*rows, by=CLERK):
    return running.write(kept(workbook(*rows), by=by), by=by, on=DAY)


@pytest.mark.parametrize("seal", [True, False])
def test_people_with_later_work_of_others_stay_with_all_they_have(place, sealed, seal):
    batch = imported(row(**NO_POST), row("李雷", "男", LI, "13900000001", **NO_POST))
    wang = Person.objects.get(name="王小明").ref
    if seal:
        sealed()
    people.record_licence(by=CLERK, on=DAY, person=wang, number="110320100001234")
    if seal:
        sealed()
    assert running.undo(batch, by=CLERK, on=DAY) == (1, 1)
    person = Person.objects.get()
    assert (person.ref, person.licences.count(), person.employments.count()) == (wang, 1, 1)


@pytest.mark.parametrize("seal", [True, False])
def test_a_term_corrected_since_stays(place, sealed, seal):
    batch = imported(row())
    term = Term.objects.get()
    terms.correct_term(by=CLERK, on=DAY, term=term.ref, from_on=date(2024, 2, 1), until_on=date(2027, 1, 1))
    if seal:
        sealed()
    assert running.undo(batch, by=CLERK, on=DAY) == (0, 2)
    assert Term.objects.get().from_on == date(2024, 2, 1)


def test_a_field_filled_and_corrected_since_stays(place, register, sealed):
    wang = register("王小明", proof=Proof(number=WANG))
    batch = imported(row(**NO_POST))
    people.correct_person(by=CLERK, on=DAY, person=wang, mobile="13900009999")
    sealed()
    assert running.undo(batch, by=CLERK, on=DAY) == (1, 2)
    person = Person.objects.get()
    assert (person.mobile, person.titles.count(), Employment.objects.count()) == ("13900009999", 1, 0)


def test_an_employment_of_somebody_known_that_has_ended_stays(place, register, sealed):
    wang = register("王小明", proof=Proof(number=WANG), mobile="13800005678", title="主任医师")
    batch = imported(row(**NO_POST))
    unit = Organisation.objects.get(short_name="省一院").ref
    employments.end_employment(by=CLERK, on=DAY, person=wang, organisation=unit, until_on=DAY)
    assert running.undo(batch, by=CLERK, on=DAY) == (0, 1)
    assert Employment.objects.get().until_on == DAY


def test_only_who_imported_and_the_office_take_a_list_back_and_only_terms_they_may_change(place, found, said):
    first = actor("department")
    batch = imported(row(), by=first)
    second = actor("department", account="12")
    with pytest.raises(NotAllowed):
        running.undo(batch, by=second, on=DAY)
    assert (Person.objects.count(), batch.state) == (1, "done")
    assert running.undo(batch, by=first, on=DAY) == (2, 0)
    top = imported(row("李雷", "男", LI, "13900000001", place="江海省医师协会（虚构）", post="理事"))
    top.by = str(first.ref)
    top.save()
    with pytest.raises(NotAllowed):
        running.undo(top, by=first, on=DAY)
    assert Term.objects.count() == 1
    assert running.undo(top, by=actor("office", account="13"), on=DAY) == (2, 0)


def test_after_thirty_days_an_import_stays(place):
    batch = imported(row())
    with pytest.raises(ImportTooOld) as refused:
        running.undo(batch, by=CLERK, on=DAY + timedelta(days=30))
    assert (refused.value.regulation, Person.objects.count()) == ("DR6.import_undo_days", 1)
    assert running.undo(batch, by=CLERK, on=DAY + timedelta(days=29)) == (2, 0)
    with pytest.raises(NothingChanged):
        running.undo(batch, by=CLERK, on=DAY)


def test_a_half_written_import_is_undone(place, monkeypatch):
    monkeypatch.setattr(running, "PART", 1)
    bare = {"number": "", "sex": "", "title": "", "unit": ""} | NO_POST
    batch = kept(workbook(row("赵一", mobile="", **bare), row("钱二", mobile="", **bare)))

    def stop(**given):
        if Person.objects.exists():
            raise RuntimeError("the database went away")
        return import_people_rows(**given)

    with monkeypatch.context() as broken:
        broken.setattr(running, "import_people_rows", stop)
        with pytest.raises(RuntimeError):
            running.write(batch, by=CLERK, on=DAY, only_accepted=True)
    assert (batch.state, Person.objects.count(), "1" in batch.trouble) == ("failed", 1, True)
    running.write(batch, by=CLERK, on=DAY, only_accepted=True)
    assert [one.name for one in Person.objects.order_by("pk")] == ["赵一", "钱二"]
    batch.state = "failed"
    batch.save()
    assert running.undo(batch, by=CLERK, on=DAY) == (2, 0)


def test_what_was_worked_on_since_is_asked_once_for_many_rows_and_only_what_was_filled_is_written(
    place, register, monkeypatch
):
    names = ["钱一一", "钱二二", "钱三三"]
    for number, name in enumerate(names):
        register(name, mobile=f"1390000000{number}", remark="会员")
    batch = imported(*(row(name, "女", "", f"1390000000{number}", unit="", **NO_POST)
                       for number, name in enumerate(names)))
    asked = []
    monkeypatch.setattr(undoing, "touched", lambda **given: asked.append(given) or touched(**given))
    with CaptureQueriesContext(connection) as said:
        assert running.undo(batch, by=CLERK, on=DAY) == (6, 0)
    assert len(asked) == 1 and Person.objects.filter(sex="", remark="会员", titles=None).count() == 3
    written = [one["sql"] for one in said if one["sql"].startswith('UPDATE "directory_person"')]
    assert len(written) == 3 and not any("remark" in sql for sql in written)
