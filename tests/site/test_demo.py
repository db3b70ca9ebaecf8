"""The demonstration builds in an empty database only and tells its year up to the day it is built."""

import json
import sqlite3
from datetime import date

import pytest

from xinglin.site.demo.building import story_day
from xinglin.site.demo.year import SCRIPT_DAY, share

SMALL = """
from xinglin.site.demo import building
def found(scale):
    from datetime import date
    from xinglin.directory.actions.organisations import found_organisation
    from xinglin.kernel.actors import house
    from xinglin.kernel.ledger.sealer import seal_all
    found_organisation(by=house("demo"), on=date(2026, 3, 5), name=f"演示 {scale}", kind="association")
    seal_all()
    {after}
building._build = found
building.prepare({given})
"""


def build(house, *, after="", given=""):
    """Build a demonstration of one association in place of the whole year."""
    return house.python(SMALL.replace("{after}", after).replace("{given}", given))


@pytest.mark.on_postgres_too
def test_a_database_with_real_work_is_refused_and_left_as_it_is(install):
    office = install("office")
    office.found("真协会")
    ran = office.run("demo", "--build-only")
    assert ran.returncode == 1 and "数据库里已有数据" in ran.stderr
    assert office.names() == ["真协会"]
    ran = office.run("demo", "--build-only", "--anew")
    assert ran.returncode == 1 and office.names() == ["真协会"]


def test_another_database_under_the_folder_of_a_demonstration_is_refused(install):
    office, demo = install("office"), install("demo")
    build(demo)
    office.found("真协会")
    (demo.var / "xinglin.sqlite3").write_bytes((office.var / "xinglin.sqlite3").read_bytes())
    ran = demo.run("demo", "--build-only", "--anew")
    assert ran.returncode == 1 and demo.names() == ["真协会"]


def test_a_build_that_was_interrupted_is_begun_anew(install):
    house = install("demo")
    with pytest.raises(AssertionError, match="interrupted"):
        build(house, after='raise RuntimeError("interrupted")')
    build(house, given='scale="small"')
    assert house.names() == ["演示 small"]
    with sqlite3.connect(house.var / "xinglin.sqlite3") as database:
        assert database.execute("PRAGMA user_version").fetchone() == (0,)


def test_a_demonstration_stands_until_it_is_asked_for_anew(install):
    house = install("demo")
    build(house, given='scale="small"')
    before = house.digest()
    ran = house.run("demo", "--build-only", "--scale", "city")
    assert ran.returncode == 0 and "已按 small 建成" in ran.stderr and house.digest() == before
    build(house, given='scale="city", anew=True')
    assert house.names() == ["演示 city"]


def test_the_year_is_told_up_to_the_day():
    assert story_day(date(2027, 1, 5)) == date(2026, 12, 31)
    assert story_day(date(2027, 2, 1)) == date(2027, 2, 1)
    assert share(date(2026, 11, 22)) == 1.0
    assert share(date(2026, 3, 15)) == 74 / SCRIPT_DAY


def noted_of_old(house):
    """Make the note one of earlier versions, which did not say which ledger is the demonstration's."""
    note = json.loads((house.var / "demo.json").read_text("utf-8"))
    (house.var / "demo.json").write_text(json.dumps({key: note[key] for key in note if key != "first"}), "utf-8")


def test_a_demonstration_of_an_earlier_version_is_named_and_built_anew(install):
    house = install("demo")
    build(house)
    noted_of_old(house)
    before = house.digest()
    ran = house.run("demo", "--build-only")
    assert ran.returncode == 1 and "--anew" in ran.stderr and str(house.var) in ran.stderr
    assert house.digest() == before
    build(house, given='scale="city", anew=True')
    assert house.names() == ["演示 city"]


def test_a_real_ledger_beside_a_note_of_old_is_refused(install):
    office, demo = install("office"), install("demo")
    build(demo)
    noted_of_old(demo)
    office.found("真协会")
    (demo.var / "xinglin.sqlite3").write_bytes((office.var / "xinglin.sqlite3").read_bytes())
    ran = demo.run("demo", "--build-only", "--anew")
    assert ran.returncode == 1 and "数据库里已有数据" in ran.stderr and demo.names() == ["真协会"]
