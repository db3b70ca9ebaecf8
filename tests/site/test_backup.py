"""What is backed up comes back whole; what is there already is not replaced unasked, nor half."""

import tarfile

import pytest

from tests.site.house import NAMES, Installation

pytestmark = pytest.mark.on_postgres_too


@pytest.fixture
def office(install):
    """An office with one association and a file."""
    one = install("office")
    one.found("第一协会")
    (one.var / "files").mkdir(exist_ok=True)
    (one.var / "files" / "paper").write_text("甲")
    return one


@pytest.fixture
def archive(office, tmp_path):
    """Its backup."""
    file = tmp_path / "kept" / "office.tar.gz"
    file.parent.mkdir()
    ran = office.run("backup", file)
    assert ran.returncode == 0, ran.stderr
    return file


def names_in(archive):
    with tarfile.open(archive) as opened:
        return set(opened.getnames())


def test_a_backup_comes_back_whole_with_files_and_keys_and_its_ledger_holds(office, archive, install):
    assert archive.stat().st_mode & 0o777 == 0o600 and list(archive.parent.iterdir()) == [archive]
    assert {"var/files/paper", "var/secret", "var/keys/ledger.ed25519", "manifest.json"} <= names_in(archive)
    new = install("new", empty=True)
    ran = new.run("restore", archive)
    assert ran.returncode == 0 and "账本完整" in ran.stdout, ran.stderr
    assert new.names() == ["第一协会"] and (new.var / "files" / "paper").read_text() == "甲"
    for one in ("secret", "keys/ledger.ed25519"):
        assert (new.var / one).read_bytes() == (office.var / one).read_bytes()


def test_what_is_there_is_replaced_only_when_forced(archive, install):
    other = install("other")
    other.found("别的协会", "再一协会")
    secret = (other.var / "secret").read_bytes()
    ran = other.run("restore", archive)
    assert ran.returncode == 1 and "--force" in ran.stderr
    assert (other.var / "secret").read_bytes() == secret and not (other.var / "files" / "paper").exists()
    seen = other.python(RESTORE_WHILE_RUNNING.format(archive=str(archive)) + NAMES)
    assert "先停 web" in seen and seen.endswith("再一协会|别的协会")
    ran = other.run("restore", archive, "--force")
    assert ran.returncode == 0, ran.stderr
    assert other.names() == ["第一协会"]


RESTORE_WHILE_RUNNING = """
import subprocess, sys
from xinglin.site.occupancy import take_part
take_part()
command = [sys.executable, "-m", "xinglin.site.cli", "restore", "--force", {archive!r}]
print(subprocess.run(command, capture_output=True, text=True).stderr)
"""


def test_a_damaged_archive_changes_nothing(archive, install, tmp_path):
    with tarfile.open(archive) as opened:
        opened.extractall(tmp_path / "open")
    (tmp_path / "open" / "var" / "files" / "paper").write_text("乙")
    altered = tmp_path / "altered.tar.gz"
    with tarfile.open(altered, "w:gz") as packed:
        packed.add(tmp_path / "open", ".")
    new = install("new", empty=True)
    for file in (altered, tmp_path / "nowhere.tar.gz"):
        ran = new.run("restore", file)
        assert ran.returncode == 1 and "原样未动" in ran.stderr and "Traceback" not in ran.stderr
    assert not (new.var / "files").exists()


def test_a_database_that_cannot_be_loaded_leaves_rows_files_and_keys_alone(office, archive, install):
    """On PostgreSQL a view of somebody's own keeps a table from being replaced; else the server is not there."""
    other = office
    if "postgres" in office.database:
        other.python("from django.db import connection as c\nc.cursor().execute('CREATE VIEW own AS SELECT name FROM"
                     " directory_organisation')")
        other.found("第二协会")
    else:
        other = Installation(office.var, "postgresql:///nowhere?host=/nowhere")
    (office.var / "secret").write_bytes(b"changed since")
    ran = other.run("restore", archive, "--force")
    assert ran.returncode == 1 and "原样未动" in ran.stderr and "Traceback" not in ran.stderr
    assert (office.var / "secret").read_bytes() == b"changed since"
    assert office.names() == (["第一协会", "第二协会"] if "postgres" in office.database else ["第一协会"])


def test_an_archive_never_lies_in_the_data_folder(office):
    ran = office.run("backup", office.var / "office.tar.gz")
    assert ran.returncode == 1 and not (office.var / "office.tar.gz").exists()
    ran = office.run("backup", office.var.parent / "nowhere" / "office.tar.gz")
    assert ran.returncode == 1 and "Traceback" not in ran.stderr


@pytest.mark.postgres  # SQLite is copied without a tool
def test_a_missing_tool_of_postgresql_is_named(office, tmp_path):
    ran = office.run("backup", tmp_path / "office.tar.gz", PATH=str(tmp_path))
    assert ran.returncode == 1 and "缺 pg_dump" in ran.stderr and not (tmp_path / "office.tar.gz").exists()
