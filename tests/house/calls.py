"""Follows calls: which facts an act can state, what tests call."""

import ast
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from tests.house.source import functions, modules

Place = tuple[str, str]  # module, name


def _module(path: str) -> str:
    return path.removesuffix(".py").replace("/", ".").removesuffix(".__init__")


@cache
def imports(path: str) -> dict[str, Place]:
    """Return what the names of a module mean: local name → (module, name)."""
    here, found = _module(path).split("."), {}
    package = here if path.endswith("__init__.py") else here[:-1]
    for node in ast.walk(modules()[path]):
        if isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            source = ".".join([*above, *([node.module] if node.module else [])])
            for one in node.names:
                found[one.asname or one.name] = (source, one.name)
    return found


@cache
def defined() -> dict[Place, tuple[str, ast.AST]]:
    """Return every top-level function of the product by module and name."""
    return {(_module(path), name): (path, node) for path, tree in modules().items()
            for name, node in functions(tree) if "." not in name}


@cache
def called(place: Place) -> frozenset[Place]:
    """Return what a function calls directly, as far as its names tell."""
    path, node = defined()[place]
    names = imports(path)
    found = set()
    for one in ast.walk(node):
        if isinstance(one, ast.Name):
            found.add(names.get(one.id, (place[0], one.id)))
        elif isinstance(one, ast.Attribute) and isinstance(one.value, ast.Name) and one.value.id in names:
            module, name = names[one.value.id]
            found.add((f"{module}.{name}", one.attr))
    return frozenset(found)


def reached(start: Place) -> set[Place]:
    """Return everything a function can come to by calls."""
    seen: set[Place] = set()
    waiting = [start]
    while waiting:
        place = waiting.pop()
        if place in seen:
            continue
        seen.add(place)
        if place in defined():
            waiting += called(place)
    return seen


def circles(edges: dict[str, set[str]]) -> list[str]:
    """Return one circle of a graph as the names along it, or nothing."""
    done: set[str] = set()

    def visit(node: str, way: list[str]) -> list[str]:
        if node in way:
            return [*way[way.index(node):], node]
        if node in done:
            return []
        for one in sorted(edges.get(node, ())):
            if circle := visit(one, [*way, node]):
                return circle
        done.add(node)
        return []

    return next((circle for node in sorted(edges) if (circle := visit(node, []))), [])


def called_in(files: Iterable[Path]) -> set[str]:
    """Return the names of everything that is called in some files, methods and functions of modules by their last."""
    calls = [one.func for file in files for one in ast.walk(ast.parse(file.read_text("utf-8")))
             if isinstance(one, ast.Call)]
    return {one.id if isinstance(one, ast.Name) else one.attr for one in calls
            if isinstance(one, ast.Name | ast.Attribute)}
