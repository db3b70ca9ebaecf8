"""Importing lists: every wrong row with its reason, all or nothing or only the good rows, and back again."""

import io
from datetime import date, timedelta

import pytest
from openpyxl import load_workbook

from xinglin.directory.actions import terms
from xinglin.directory.actions.imports import import_organisation_rows, import_people_rows
from xinglin.directory.actions.undoing import undo_import
from xinglin.directory.checks import Proof
from xinglin.directory.importing import running
from xinglin.directory.importing.from_file import import_organisations, import_people
from xinglin.directory.importing.sheets import empty_form, rejected_sheet
from xinglin.directory.importing.tables import UnreadableTable, read_table
from xinglin.directory.models import AddedRow, Batch, Employment, KnownMapping, Organisation, Person, Term
from xinglin.directory.refusals import NothingChanged
from xinglin.kernel.policy import NotAllowed

from .conftest import CLERK, DAY, LI, WANG, actor
from .fold import folded_organisations, folded_terms
from .lists import HEADERS, NO_POST, faults, kept, row, workbook

pytestmark = pytest.mark.django_db
def test_a_good_list_becomes_people_units_and_posts(place, said, sealed):
    said()
    batch = kept(workbook(row(), row("李雷", "男", LI, "", "省一院", "", "", **NO_POST)))
    running.write(batch, by=CLERK, on=DAY)
    assert (batch.state, batch.rows, batch.accepted, batch.rejected) == ("done", 2, 2, 0)
    wang = Person.objects.get(name="王小明")
    assert (wang.sex, wang.born_on) == ("2", date(1949, 12, 31))
    assert (wang.mobile, wang.mobile_masked) == ("13800005678", "138****5678")
    assert (wang.documents.get().number, wang.titles.get().title) == (WANG, "chief_physician")
    term = wang.terms.get()
    assert (term.post.title, term.from_on, term.until_on, term.session) == (
        "committee_member", date(2024, 1, 1), date(2027, 1, 1), 5)
    assert list(Employment.objects.values_list("organisation__name", "main")) == [("江海省第一医院", True)] * 2
    assert [type_ for type_, _body in said()] == [
        "person.registered", "person.registered", "term.begun", "list.imported"]
    assert Person.objects.found("wxm").get() == wang
    assert running.added(batch) == {"person": 2, "employment": 2, "term": 1, "organisation": 0, "filled": 0}
    assert set(folded_terms()) == {str(term.ref)}


def test_imported_facts_are_marked_as_entered_after_the_fact(place, sealed):
    from xinglin.kernel.ledger.models import SealedFact

    running.write(kept(workbook(row())), by=CLERK, on=DAY)
    sealed()
    assert '"backfilled":true' in SealedFact.objects.get(type="directory.term.begun").content


WRONG = [
    ({"name": ""}, "name"),
    ({"number": "110105194912310021"}, "number"),
    ({"number": "1101051949123100"}, "number"),
    ({"number": 110105194912310020.0}, "number"),
    ({"number": "110105194913310022"}, "number"),
    ({"sex": "男"}, "born_on"),
    ({"sex": "未婚"}, "sex"),
    ({"mobile": "1380000"}, "mobile"),
    ({"title": "名医"}, "title"),
    ({"unit": "江海省第二医院"}, "unit"),
    ({"place": "不存在的分会"}, "organisation"),
    ({"place": ""}, "organisation"),
    ({"post": "掌门"}, "post"),
    ({"from_on": ""}, "from_on"),
    ({"from_on": "去年"}, "from_on"),
    ({"from_on": "2024-02-30"}, "from_on"),
    ({"from_on": "2009-01-01"}, "from_on"),
    ({"last_on": "2023-12-31"}, "last_on"),
    ({"session": "五"}, "session"),
]


@pytest.mark.parametrize(("given", "column"), WRONG)
def test_each_wrong_row_says_its_column_a_reason_and_nothing_is_written(place, said, given, column):
    said()
    batch = kept(workbook(row(**given), row("李雷", "男", LI, mobile="13900000001")))
    with pytest.raises(running.RowsRejected):
        running.write(batch, by=CLERK, on=DAY)
    rejection = batch.rejections.get()
    assert rejection.row == 2
    assert column in {one["column"] for one in rejection.problems}
    assert all(one["reason"] for one in rejection.problems)
    assert (Person.objects.count(), Term.objects.count(), AddedRow.objects.count(), said()) == (0, 0, 0, [])


def test_a_misspelt_unit_is_answered_with_the_likeliest_one(place):
    batch = kept(workbook(row(unit="江海省第一医")))
    running.check(batch, by=CLERK, on=DAY)
    assert "江海省第一医院" in batch.rejections.get().problems[0]["right"]


def test_only_the_good_rows_are_taken_when_that_is_asked(place, said):
    batch = kept(workbook(row(), row("李雷", "男", "110105198803070011", mobile="13900000001")))
    running.write(batch, by=CLERK, on=DAY, only_accepted=True)
    assert [one.name for one in Person.objects.all()] == ["王小明"]
    assert (batch.accepted, batch.rejected, faults(batch)) == (1, 1, [(3, "number")])
    assert said()[-1][1] | {"batch": ""} == {"batch": "", "kind": "people", "accepted": 1, "rejected": 1}


def test_two_names_under_one_number_are_both_refused(place):
    batch = kept(workbook(row(), row("汪晓明", mobile="13900000001"), row("李雷", "男", LI, mobile="13900000002")))
    running.check(batch, by=CLERK, on=DAY)
    assert faults(batch) == [(2, "number"), (3, "number")]
    assert "3" in batch.rejections.get(row=2).problems[0]["reason"]


def test_a_number_that_belongs_to_somebody_else_in_the_directory_is_refused(place, register):
    register("汪晓明", proof=Proof(number=WANG))
    batch = kept(workbook(row()))
    running.check(batch, by=CLERK, on=DAY)
    assert faults(batch) == [(2, "number")]
    assert "汪晓明" in batch.rejections.get().problems[0]["reason"]


def test_two_rows_of_one_person_are_one_person_with_two_posts(place):
    running.write(kept(workbook(row(), row(post="分会秘书"))), by=CLERK, on=DAY)
    assert sorted(Person.objects.get().terms.values_list("post__title", flat=True)) == [
        "branch_secretary", "committee_member"]
    assert Employment.objects.count() == 1


def test_the_same_post_twice_at_once_is_refused(place):
    batch = kept(workbook(row(), row(from_on="2025-01-01")))
    running.check(batch, by=CLERK, on=DAY)
    assert faults(batch) == [(3, "from_on")]


def test_importing_the_same_list_again_adds_nothing(place, said):
    content = workbook(row(), row("赵一", "男", "", "13900000001"), row("钱二", "", "", "", title=""))
    running.write(kept(content), by=CLERK, on=DAY)
    said()
    again = kept(content)
    running.write(again, by=CLERK, on=DAY)
    assert (Person.objects.count(), Term.objects.count(), Employment.objects.count()) == (3, 3, 3)
    assert [type_ for type_, _body in said()] == ["list.imported"]
    assert set(running.added(again).values()) == {0}


def test_merged_cells_give_every_row_their_value(place):
    rows = [row(), row("李雷", "男", LI, "13900000001", unit=None, place=None)]
    batch = kept(workbook(*rows, above=[["江海省医师协会（虚构）名册"]], merges=["A1:L1", "E3:E4", "H3:H4"]))
    assert (batch.header_row, running.read(batch).table.merged) == (1, 2)
    running.write(batch, by=CLERK, on=DAY)
    assert list(Employment.objects.values_list("organisation__name", flat=True)) == ["江海省第一医院"] * 2
    assert Term.objects.count() == 2


@pytest.mark.parametrize("encoding", ["gbk", "utf-8", "utf-8-sig", "utf-16"])
def test_a_csv_is_read_in_the_encodings_offices_use(place, encoding):
    text = "\r\n".join([",".join(HEADERS), ",".join(row())])
    batch = kept(text.encode(encoding), name="名册.csv")
    running.write(batch, by=CLERK, on=DAY)
    assert Person.objects.get().name == "王小明"


@pytest.mark.parametrize("content", [
    b"", b"   ", b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1old", b"%PDF-1.7\n\x00\x00\x00",
    b"\xff\xff\x80\x81\n",
])
def test_what_is_no_table_is_refused_with_words(content):
    with pytest.raises(UnreadableTable) as refused:
        kept(content)
    assert str(refused.value) and refused.value.field == "file"
    assert Batch.objects.count() == 0


def test_a_workbook_that_unpacks_to_too_much_is_refused(monkeypatch):
    monkeypatch.setattr("xinglin.directory.importing.tables.UNPACKED", 100)
    with pytest.raises(UnreadableTable):
        read_table(content=workbook(row()))


def test_a_file_or_list_above_the_limit_is_refused(monkeypatch):
    monkeypatch.setattr(running.regulations, "value", lambda key, on: 0)
    with pytest.raises(running.FileTooLarge) as refused:
        kept(workbook(row()))
    assert refused.value.regulation == "DR4.import_megabytes"


def test_a_list_without_names_or_rows_is_refused(place):
    batch = kept(workbook(row()[1:], headers=HEADERS[1:]))
    with pytest.raises(running.ColumnMissing):
        running.set_mapping(batch, mapping={int(at): field for at, field in batch.mapping.items()})
    with pytest.raises(running.NothingToImport):
        running.write(kept(workbook()), by=CLERK, on=DAY)


def test_headers_are_guessed_and_what_somebody_chose_is_remembered(place):
    headers = ["姓　名*", "性别（必填）", "身份证号码：", "联系手机", "单位名称", "所在科室", "内部编号"]
    batch = kept(workbook(["王小明", "女", WANG, "", "省一院", "", "7"], headers=headers))
    assert batch.mapping == {"0": "name", "1": "sex", "2": "number", "3": "mobile", "4": "unit", "5": "department"}
    running.set_mapping(batch, mapping={0: "name", 1: "sex", 2: "number", 3: "mobile", 4: "unit", 6: "remark"})
    assert KnownMapping.objects.count() == 7
    assert kept(workbook(headers=headers)).mapping == {
        "0": "name", "1": "sex", "2": "number", "3": "mobile", "4": "unit", "6": "remark"}
    with pytest.raises(running.ColumnMissing):
        running.set_mapping(batch, mapping={0: "name", 1: "name"})


def test_the_uploaded_file_is_kept_sealed_and_goes_after_thirty_days(place):
    from django.db import connection

    batch = kept(workbook(row()))
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM directory_batch")
        assert cursor.fetchone()[0].startswith("x1.k1.")
    made = batch.made_at.date()
    assert running.forget_files(on=made + timedelta(days=30)) == 0
    assert running.forget_files(on=made + timedelta(days=32)) == 1
    with pytest.raises(UnreadableTable):
        running.read(Batch.objects.get())


def test_rejected_rows_come_back_as_a_workbook_with_reasons(place):
    batch = kept(workbook(row(), row("@甲", number=LI, mobile="1")))
    running.check(batch, by=CLERK, on=DAY)
    sheet = load_workbook(io.BytesIO(rejected_sheet(batch))).active
    lines = list(sheet.iter_rows(values_only=True))
    assert lines[0][: len(HEADERS)] == tuple(HEADERS)
    assert (len(lines), lines[1][0], lines[1][len(HEADERS)]) == (2, "'@甲", 3)
    assert len(lines[1][len(HEADERS) + 1].split("\n")) == 2


def test_the_empty_form_reads_itself(place):
    for kind in ("people", "organisations"):
        batch = kept(empty_form(kind), kind=kind)
        assert len(batch.mapping) == len(running.fields.columns(kind))


def test_undoing_takes_back_what_nobody_refers_to(place, said, sealed):
    batch = kept(workbook(row(), row("李雷", "男", LI, mobile="13900000001", **NO_POST)))
    running.write(batch, by=CLERK, on=DAY)
    said()
    assert running.undo(batch, by=CLERK, on=DAY) == (3, 0)
    assert (Person.objects.count(), Term.objects.count(), Employment.objects.count()) == (0, 0, 0)
    assert batch.state == "undone"
    types = [type_ for type_, _body in said()]
    assert types == ["entry.withdrawn"] * 3 + ["list.withdrawn"]
    assert folded_terms() == {}
    with pytest.raises(NothingChanged):
        running.undo(batch, by=CLERK, on=DAY)


def test_undoing_keeps_whoever_others_refer_to(place, sealed):
    batch = kept(workbook(row(), row("李雷", "男", LI, mobile="13900000001")))
    running.write(batch, by=CLERK, on=DAY)
    li = Person.objects.get(name="李雷")
    terms.begin_term(by=CLERK, on=DAY, person=li.ref, organisation=place, title="chair", from_on=DAY)
    sealed()
    assert running.undo(batch, by=CLERK, on=DAY) == (3, 1)
    assert [one.name for one in Person.objects.all()] == ["李雷"]
    assert [one.post.title for one in Term.objects.all()] == ["chair"]
    assert Employment.objects.get().person == li


def test_undoing_keeps_whom_a_waiting_fact_of_another_engine_names(place):
    from xinglin.kernel.ledger.models import UnsealedFact

    batch = kept(workbook(row()))
    running.write(batch, by=CLERK, on=DAY)
    wang = Person.objects.get()
    UnsealedFact.objects.create(content=f'{{"body":{{"person":"{wang.ref}"}},"type":"worklog.entry.verified"}}')
    assert running.undo(batch, by=CLERK, on=DAY) == (1, 1)
    assert Person.objects.get() == wang


def test_undoing_takes_a_new_unit_from_somebody_known_before(place, register, said):
    wang = register("王小明", proof=Proof(number=WANG))
    batch = kept(workbook(row(**NO_POST)))
    running.write(batch, by=CLERK, on=DAY)
    assert Employment.objects.get().person.ref == wang
    person = Person.objects.get()
    assert (person.mobile, person.titles.get().title) == ("13800005678", "chief_physician")
    assert running.undo(batch, by=CLERK, on=DAY) == (3, 0)
    person.refresh_from_db()
    assert (Employment.objects.count(), person.mobile, person.mobile_masked, person.titles.count()) == (0, "", "", 0)
    assert (person.documents.get().number, person.born_on) == (WANG, date(1949, 12, 31))


def test_a_member_imports_nothing_and_a_department_no_posts_of_the_association(place, found):
    with pytest.raises(NotAllowed):
        running.keep_file(by=actor(), on=DAY, kind="people", name="a.xlsx", content=workbook(row()))
    batch = kept(workbook(row(place="江海省医师协会（虚构）", post="会长")))
    running.check(batch, by=actor("department"), on=DAY)
    assert faults(batch) == [(2, "post")]
    running.check(batch, by=CLERK, on=DAY)
    assert faults(batch) == []


ORGS = ["机构名称", "简称", "机构类型", "医院等级", "行政区划", "统一社会信用代码", "上级机构", "成立日期"]


def test_organisations_are_imported_with_parents_of_the_same_file(said, sealed, tmp_path):
    path = tmp_path / "机构.xlsx"
    path.write_bytes(workbook(
        ["江海大学附属第一医院", "一附院", "医院", "三甲", "320100", "51310000500123453M", "江海大学", "1952-01-01"],
        ["江海大学", "", "大学", "", "南京市", "", "", ""], headers=ORGS))
    batch = import_organisations(path, by=CLERK, on=DAY)
    hospital = Organisation.objects.get(short_name="一附院")
    assert (hospital.parent.name, hospital.level, hospital.from_on) == ("江海大学", "3a", date(1952, 1, 1))
    assert Organisation.objects.get(name="江海大学").region == "320100"
    assert [type_ for type_, _body in said()] == ["organisation.founded", "organisation.founded", "list.imported"]
    assert len(folded_organisations()) == 2
    assert running.undo(batch, by=CLERK, on=DAY) == (2, 0)
    sealed()
    assert (Organisation.objects.count(), folded_organisations()) == (0, {})


@pytest.mark.parametrize(("cells", "column"), [
    (["", "", "医院"], "name"), (["甲医院", "", ""], "kind"), (["甲医院", "", "医馆"], "kind"),
    (["甲医院", "", "医院", "九甲"], "level"), (["甲医院", "", "医院", "", "火星"], "region"),
    (["甲医院", "", "医院", "", "", "51310000500123453X"], "credit_code"),
    (["甲医院", "", "医院", "", "", "", "没有的大学"], "parent"),
    (["甲医院", "", "医院", "", "", "", "", "很久"], "from_on"),
    (["老医院", "", "医院"], "name"), (["甲医院", "", "医院", "", "", "51310000500123453M"], "credit_code"),
])
def test_a_wrong_organisation_row_says_why(found, cells, column):
    found("老医院", credit_code="51310000500123453M")
    batch = kept(workbook(cells + [""] * (8 - len(cells)), headers=ORGS), kind="organisations")
    running.check(batch, by=CLERK, on=DAY)
    assert faults(batch) == [(2, column)]


def test_rows_that_belong_to_one_another_in_a_circle_are_refused():
    batch = kept(workbook(["甲", "", "医院", "", "", "", "乙", ""], ["乙", "", "医院", "", "", "", "甲", ""],
                          ["丙", "", "医院", "", "", "", "甲", ""], headers=ORGS), kind="organisations")
    running.check(batch, by=CLERK, on=DAY)
    assert [at for at, _column in faults(batch)] == [2, 3, 4]


def test_the_command_line_imports_a_file(place, tmp_path):
    path = tmp_path / "名册.xlsx"
    path.write_bytes(workbook(row()))
    seen = []
    batch = import_people(path, by=CLERK, on=DAY, report=lambda done, total, words: seen.append((done, total)))
    assert (batch.accepted, Person.objects.count(), seen[-1]) == (1, 1, (1, 1))


def test_a_stopped_import_in_parts_goes_on_where_it_stopped(place, monkeypatch):
    monkeypatch.setattr(running, "PART", 1)
    rows = [row("赵一", "", "", "13900000001"), row("钱二", "", "", "13900000002"), row("孙三", "", "", "13900000003")]
    batch, calls = kept(workbook(*rows)), []

    def stop(done, total, words):
        calls.append(done)
        if words and len(Person.objects.all()) == 2:
            raise RuntimeError("the worker was killed")

    with pytest.raises(RuntimeError):
        running.write(batch, by=CLERK, on=DAY, only_accepted=True, report=stop)
    assert Person.objects.count() == 2
    running.write(batch, by=CLERK, on=DAY, only_accepted=True)
    assert (Person.objects.count(), running.added(batch)["person"], batch.state) == (3, 3, "done")


def test_an_import_runs_as_a_job(place):
    from xinglin.directory.importing.jobs import run_import, start_import

    batch = kept(workbook(row()))
    job = start_import(by=CLERK, on=DAY, batch=batch, only_accepted=False)

    class Hand:
        by = CLERK
        seen = []

        def report(self, **said):
            self.seen.append(said)

    assert run_import(Hand(), **job.payload) == batch.ref
    batch.refresh_from_db()
    assert (batch.state, batch.job, Person.objects.count()) == ("done", str(job.pk), 1)




def test_the_denied_write_no_rows_and_undo_nothing(place, said):
    batch = kept(workbook(row()))
    checked = running.check(batch, by=CLERK, on=DAY)
    said()
    with pytest.raises(NotAllowed):
        import_people_rows(by=actor(), on=DAY, batch=batch, entrants=checked.entrants, accepted=1, rejected=0)
    with pytest.raises(NotAllowed):
        import_organisation_rows(by=actor("leader"), on=DAY, batch=batch, bodies=[], accepted=0, rejected=0)
    running.write(batch, by=CLERK, on=DAY)
    said()
    with pytest.raises(NotAllowed):
        undo_import(by=actor("branch_secretary"), on=DAY, batch=batch)
    assert (said(), Person.objects.count(), batch.state) == ([], 1, "done")
