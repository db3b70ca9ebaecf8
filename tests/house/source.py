"""Reads the product's own source once, for the tests of the house."""

import ast
import io
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "xinglin"
Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def modules() -> dict[str, ast.Module]:
    """Return every module of the product, without migrations, by its path below src/."""
    found = {}
    for file in sorted(SOURCE.rglob("*.py")):
        if "migrations" not in file.parts and "tests" not in file.parts:
            found[str(file.relative_to(SOURCE.parent))] = ast.parse(file.read_text("utf-8"))
    return found


def text(path: str) -> str:
    """Return the text of a module."""
    return (SOURCE.parent / path).read_text("utf-8")


def functions(tree: ast.AST, prefix: str = "") -> Iterator[tuple[str, Function]]:
    """Yield every function of a tree with its dotted name."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, Function):
            yield f"{prefix}{node.name}", node
        if isinstance(node, Function | ast.ClassDef):
            yield from functions(node, f"{prefix}{node.name}.")
        elif not isinstance(node, ast.expr):
            yield from functions(node, prefix)


def length(node: Function) -> int:
    """Return how many lines a function has, decorators and docstring left out."""
    lines = (node.end_lineno or node.lineno) - node.lineno + 1
    if ast.get_docstring(node):
        said = node.body[0]
        lines -= (said.end_lineno or said.lineno) - said.lineno + 1
    return lines


def code_lines(path: str) -> int:
    """Return how many lines of a module hold code: not blank, no comment, no docstring."""
    quiet = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
    told: set[int] = set()
    for node in ast.walk(modules()[path]):
        if isinstance(node, ast.Module | ast.ClassDef | Function) and ast.get_docstring(node):
            told |= set(range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1))
    code: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(text(path)).readline):
        if token.type not in quiet:
            code |= set(range(token.start[0], token.end[0] + 1))
    return len(code - told)
