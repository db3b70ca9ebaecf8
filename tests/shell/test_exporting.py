"""Exports: what the address selects leaves, it is stated first, and nothing in it runs."""

import csv
import io

import openpyxl
import pytest

from xinglin.kernel.ledger.models import SealedFact
from xinglin.shell.models import SavedList
from xinglin.shell.tables import second_person
from xinglin.shell.tables.columns import Column

pytestmark = [pytest.mark.usefixtures("pages"), pytest.mark.django_db]
PATH = "/lists-of-test/"


@pytest.fixture
def rows(account):
    """Three lists, one of which would run as a formula."""
    for number, name in enumerate(("=cmd|' /C calc'!A0", "long 甲", "乙")):
        SavedList.objects.create(account=account, table="a", name=name, address=f"1380000123{number}")


def facts(sealed):
    sealed()
    found = SealedFact.objects.filter(type="shell.list.exported", body__list="test.lists")
    return list(found.values_list("body", flat=True))


def lines(response):
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_csv_holds_what_is_selected_and_is_stated(rows, browser_client, sealed):
    response = browser_client.post(f"{PATH}?q=long", {"export": "csv", "address": "q=long", "columns": "shown"})
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "test.lists-" in response.headers["Content-Disposition"]
    assert lines(response) == [["Name", "Table", "Secret"], ["long 甲", "a", "138****1231"]]
    assert facts(sealed) == [{"list": "test.lists", "rows": 1, "format": "csv", "narrowed": True, "sensitive": False}]


def test_xlsx_holds_all_columns_and_numbers_stay_numbers(rows, browser_client, sealed):
    response = browser_client.post(PATH, {"export": "xlsx", "columns": "all"})
    book = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    found = list(book.active.values)
    assert found[0] == ("Name", "Table", "Number（份）", "Secret")
    assert found[2][2] == 13800001231 and found[1][0] == "=cmd|' /C calc'!A0"
    assert book.active.cell(2, 1).data_type == "s"
    assert facts(sealed)[0]["rows"] == 3


def test_nothing_leaves_when_it_cannot_be_stated(rows, browser_client, source):
    source.roles = frozenset()
    response = browser_client.post(PATH, {"export": "csv"})
    assert response.status_code == 403 and not response.streaming


def test_only_the_picked_rows_leave(rows, browser_client, sealed):
    key = SavedList.objects.get(name="乙").pk
    response = browser_client.post(PATH, {"export": "csv", "picked": [key]})
    assert [line[0] for line in lines(response)] == ["Name", "乙"]
    assert facts(sealed)[0]["rows"] == 1


def test_an_unknown_form_is_refused(rows, browser_client):
    assert browser_client.post(PATH, {"export": "exe"}).status_code == 409


def test_long_whole_numbers_leave_as_text_and_what_would_run_is_quoted(rows, browser_client, monkeypatch):
    monkeypatch.setattr(Column, "plain", lambda column, row, unmasked=False: 91310000123456789)
    response = browser_client.post(PATH, {"export": "xlsx", "columns": "all"})
    cell = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content))).active.cell(2, 1)
    assert (cell.data_type, cell.value) == ("s", "91310000123456789")
    monkeypatch.setattr(Column, "plain", lambda column, row, unmasked=False: "＝1+1")
    assert lines(browser_client.post(PATH, {"export": "csv"}))[1][0] == "'＝1+1"


def test_a_text_too_long_for_a_cell_is_refused_and_nothing_is_stated(rows, browser_client, sealed, monkeypatch):
    monkeypatch.setattr(Column, "plain", lambda column, row, unmasked=False: "长" * 32_768)
    assert browser_client.post(PATH, {"export": "xlsx"}).status_code == 409
    assert facts(sealed) == []
    assert len(lines(browser_client.post(PATH, {"export": "csv"}))[1][0]) == 32_768


def test_sensitive_columns_in_full_need_a_second_person(rows, browser_client, sealed, monkeypatch):
    monkeypatch.setattr(second_person, "_gate", [])
    response = browser_client.post(PATH, {"export": "csv", "unmasked": "1"})
    assert response.status_code == 409 and "还没有指定核准人" in response.content.decode()


class Gate:
    """A gate that agrees once it was asked."""

    agreed = False

    def granted(self, *, actor, table, columns, address, rows, on):
        """Return whether somebody agreed."""
        return self.agreed and (table, columns, address, rows) == ("test.lists", ("secret",), PATH, 3)

    def ask_address(self, *, actor, table, columns, address, rows):
        """Return where to ask."""
        return f"/ask/{table}/{rows}/"


def test_with_a_second_person_the_values_leave_in_full_and_it_is_stated(rows, browser_client, sealed, monkeypatch):
    gate = Gate()
    monkeypatch.setattr(second_person, "_gate", [gate])
    asked = browser_client.post(PATH, {"export": "csv", "unmasked": "1"})
    assert asked.status_code == 302 and asked.url == "/ask/test.lists/3/" and facts(sealed) == []
    gate.agreed = True
    response = browser_client.post(PATH, {"export": "csv", "unmasked": "1"})
    assert lines(response)[2][-1] == "13800001231"
    assert facts(sealed)[0]["sensitive"] is True


def test_an_export_speaks_the_readers_language_to_the_last_row(browser_client, source):
    source.roles = frozenset({"system_admin"})
    browser_client.cookies["django_language"] = "en"
    found = lines(browser_client.post("/patterns/", {"export": "csv", "columns": "shown"}))
    assert found[0][3] == "State" and found[-1][3] == "Grace period"
