"""Whom a row means: never somebody else, one person once, and what the directory lacks is taken over."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from xinglin.directory.actions import people
from xinglin.directory.actions.imports import import_people_rows
from xinglin.directory.checks import Proof
from xinglin.directory.importing import running
from xinglin.directory.models import Employment, Organisation, Person, Term
from xinglin.kernel.policy import NotAllowed

from .conftest import CLERK, DAY, LI, WANG, actor
from .lists import HEADERS, NO_POST, faults, kept, row, workbook

pytestmark = pytest.mark.django_db
BARE = {"number": "", "mobile": "", "sex": "", "title": ""}


def checked(*rows, headers=None, by=CLERK):
    batch = kept(workbook(*rows, **({"headers": headers} if headers else {})))
    running.check(batch, by=by, on=DAY)
    return batch


def remarks(batch):
    return [(one.row, one.column) for one in running.outlook.read(batch)["remarks"]]


def test_the_same_name_and_mobile_under_another_identity_number_is_refused(place, register):
    register("王小明", proof=Proof(number=LI), mobile="13800005678")
    batch = checked(row())
    assert (faults(batch), Term.objects.count()) == ([(2, "number")], 0)


def test_a_namesake_at_the_same_unit_gets_no_post(place, register, found):
    register("王小明", organisation=found("江海省第二医院"), born_on=date(1980, 1, 2))
    assert faults(checked(row(unit="江海省第二医院", **BARE))) == [(2, "name")]
    assert faults(checked(row(unit="江海省第二医院", **BARE | NO_POST))) == []


def test_a_namesake_with_the_same_birthday_and_unit_is_known(place, register):
    unit = Organisation.objects.get(short_name="省一院").ref
    one = register("王小明", born_on=date(1949, 12, 31), organisation=unit)
    running.write(kept(workbook(row())), by=CLERK, on=DAY)
    assert (Person.objects.get().ref, Person.objects.get().documents.get().number) == (one, WANG)


def test_a_proven_namesake_of_one_unit_is_entered_anew_with_a_remark(place, register, found):
    register("王小明", organisation=found("江海省第二医院"))
    batch = checked(row(unit="江海省第二医院"))
    assert (faults(batch), remarks(batch), running.outlook.read(batch)["new"]) == ([], [(2, "姓名")], 1)


def test_two_of_one_name_and_mobile_are_told_apart_by_nobody(place, register):
    register("王小明", mobile="13800005678", born_on=date(1949, 12, 31))
    register("王小明", mobile="13800005678")
    assert faults(checked(row(number=""))) == [(2, "name")]


def test_what_the_directory_lacks_is_filled_and_what_it_says_otherwise_stays_with_a_remark(place, register, said):
    wang = register("王小明", proof=Proof(number=WANG), mobile="13900009999")
    said()
    batch = kept(workbook(row(**NO_POST)))
    running.check(batch, by=CLERK, on=DAY)
    assert remarks(batch) == [(2, "手机号")]
    running.write(batch, by=CLERK, on=DAY)
    person = Person.objects.get()
    assert (person.mobile, person.titles.get().title) == ("13900009999", "chief_physician")
    assert said()[0] == ("person.corrected", {"person": str(wang), "what": ["title"]})
    assert running.added(batch)["filled"] == 1


def test_a_document_is_added_to_somebody_known_by_mobile(place, register):
    register("王小明", mobile="13800005678")
    running.write(kept(workbook(row(**NO_POST))), by=CLERK, on=DAY)
    person = Person.objects.get()
    assert (person.documents.get().number, person.born_on, person.sex) == (WANG, date(1949, 12, 31), "2")
    assert Person.objects.found("110105*002X").get() == person


def test_a_row_with_and_a_row_without_the_number_are_one_person(place):
    running.write(kept(workbook(row(), row(number="", post="分会秘书"))), by=CLERK, on=DAY)
    assert Person.objects.get().terms.count() == 2


def test_rows_that_turn_out_to_be_one_person_of_the_directory_are_one(place, register):
    register("王小明", proof=Proof(number=WANG), mobile="13900009999")
    rows = [row(mobile=""), row(number="", mobile="13900009999", from_on="2025-01-01")]
    batch = checked(*rows)
    assert faults(batch) == [(3, "from_on")]
    running.write(kept(workbook(rows[0], row(number="", mobile="13900009999", post="分会秘书"))), by=CLERK, on=DAY)
    assert (Person.objects.count(), Employment.objects.count(), Term.objects.count()) == (1, 1, 2)


def test_namesakes_of_one_department_are_two_people_where_sex_or_mail_differ(place):
    bare = BARE | NO_POST
    rows = [row(**bare | {"sex": "男"}), row(**bare | {"sex": "女"}), row(**bare | {"sex": "女"})]
    batch = running.write(kept(workbook(*rows)), by=CLERK, on=DAY)
    assert (batch.rejected, sorted(Person.objects.values_list("sex", flat=True))) == (0, ["1", "2"])


def test_two_birthdays_of_one_person_in_a_file_are_refused(place):
    headers = ["姓名", "手机", "出生日期"]
    batch = checked(["王伟", "13800005678", "1980-01-02"], ["王伟", "13800005678", "1981-01-02"], headers=headers)
    assert faults(batch) == [(3, "born_on")]


def test_nobody_gives_themselves_a_post_by_a_list(place, register):
    wang = register("王小明", proof=Proof(number=WANG))
    clerk = actor("office", person=wang)
    batch = checked(row(), by=clerk)
    assert faults(batch) == [(2, "post")]
    entrants = running.PeopleCheck(by=CLERK, on=DAY, mapping={
        field: int(at) for at, field in batch.mapping.items()}).run(running.read(batch).rows, first=2).entrants
    with pytest.raises(NotAllowed):
        import_people_rows(by=clerk, on=DAY, batch=batch, entrants=entrants, accepted=1, rejected=0)
    with pytest.raises(NotAllowed):
        entrants[0].offices[0].organisation = 1  # the association itself, which a department may not fill
        import_people_rows(by=actor("department"), on=DAY, batch=batch, entrants=entrants, accepted=1, rejected=0)
    assert Term.objects.count() == 0


def test_a_clerks_list_asks_for_the_rights_of_all_people_at_once(place, register):
    names = ["钱一一", "钱二二", "钱三三", "钱四四", "钱五五", "钱六六"]
    for number, name in enumerate(names):
        register(name, mobile=f"1390000000{number}")
    rows = [[*row(name, number="", mobile=f"1390000000{number}", **NO_POST), f"m{number}@example.org"]
            for number, name in enumerate(names)]
    counts = []
    for some in (rows[:2], rows):
        batch = kept(workbook(*some, headers=[*HEADERS, "邮箱"]))
        with CaptureQueriesContext(connection) as asked:
            running.check(batch, by=actor("department"), on=DAY)
        counts.append(len(asked))
    assert counts[0] == counts[1] and running.outlook.read(batch)["filled"] == 6


def test_what_somebody_entered_between_check_and_writing_stays_and_is_not_taken_back(place, register, monkeypatch):
    wang = register("王小明", proof=Proof(number=WANG))

    def late(**given):
        people.correct_person(by=CLERK, on=DAY, person=wang, mobile="13900009999")
        people.record_title(by=CLERK, on=DAY, person=wang, title="chief_physician")
        return import_people_rows(**given)

    monkeypatch.setattr(running, "import_people_rows", late)
    batch = running.write(kept(workbook(row(**NO_POST))), by=CLERK, on=DAY)
    assert (Person.objects.get().mobile, Person.objects.get().titles.count()) == ("13900009999", 1)
    assert running.added(batch)["filled"] == 0
    running.undo(batch, by=CLERK, on=DAY)
    assert (Person.objects.get().mobile, Person.objects.get().titles.count()) == ("13900009999", 1)
