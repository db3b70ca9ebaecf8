"""Lists: everything stands in the address, counts are exact, nothing hidden leaks."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import RequestFactory

from xinglin.kernel.actors import Actor
from xinglin.kernel.refs import Ref
from xinglin.shell.models import SavedList
from xinglin.shell.tables.columns import masked
from xinglin.shell.web.samples import DOCTORS, Doctors

from .pages import Lists

pytestmark = [pytest.mark.usefixtures("pages"), pytest.mark.django_db]
CLERK = Actor(ref=Ref("directory.account:1"), name="闻溪", roles=frozenset({"member", "office"}))


def asked(query="", kind=Lists, rows=None, method="get", **post):
    factory = RequestFactory()
    request = factory.post("/lists/", post) if method == "post" else factory.get(f"/lists/?{query}")
    request.actor = CLERK
    return kind(request, rows=rows)


@pytest.fixture
def rows(account):
    """Sixty lists: forty of table a, twenty of b, two with long names."""
    SavedList.objects.bulk_create(
        SavedList(account=account, table="a" if at < 40 else "b", address=str(at),
                  name=f"{'long ' if at in (7, 50) else ''}list {at:02d}") for at in range(60))


def names(table):
    return [row.name for row in table.selected]


def test_a_list_counts_segments_and_pages(rows):
    table = asked()
    assert [(tab.label, tab.count, tab.current) for tab in table.tabs] == [("All", 60, True), ("Of a", 40, False)]
    assert (table.count, len(table.shown_rows), table.page.last) == (60, 25, 3)
    assert asked("page=3").shown_rows[-1].name == "long list 50"


def test_counting_asks_the_database_once(rows, django_assert_num_queries):
    table = asked("table=a&q=list")
    with django_assert_num_queries(1):
        assert table.count == 40 and [tab.count for tab in table.tabs] == [40, 40]


@pytest.mark.parametrize(("query", "count"), [
    ("q=long", 2), ("q=long 50", 1), ("q=nothing", 0), ("table=b", 20), ("table=a&table=b", 60), ("table=zzz", 60),
    ("long=1", 2), ("long=0", 60), ("list=a", 40), ("list=a&long=1", 1), ("list=unknown", 60), ("page=999", 60),
    ("page=-1", 60), ("page=x", 60), ("per=7", 60), ("size_from=abc", 60), ("day_from=2026-13-45", 60),
    ("day_from=2020-01-01", 0),
])
def test_conditions_in_the_address_narrow_the_list(rows, query, count):
    table = asked(query)
    assert table.count == count == len(names(table))
    assert len(table.shown_rows) == (10 if query == "page=999" else min(count, 25))


def test_a_number_range_takes_both_ends(rows):
    keys = sorted(SavedList.objects.values_list("pk", flat=True))
    assert asked(f"size_from={keys[3]}&size_to={keys[5]}").count == 3


def test_sorting_goes_up_then_down_then_back(rows):
    table = asked()
    assert table.heads[0].sorted == ""
    up = urlsplit(table.heads[0].url).query
    assert parse_qs(up) == {"sort": ["name"]} and asked(up).heads[0].sorted == "ascending"
    down = urlsplit(asked(up).heads[0].url).query
    assert parse_qs(down) == {"sort": ["-name"]} and names(asked(down))[0] == "long list 50"
    assert urlsplit(asked(down).heads[0].url).query == ""


def test_a_column_that_does_not_sort_is_not_sorted_by(rows):
    assert asked("sort=secret").sorting == (None, False)


def test_ties_keep_their_order_over_pages(rows):
    seen = [row.key for page in (1, 2, 3) for row in asked(f"sort=table&page={page}").shown_rows]
    assert len(seen) == len(set(seen)) == 60


def test_a_chip_names_its_condition_and_leads_to_the_list_without_it(rows):
    table = asked("table=b&long=1&page=2&q=list")
    assert [(chip.label, chip.value) for chip in table.chips] == [
        ("搜索", "list"), ("Table", "Table B"), ("", "Long names")]
    assert parse_qs(urlsplit(table.chips[1].url).query) == {"long": ["1"], "q": ["list"]}
    assert urlsplit(table.cleared).query == ""


def test_no_hit_says_what_each_condition_costs(rows):
    table = asked("table=b&day_from=2020-01-01")
    assert table.loosened == ["去掉“Table B”，有 0 份。", "去掉“2020-01-01 起”，有 20 份。"]


def test_sensitive_values_are_masked_on_screen(account):
    SavedList.objects.create(account=account, table="a", name="x", address="13800001234")
    cells = {column.name: str(cell) for column, cell in asked().shown_rows[0].cells}
    assert cells["secret"] == "138****1234"


@pytest.mark.parametrize(("value", "shown"), [
    ("110105194912310021", "110***********0021"), ("沈知远", "沈**"), ("陆明", "陆**"), ("", ""), (None, "")])
def test_masking_shows_enough_to_recognise(value, shown):
    assert masked(value) == shown


def test_columns_follow_the_reader_and_unknown_ones_are_ignored(rows):
    factory = RequestFactory()
    request = factory.get("/lists/")
    request.actor = CLERK
    request.COOKIES["cols-test.lists"] = "number.name.gone"
    assert [one.name for one in Lists(request).visible] == ["name", "number"]
    assert [one.name for one in asked().visible] == ["name", "table", "secret"]


def test_two_lists_on_a_page_do_not_hear_each_other(rows):
    class Other(Lists):
        prefix = "o"

    query = "o-table=b&table=a"
    assert asked(query, kind=Other).count == 20 and asked(query).count == 40
    assert asked(query, kind=Other).id != asked(query).id


def test_a_list_of_values_works_like_one_of_rows():
    assert [row.name for row in asked("state=due&sort=-credits", kind=Doctors, rows=DOCTORS).selected] == [
        "陆明溪", "方既白", "沈知远"]
    assert asked("q=海港", kind=Doctors, rows=DOCTORS).count == 0  # the unit is no column of its own
    assert asked("q=急诊", kind=Doctors, rows=DOCTORS).count == 1
    assert asked("few=1&list=follow", kind=Doctors, rows=DOCTORS).count == 2
    assert asked("until_on_from=2026-12-01", kind=Doctors, rows=DOCTORS).count == 2


def test_the_search_does_not_look_into_masked_columns():
    assert asked("q=13800001037", kind=Doctors, rows=DOCTORS).count == 0


def test_picked_rows_are_the_ticked_ones_or_all_that_the_conditions_select(rows, browser_client):
    key = SavedList.objects.get(name="list 03").pk
    assert browser_client.post("/picked/", {"picked": [key], "address": "table=b"}).content == b"list 03"
    assert browser_client.post("/picked/", {"everything": "1", "address": "table=b&q=long"}).content == b"long list 50"
    assert browser_client.post("/picked/", {}).content == b""


def test_htmx_gets_the_list_alone_and_a_reader_the_page(rows, browser_client):
    part = browser_client.get("/lists-of-test/?q=long", headers={"HX-Request": "true", "HX-Target": "t-test-lists"})
    assert part.content.startswith(b"<section") and b"list 01" not in part.content
    page = browser_client.get("/lists-of-test/?q=long").content.decode()
    assert "<html" in page and 'aria-label="选中 long list 07"' in page and "第 1—2，共 2 份" in page


def test_a_list_keeps_what_the_reader_saved(rows, browser_client, account):
    given = {"table": "test.lists", "name": "长名", "address": "long=1", "next": "/lists-of-test/?long=1"}
    assert browser_client.post("/lists/", given).url == "/lists-of-test/?long=1"
    page = browser_client.get("/lists-of-test/").content.decode()
    assert "长名" in page and 'href="/lists-of-test/?long=1"' in page
    assert "删除这份名单" in browser_client.get("/lists-of-test/?long=1").content.decode()
    browser_client.post("/lists/", {**given, "drop": "1"})
    assert not SavedList.objects.filter(name="长名").exists()


def test_a_table_of_an_impossible_name_keeps_nothing_and_breaks_nothing(browser_client):
    response = browser_client.post("/columns/", {"table": "名单", "column": ["姓名"], "next": "/"})
    assert response.status_code == 302 and not [name for name in response.cookies if name.startswith("cols-")]
    response = browser_client.post("/columns/", {"table": "名单.a;b", "column": ["姓名;\r\n", "n"], "next": "/"})
    assert response.cookies["cols-.ab"].value == ".n"


def test_columns_are_kept_in_a_cookie_and_come_back(rows, browser_client):
    given = {"table": "test.lists", "column": ["name", "number"], "next": "/lists-of-test/"}
    response = browser_client.post("/columns/", given)
    assert response.url == "/lists-of-test/" and response.cookies["cols-test.lists"].value == "name.number"
    page = browser_client.get("/lists-of-test/").content.decode()
    assert ">Number</th>" in page and ">Secret</th>" not in page
