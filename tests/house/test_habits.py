"""Habits that keep the house in order: one clock, no signals, nothing inline, prepared words."""

import ast
import re

import pytest

from tests.house.source import SOURCE, modules

CLOCKS = {("timezone", "now"), ("timezone", "localdate"), ("timezone", "localtime"), ("date", "today"),
          ("datetime", "now"), ("datetime", "today"), ("datetime", "utcnow"), ("time", "time")}
# Signals of Django and its companions may be listened to; modules of ours never signal each other.
LISTENERS = {"xinglin/directory/security/"}
TEMPLATES = sorted(SOURCE.rglob("templates/**/*.html"))


def reads_clock(node: ast.AST) -> bool:
    """Say whether a call asks for the time; converting a given moment is none."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return False
    owner = node.func.value
    name = owner.id if isinstance(owner, ast.Name) else owner.attr if isinstance(owner, ast.Attribute) else ""
    asks = (name, node.func.attr) in CLOCKS
    return asks and not (node.func.attr in {"localdate", "localtime"} and node.args)


def test_only_the_clock_reads_the_clock():
    found = [f"{path}:{node.lineno}" for path, tree in modules().items() if path != "xinglin/kernel/clock.py"
             for node in ast.walk(tree) if reads_clock(node)]
    assert found == []


def test_the_test_of_the_clock_sees_what_it_looks_for():
    calls = ["timezone.now()", "django.utils.timezone.now()", "date.today()", "timezone.localtime()"]
    assert all(reads_clock(ast.parse(call).body[0].value) for call in calls)
    assert not reads_clock(ast.parse("timezone.localtime(now)").body[0].value)


def test_no_django_signals_between_our_modules():
    found = []
    for path, tree in modules().items():
        imported = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        imported |= {one.name for node in ast.walk(tree) if isinstance(node, ast.Import) for one in node.names}
        signals = any(name == "django.dispatch" or name.rpartition(".")[2] == "signals" for name in imported)
        if signals and not any(path.startswith(one) for one in LISTENERS):
            found.append(path)
    assert found == []


INLINE = {
    "script without src": re.compile(r"<script(?![^>]*\ssrc=)[^>]*>", re.I),
    "style element": re.compile(r"<style[\s>]", re.I),
    "style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.I),
    "event attribute": re.compile(r"<[^>]*\s(on[a-z]+|hx-on[:a-z-]*)\s*=", re.I),
    "script address": re.compile(r"=\s*[\"']?\s*javascript:", re.I),
    "foreign address": re.compile(r"<(script|link|img|iframe)[^>]*(src|href)\s*=\s*[\"']?(https?:)?//", re.I),
}
# A block of data for scripts is no script: <script type="application/json">, written by json_script.
TAGS = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}", re.S)
DATA = re.compile(r"<script[^>]*type=[\"']application/json[\"'][^>]*>", re.I)


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: str(file.relative_to(SOURCE)))
def test_a_template_has_no_inline_script_or_style(file):
    text = DATA.sub("", TAGS.sub("", file.read_text("utf-8")))
    assert {what: found.group() for what, pattern in INLINE.items() if (found := pattern.search(text))} == {}


@pytest.mark.parametrize(("html", "what"), [
    ("<script>x()</script>", "script without src"),
    ("<style>p{}</style>", "style element"),
    ('<p style="color:red">', "style attribute"),
    ('<a onclick="x()">', "event attribute"),
    ('<a hx-on:click="x()">', "event attribute"),
    ('<a href="javascript:x()">', "script address"),
    ('<script src="https://cdn.example/x.js">', "foreign address"),
])
def test_the_test_of_templates_sees_what_it_looks_for(html, what):
    assert INLINE[what].search(html)


def test_there_are_templates_to_look_at():
    assert len(TEMPLATES) > 0


FORM = re.compile(r"<form\b[^>]*method=\"post\"[^>]*>.*?</form>", re.I | re.S)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_what_is_sent_bears_the_token_that_a_browser_needs(path):
    """The client of the tests asks for none, so only a browser would notice."""
    forms = FORM.findall(path.read_text("utf-8"))
    assert [one[:120] for one in forms if "{% csrf_token %}" not in one and "csrf" not in one] == []
