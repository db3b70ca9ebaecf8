"""`xinglin new-engine`: what it writes passes its own tests, is registered, translated and clean."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.source import ROOT
from xinglin.site.commands.scaffold import FILES, NoEngine, write_engine

COPIED = ("src", "tests", "regulations", "programmes", "pyproject.toml")


@pytest.fixture
def copy(tmp_path):
    """A copy of the house without its data; packages for the browser are linked."""
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "corpus", "holdout"))
        elif source.exists():
            shutil.copy(source, tmp_path / name)
    if (ROOT / "node_modules").exists():
        (tmp_path / "node_modules").symlink_to(ROOT / "node_modules")
    return tmp_path


def run(copy, *command):
    """Run Python inside the copy and return how it ended with what it said."""
    env = {**os.environ, "PYTHONPATH": str(copy / "src"), "XINGLIN_VAR": str(copy / "var"),
           "DJANGO_SETTINGS_MODULE": "xinglin.site.settings"}
    env.pop("PYTEST_CURRENT_TEST", None)
    ran = subprocess.run([sys.executable, *command], cwd=copy, env=env, capture_output=True, text=True, check=False)
    return ran.returncode, (ran.stdout + ran.stderr)[-4000:]


def test_a_new_engine_passes_its_own_tests_and_every_check(copy):
    made = write_engine(root=copy, name="clinics", noun="visit_day", zh="义诊日")
    code, said = run(copy, "-m", "pytest", str(made), "-p", "no:cacheprovider")
    assert code == 0 and "10 passed" in said, said
    code, said = run(copy, "-m", "django", "makemigrations", "clinics", "--check", "--dry-run")
    assert code == 0, said
    code, said = run(copy, "-m", "xinglin.shell.catalogue", "check", "engines/clinics")
    assert (code, said.strip().splitlines()[-1]) == (0, "complete")
    code, said = run(copy, "-m", "ruff", "check", str(made))
    assert code == 0, said


def test_it_writes_the_layout_of_the_house_and_registers_itself(copy):
    made = write_engine(root=copy, name="gatherings", noun="sitting", zh="集会")
    written = {str(file.relative_to(made)) for file in made.rglob("*") if file.is_file()}
    wanted = {one.replace("@@engine@@", "gatherings").replace("@@nouns@@", "sittings").replace("@@noun@@", "sitting")
              for one in FILES.values()}
    assert written == wanted | {"migrations/__init__.py", "locale/zh_Hans/LC_MESSAGES/django.mo"}
    assert not [file for file in made.rglob("*.*") if file.suffix != ".mo" and "@@" in file.read_text("utf-8")]
    settings = (copy / "src/xinglin/site/settings.py").read_text("utf-8")
    urls = (copy / "src/xinglin/site/urls.py").read_text("utf-8")
    assert settings.count('"xinglin.engines.gatherings",') == 1
    assert urls.count('path("gatherings/", include("xinglin.engines.gatherings.web.urls")),') == 1
    assert len((made / "README.md").read_text("utf-8").splitlines()) <= 120


def test_the_noun_follows_from_the_name(copy):
    made = write_engine(root=copy, name="awards")
    assert (made / "actions/award.py").is_file() and (made / "web/templates/awards/awards.html").is_file()


@pytest.mark.parametrize(("name", "noun", "zh"), [
    ("Events", "", "会议"), ("e", "", "会议"), ("class", "", "会议"), ("kernel", "", "会议"), ("helpers", "", "会议"),
    ("worklog", "", "会议"), ("awards", "record", "会议"), ("awards", "meeting", "meeting"), ("../x", "", "会议")])
def test_a_name_that_will_not_do_is_refused_and_nothing_is_written(tmp_path, name, noun, zh):
    for file in ("settings.py", "urls.py"):
        target = tmp_path / "src/xinglin/site" / file
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / "src/xinglin/site" / file, target)
    (tmp_path / "src/xinglin/engines/worklog").mkdir(parents=True)
    before = {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}
    with pytest.raises(NoEngine):
        write_engine(root=tmp_path, name=name, noun=noun, zh=zh)
    assert {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()} == before


def test_the_makefile_offers_it():
    assert "new-engine $(NAME)" in Path(ROOT / "Makefile").read_text("utf-8")
