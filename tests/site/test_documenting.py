"""The reference pages are written from the declarations, in both languages and without a machine's paths."""

import pytest
from django.conf import settings

from xinglin.site.documenting import render_all

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def pages():
    return render_all()


def test_there_are_six_pages_and_writing_them_twice_gives_the_same(pages):
    assert sorted(pages) == [f"docs/{name}.md" for name in
                             ("facts", "flows", "personal", "ports", "regulations", "settings")]
    assert render_all() == pages


def test_a_fact_is_shown_with_its_labels_meaning_and_fields(pages):
    row = next(line for line in pages["docs/facts.md"].splitlines() if "`kernel.number.issued`" in line)
    assert row == (
        "| `kernel.number.issued` | 文号已编 | Number issued | A document number was given to a thing. "
        "| `number` Ref, `series` Ref, `year` int, `serial` int, `about` Ref? |  | 不计数 not counted |")


def test_what_tests_declare_is_left_out(pages):
    assert "trial." not in pages["docs/facts.md"]


def test_a_port_is_shown_with_its_questions(pages):
    assert "| `price(*, item: Code, payer: Ref | None, on: date) -> Price | None` |".replace(" | None", " / None") in (
        pages["docs/ports.md"])
    assert "`Price`: An amount in yuan with two decimals" in pages["docs/ports.md"]
    assert "验收套件 Conformance suite: 无" not in pages["docs/ports.md"]


def test_a_regulation_is_shown_with_value_source_and_other_readings(pages):
    shown = pages["docs/regulations.md"].partition("## X5.roll ")[2].partition("\n## ")[0]
    assert "- 取值 value: `forward` 自 from 2021-01-01" in shown
    assert "《中华人民共和国民法典》；第二百零三条　可信度 confidence B" in shown
    assert "- 另一读法 other readings: none；back" in shown


def test_no_page_names_a_folder_of_this_machine(pages):
    for name, text in pages.items():
        assert str(settings.ROOT) not in text, name
    assert "| `XINGLIN_VAR` | `./var` |" in pages["docs/settings.md"]
