"""Files, functions and views stay small, and what is too large today may only shrink."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

from tests.house.source import ROOT, code_lines, functions, length, modules, text

FILE, FUNCTION, VIEW, KERNEL = 400, 40, 25, 3000
BANNED = {
    "utils", "helpers", "common", "base", "manager", "handler", "process", "data", "info", "services", "selectors",
}
ALLOWED = tomllib.loads((ROOT / "tests/house/allowed.toml").read_text("utf-8"))


def within(found: dict[str, int], limit: int, allowed: dict[str, int]) -> list[str]:
    """Return what is too large and not allowed, has grown, or no longer needs its place on the list."""
    large = {name: size for name, size in found.items() if size > limit}
    wrong = [f"{name}: {size} lines, {allowed.get(name, limit)} allowed" for name, size in large.items()
             if size > allowed.get(name, limit)]
    return wrong + [f"{name}: take it off the list, or lower it to {found.get(name, 0)}"
                    for name, size in allowed.items() if found.get(name, 0) < size]


def test_files_have_at_most_400_lines():
    wrong = within({path: len(text(path).splitlines()) for path in modules()}, FILE, ALLOWED["files"])
    assert not wrong, "\n".join(wrong)


def is_view(path: str, name: str, node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    arguments = [one.arg for one in node.args.args]
    return "/web/" in path and "." not in name and arguments[:1] == ["request"]


def test_functions_have_at_most_40_lines_and_views_25():
    sizes, views = {}, {}
    for path, tree in modules().items():
        for name, node in functions(tree):
            (views if is_view(path, name, node) else sizes)[f"{path}:{name}"] = length(node)
    wrong = within(sizes, FUNCTION, ALLOWED["functions"]) + within(views, VIEW, ALLOWED["views"])
    assert not wrong, "\n".join(wrong)


def test_the_list_of_what_is_too_large_only_shrinks():
    assert within({"a": 50}, 40, {}) == ["a: 50 lines, 40 allowed"]
    assert within({"a": 51}, 40, {"a": 50}) == ["a: 51 lines, 50 allowed"]
    assert within({"a": 50}, 40, {"a": 50}) == []
    assert within({"a": 45}, 40, {"a": 50}) == ["a: take it off the list, or lower it to 45"]
    assert within({}, 40, {"a": 50}) == ["a: take it off the list, or lower it to 0"]


def test_the_kernel_has_at_most_3000_lines_of_code():
    """Blank lines, comments and docstrings are not counted, nor the suites that are run by tests."""
    found = {path: code_lines(path) for path in modules()
             if path.startswith("xinglin/kernel/") and not path.endswith("/conformance.py")}
    assert sum(found.values()) <= KERNEL, sorted(found.items(), key=lambda one: -one[1])[:12]


@pytest.mark.parametrize("path", modules())
def test_a_module_has_a_telling_name_and_opens_with_one_sentence(path):
    assert not {Path(path).stem, *Path(path).parent.parts} & BANNED
    if not text(path).strip():
        assert path.endswith("__init__.py")
        return
    opening = (ast.get_docstring(modules()[path]) or "").partition("\n\n")[0]
    assert opening and opening.rstrip().endswith((".", "。", ":", "：")), f"{path} opens with {opening!r}"


def test_public_functions_and_classes_say_what_they_do():
    silent = []
    for path, tree in modules().items():
        for node in tree.body:
            named = isinstance(node, ast.ClassDef | ast.FunctionDef) and not node.name.startswith("_")
            if named and not ast.get_docstring(node):
                silent.append(f"{path}:{node.name}")
    assert silent == []


def test_nothing_is_commented_out():
    code = re.compile(r"^\s*#\s*(def |class |import |from \w[\w.]* import |return |if .*:$|for .* in .*:$|\w+ = \w+\()")
    found = [f"{path}: {line.strip()}" for path in modules() for line in text(path).splitlines() if code.match(line)]
    assert found == []
