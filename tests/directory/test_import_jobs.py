"""Imports beside the request: large checks run as jobs, nothing starts twice, and what is over stays over."""

import io

import pytest
from django.urls import reverse
from django.utils.translation import override

from xinglin.directory.importing import jobs, outlook, running, tables
from xinglin.directory.importing.from_file import import_people
from xinglin.directory.importing.tables import FileTooLarge, read_table
from xinglin.directory.models import Batch, Person
from xinglin.kernel.jobs import Job, cancel_job, run_job
from xinglin.site.cli import main as cli

from .conftest import CLERK, DAY, LI, actor
from .lists import faults, kept, row, workbook

pytestmark = pytest.mark.django_db


def text(response):
    return response.content.decode()


def imported():
    return Person.objects.filter(name="王小明").count()


def page(name, batch):
    return reverse(f"directory:{name}", args=[batch.pk])


def test_a_large_check_runs_as_a_job_and_shows_the_same_preview(client, signed, place, monkeypatch):
    signed()
    monkeypatch.setattr("xinglin.directory.web.importing.LARGE", 1)
    batch = kept(workbook(row(), row("李雷", "男", "110105198803070011", "13900000001")))
    with override("en"):
        assert client.get(page("import_check", batch)).url == page("batch", batch)
    assert client.get(page("import_check", batch)).url == page("batch", batch)
    assert Batch.objects.get().state == "checking"
    assert client.get(page("batch", batch)).status_code == 200
    job = Job.objects.get()
    assert job.kind == jobs.CHECK
    run_job(job_id=job.pk)
    assert (Batch.objects.get().state, faults(batch)) == ("checked", [(3, "number")])
    assert client.get(page("batch", batch)).url == page("import_check", batch)
    shown = text(client.get(page("import_check", batch)))
    assert "王小明" in shown and "校验码不符" in shown
    assert (Job.objects.count(), imported()) == (1, 0)


def test_looking_back_at_the_check_leaves_a_finished_import_finished(client, signed, place):
    signed()
    batch = running.write(kept(workbook(row())), by=CLERK, on=DAY)
    for name in ("import_check", "import_columns"):
        assert client.get(page(name, batch)).url == page("batch", batch)
    client.post(page("import_check", batch), {"do": "all"})
    assert (Batch.objects.get().state, Job.objects.count(), imported()) == ("done", 0, 1)
    for refused in (lambda: running.check(batch, by=CLERK, on=DAY), lambda: running.write(batch, by=CLERK, on=DAY),
                    lambda: running.set_mapping(batch, mapping={0: "name"})):
        with pytest.raises(running.ImportOver):
            refused()


def test_an_import_starts_once(place):
    batch = kept(workbook(row()))
    same = Batch.objects.get()
    jobs.start_import(by=CLERK, on=DAY, batch=batch, only_accepted=False)
    with pytest.raises(running.ImportOver):
        jobs.start_import(by=CLERK, on=DAY, batch=same, only_accepted=False)
    assert Job.objects.count() == 1


def test_an_import_whose_job_was_cancelled_can_be_started_again(client, signed, place):
    signed()
    batch = kept(workbook(row()))
    job = jobs.start_import(by=CLERK, on=DAY, batch=batch, only_accepted=False)
    cancel_job(job_id=job.pk, by=CLERK)
    assert client.get(page("batch", batch)).status_code == 200
    assert Batch.objects.get().state == "failed"
    assert client.get(page("import_check", batch)).status_code == 200
    jobs.start_import(by=CLERK, on=DAY, batch=batch, only_accepted=False)
    run_job(job_id=Job.objects.order_by("-pk").first().pk)
    assert (Batch.objects.get().state, imported()) == ("done", 1)


def test_somebody_elses_rejected_rows_are_not_given_out(client, signed, place):
    signed()
    batch = kept(workbook(row(number="1")), by=actor("office", account="404"))
    running.check(batch, by=CLERK, on=DAY)
    assert client.get(page("import_rejected", batch)).status_code == 403


def test_a_refused_import_carries_the_reason_of_each_row_in_the_readers_language(place, tmp_path):
    path = tmp_path / "名册.xlsx"
    path.write_bytes(workbook(row(), row("李雷", "男", LI, mobile="1")))
    for language, column in (("zh-hans", "手机号"), ("en", "Mobile")):
        with override(language), pytest.raises(running.RowsRejected) as refused:
            import_people(path, by=CLERK, on=DAY)
        with override(language):
            reason, = outlook.reasons(refused.value.values["batch"])
        assert (reason.row, reason.column) == (3, column)
        assert ("eleven" in reason.reason) is (language == "en")


@pytest.mark.parametrize(("language", "said"), [
    ("zh_CN.UTF-8", "第 3 行 / row 3: 手机号　"),
    ("en_GB.UTF-8", "第 3 行 / row 3: Mobile　A mobile number has eleven"),
])
def test_the_command_line_says_row_column_and_reason_in_the_language_of_the_terminal(
    place, tmp_path, capsys, monkeypatch, language, said,
):
    monkeypatch.setenv("LC_ALL", language)
    path = tmp_path / "名册.xlsx"
    path.write_bytes(workbook(row(), row("李雷", "男", LI, mobile="1")))
    assert (cli(["people", "import", str(path)]), Person.objects.count()) == (1, 0)
    assert said in capsys.readouterr().err
    assert (cli(["people", "import", "--accepted-only", str(path)]), Person.objects.count()) == (0, 1)
    assert said in capsys.readouterr().err
    path.write_bytes(b"%PDF-1.7")
    assert cli(["people", "import", str(path)]) == 1
    assert "row 3" not in capsys.readouterr().err


def test_a_list_with_too_many_rows_is_refused_before_they_are_all_built():
    seen = []

    def rows():
        for number in range(1000):
            seen.append(number)
            yield [str(number)]

    with pytest.raises(FileTooLarge) as refused:
        tables._rows(rows(), 10)
    assert (len(seen), refused.value.regulation) == (11, "DR3.import_rows")
    content = workbook(["a"], [], ["b"], [], headers=["姓名"])
    assert read_table(content=content, most=3).rows == [["姓名"], ["a"], [], ["b"]]
    with pytest.raises(FileTooLarge):
        read_table(content=io.BytesIO(content).getvalue(), most=2)
    with pytest.raises(FileTooLarge):
        read_table(content="姓名\n甲\n乙\n".encode(), most=2)
