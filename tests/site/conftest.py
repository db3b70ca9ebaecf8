"""Installations on whatever database the tests run: migrated once, copied for each test."""

import shutil
import uuid
from urllib.parse import urlsplit

import psycopg
import pytest
from django.conf import settings

from tests.site.house import Installation

ON_POSTGRES = settings.DATABASES["default"]["ENGINE"].endswith("postgresql")


def _server(command: str) -> None:
    """Run one command on the server, outside any transaction."""
    given = settings.DATABASES["default"]
    with psycopg.connect(host=given["HOST"], user=given["USER"], password=given["PASSWORD"], port=given["PORT"] or None,
                         dbname="postgres", autocommit=True) as connection:
        connection.execute(command)


def _new_database(template: str = "template1") -> str:
    """Create a database and return its name."""
    name = f"site_{uuid.uuid4().hex[:12]}"
    _server(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return name


def _address(name: str) -> str:
    import os

    return urlsplit(os.environ["XINGLIN_DATABASE"])._replace(path=f"/{name}").geturl()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory):
    """An installation with its tables and nothing in them."""
    var = tmp_path_factory.mktemp("migrated") / "var"
    name = _new_database() if ON_POSTGRES else ""
    one = Installation(var, _address(name) if ON_POSTGRES else "sqlite:///xinglin.sqlite3")
    ran = one.run("migrate")
    assert ran.returncode == 0, ran.stderr[-3000:]
    yield one, name
    if name:
        _server(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def install(migrated, tmp_path):
    """Return a maker of installations: `install("office")` has tables, `install("office", empty=True)` has none."""
    made = []

    def make(name, *, empty=False):
        first, template = migrated
        var = tmp_path / name
        if not ON_POSTGRES:
            if not empty:
                shutil.copytree(first.var, var)
            return Installation(var, first.database)
        made.append(_new_database() if empty else _new_database(template))
        return Installation(var, _address(made[-1]))

    yield make
    for name in made:
        _server(f'DROP DATABASE "{name}" WITH (FORCE)')
