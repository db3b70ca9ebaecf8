"""A secret is made once, whole, and for its owner only."""

import subprocess
import sys

import pytest

from xinglin.lib.secret_files import EmptySecret, kept_secret


def test_a_secret_is_made_once_and_is_its_owners_alone(tmp_path):
    file = tmp_path / "keys" / "one"
    assert kept_secret(file=file, make=lambda: b"first") == b"first"
    assert kept_secret(file=file, make=lambda: b"second") == b"first"
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert list(file.parent.iterdir()) == [file]


def test_of_two_first_starts_one_wins_and_both_read_the_same(tmp_path):
    file = tmp_path / "one"

    def slow():
        file.write_bytes(b"the other was faster")
        return b"mine"

    assert kept_secret(file=file, make=slow) == b"the other was faster"
    assert list(tmp_path.iterdir()) == [file]


def test_many_processes_that_start_at_once_hold_one_secret(tmp_path):
    code = ("import os, sys, pathlib; from xinglin.lib.secret_files import kept_secret;"
            "print(kept_secret(file=pathlib.Path(sys.argv[1]), make=lambda: os.urandom(8).hex().encode()).decode())")
    started = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "one")], stdout=subprocess.PIPE)
               for _ in range(6)]
    assert len({one.communicate()[0] for one in started}) == 1


def test_an_empty_file_is_no_secret(tmp_path):
    (tmp_path / "one").touch()
    with pytest.raises(EmptySecret):
        kept_secret(file=tmp_path / "one", make=lambda: b"fresh")
