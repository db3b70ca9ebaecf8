"""The page for the assessor is true: every clause stands there and every test it names exists."""

import ast
import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text("utf-8")
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)
CLAUSES = [f"8.1.4.{number}" for number in range(1, 12)] + [f"8.1.5.{number}" for number in range(1, 5)]


@cache
def functions_of(file):
    """Return the names of the test functions of a file."""
    path = ROOT / file
    if not path.exists():
        return frozenset()
    return frozenset(
        one.name for one in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(one, ast.FunctionDef)
    )


def sections():
    """Return each clause with the text under it."""
    parts = re.split(r"^## (8\.1\.\d\.\d+)", PAGE, flags=re.M)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_every_test_named_on_the_security_page_exists():
    assert [f"{file}::{name}" for file, name in NAMED if name not in functions_of(file)] == []
    assert len(NAMED) > 50


def test_every_clause_has_a_test_or_says_that_it_lies_outside():
    found = sections()
    assert list(found) == CLAUSES
    bare = [clause for clause, text in found.items() if "::test_" not in text and "**Outside**" not in text]
    assert bare == []


def test_every_file_of_security_tests_is_on_the_page():
    files = {f"tests/security/{one.name}" for one in (ROOT / "tests/security").glob("test_*.py")}
    assert files <= {file for file, _name in NAMED}
