"""A database made by an earlier version is refused in one sentence, before anything runs on it."""

import pytest

pytestmark = pytest.mark.on_postgres_too
OLDER = """
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("ALTER TABLE kernel_checkpoint DROP COLUMN key")
"""


@pytest.mark.parametrize("command", ["migrate", "serve", "worker", "sealer", "demo"])
def test_tables_of_an_earlier_version_are_refused_in_one_sentence(install, command):
    office = install("office")
    office.python(OLDER)
    ran = office.run(command)
    assert ran.returncode == 1 and "更早的版本" in ran.stderr and "kernel_checkpoint.key" in ran.stderr
    assert "Traceback" not in ran.stderr and len(ran.stderr.strip().splitlines()) == 1


def test_tables_of_this_version_and_none_at_all_are_taken(install):
    assert install("office").run("migrate").returncode == 0
    assert install("new", empty=True).run("migrate").returncode == 0
