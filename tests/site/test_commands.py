"""Commands say in words what is wrong, and check what a production installation needs."""

import logging
import os
import subprocess
import sys
import time

import pytest
from django.core.management import call_command

from xinglin.directory.security.models import Grant
from xinglin.kernel.ledger.models import Head
from xinglin.site import deployment
from xinglin.site.cli import build_parser, main
from xinglin.site.commands import rounds

pytestmark = pytest.mark.django_db


@pytest.fixture
def poor_papers(tmp_path):
    """Files that are no draft: missing, an old Word file, a scan without text, a folder."""
    old, scan = tmp_path / "old.doc", tmp_path / "scan.pdf"
    old.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(2000))
    scan.write_bytes(b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
                     b"2 0 obj<</Type/Pages/Count 0/Kids[]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n")
    return [tmp_path / "missing.docx", old, scan, tmp_path]


@pytest.mark.parametrize("verb", ["read", "check"])
def test_a_file_that_is_no_draft_is_refused_in_words(poor_papers, verb, capsys):
    for file in poor_papers:
        assert main(["plan", verb, str(file)]) == 1
        assert capsys.readouterr().err.strip(), file


@pytest.mark.parametrize("command", [
    ["ledger", "verify"], ["plan", "check", "draft.txt"], ["backup", "all.tar.gz"], ["worker"], ["sealer"], ["serve"]])
def test_a_command_before_the_tables_are_made_names_the_next_step(tmp_path, command):
    (tmp_path / "draft.txt").write_text("2026年工作总结\n一、学术\n举办会议30场。\n", "utf-8")
    env = {name: value for name, value in os.environ.items() if name != "XINGLIN_DATABASE"}
    ran = subprocess.run([sys.executable, "-m", "xinglin.site.cli", *command], cwd=tmp_path, capture_output=True,
                         text=True, check=False, timeout=60, env=env | {"XINGLIN_VAR": str(tmp_path / "var")})
    assert ran.returncode in (1, 2) and "xinglin migrate" in ran.stderr and "Traceback" not in ran.stderr


def test_a_draft_is_checked_in_words_with_the_address_of_the_facts(tmp_path, capsys):
    (tmp_path / "draft.txt").write_text("江海省医师协会2026年工作总结\n一、组织\n全年新成立分支机构9个。\n", "utf-8")
    assert main(["plan", "check", str(tmp_path / "draft.txt"), "--year", "2026"]) == 0
    said = capsys.readouterr().out
    assert "无依据 / no evidence　9 个" in said and "/plans/figure/?" in said and "None" not in said
    (tmp_path / "plan.txt").write_text("江海省医师协会（虚构）2026年工作要点\n一、学术\n坚持正确方向。\n", "utf-8")
    assert main(["plan", "check", str(tmp_path / "plan.txt"), "--year", "2026"]) == 0
    assert "没有 2026 年的数字可核" in capsys.readouterr().out


def test_a_reader_who_has_enough_ends_a_command_quietly(tmp_path):
    (tmp_path / "plan.txt").write_text("2026年工作要点\n" + "一、学术\n举办会议30场。\n" * 4000, "utf-8")
    ran = subprocess.run(f"{sys.executable} -m xinglin.site.cli plan read plan.txt | head -1", shell=True,
                         cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120)
    assert ran.stderr == "" and ran.stdout.count("\n") == 1


def test_a_draft_without_a_year_is_refused_in_words(tmp_path, capsys):
    (tmp_path / "draft.txt").write_text("工作总结\n一、学术\n举办会议三场。\n", "utf-8")
    assert main(["plan", "check", str(tmp_path / "draft.txt")]) == 1
    assert "--year" in (said := capsys.readouterr().err) or "年" in said


def test_an_import_that_is_refused_says_nothing_of_an_earlier_one(tmp_path, capsys):
    wrong, other = tmp_path / "wrong.csv", tmp_path / "other.csv"
    wrong.write_text("姓名,身份证号\n王小明,110105198803070011\n", "utf-8")
    assert main(["people", "import", str(wrong)]) == 1
    assert "第 2 行" in capsys.readouterr().err
    other.write_text("甲,乙\n", "utf-8")
    assert main(["people", "import", str(other)]) == 1
    assert "第 2 行" not in capsys.readouterr().err


def test_the_first_administrator_is_opened_from_the_command_line(monkeypatch, capsys):
    monkeypatch.setattr("getpass.getpass", lambda prompt: "Apricot-Grove-2026")
    words = ["administration", "open", "system_admin", "firstadmin", "--name", "方知行"]
    assert main(words) == 0
    assert Grant.objects.get().role == "system_admin"
    assert main(words) == 1  # the user name is taken
    assert capsys.readouterr().err.strip()


def test_keys_are_counted_and_rotated_from_the_command_line(capsys):
    assert main(["keys", "rotate", "--count"]) == 0
    assert "current key k1" in capsys.readouterr().out


def test_every_command_has_help_in_both_languages():
    for action in build_parser()._subparsers._group_actions[0]._choices_actions:
        assert " / " in action.help, action.dest


def said(**given):
    """Return the ids of the house's deployment checks."""
    return {one.id.removeprefix("xinglin.") for one in deployment.ready_for_visitors()}


def test_what_a_production_site_needs_is_asked_for(settings, monkeypatch, tmp_path):
    for name in deployment.UNSET:
        monkeypatch.delenv(name, raising=False)
    settings.HTTPS, settings.XINGLIN_PROXIES, settings.XINGLIN_URL = True, 0, "http://127.0.0.1:8000"
    assert said() >= {"XINGLIN_NAME", "XINGLIN_ORIGIN", "XINGLIN_SMTP_HOST", "XINGLIN_URL", "XINGLIN_PROXIES"}
    for name in deployment.UNSET:
        monkeypatch.setenv(name, "set")
    settings.XINGLIN_PROXIES, settings.XINGLIN_URL = 1, "https://xh.example.org"
    assert said() <= {"backup"}
    settings.XINGLIN_URL, settings.VAR = "http://xh.example.org", tmp_path / "gone"
    assert {"XINGLIN_URL", "XINGLIN_VAR"} <= said()


def test_the_name_of_a_ledger_that_has_begun_is_not_asked_for(monkeypatch):
    monkeypatch.delenv("XINGLIN_ORIGIN", raising=False)
    assert "XINGLIN_ORIGIN" in said()
    Head.objects.create(pk=1)
    assert "XINGLIN_ORIGIN" not in said()


def test_the_deployment_checks_run_with_djangos_own(settings, capsys):
    settings.XINGLIN_URL = "http://127.0.0.1:8000"
    with pytest.raises(BaseException, match="XINGLIN_URL"):
        call_command("check", deploy=True, fail_level="WARNING")


def test_a_job_runner_that_ends_is_started_again_and_given_up_when_it_keeps_ending(monkeypatch, caplog):
    monkeypatch.setattr(rounds, "PAUSE", 0.0)
    caplog.set_level(logging.ERROR)
    jobs = rounds.JobRunner(command=[sys.executable, "-S", "-c", "raise SystemExit(3)"])
    end = time.monotonic() + 60
    while jobs.attend():
        assert time.monotonic() < end
        time.sleep(0.01)
    assert len(jobs.started) == rounds.RESTARTS + 1 and "status 3" in caplog.text
    living = rounds.JobRunner(command=[sys.executable, "-S", "-c", "import time; time.sleep(60)"])
    first = living.process.pid
    assert living.attend() and living.process.pid == first
    living.end()
    assert living.process.returncode is not None
