"""`xinglin new-engine NAME`: an engine with one noun, one act, one fact, one policy and tests that pass."""

import keyword
import re
import sys
from argparse import Namespace
from pathlib import Path
from typing import Any

BLANK = Path(__file__).resolve().parents[1] / "blank_engine"
ROOT = Path(__file__).resolve().parents[4]
# Template → where it goes inside the engine.
FILES = {
    "__init__.py": "__init__.py",
    "README.md": "README.md",
    "apps.py": "apps.py",
    "facts.py": "facts.py",
    "models.py": "models.py",
    "policy.py": "policy.py",
    "answers.py": "answers.py",
    "actions.py": "actions/__init__.py",
    "action.py": "actions/@@noun@@.py",
    "web.py": "web/__init__.py",
    "urls.py": "web/urls.py",
    "entries.py": "web/entries.py",
    "forms.py": "web/forms.py",
    "views.py": "web/views.py",
    "list.html": "web/templates/@@engine@@/@@nouns@@.html",
    "one.html": "web/templates/@@engine@@/@@noun@@.html",
    "record.html": "web/templates/@@engine@@/record.html",
    "migration.py": "migrations/0001_initial.py",
    "django.po": "locale/zh_Hans/LC_MESSAGES/django.po",
    "tests.py": "tests/__init__.py",
    "test.py": "tests/test_@@noun@@.py",
}
BANNED = {"utils", "helpers", "common", "base", "manager", "handler", "process", "data", "info", "record", "views"}
FLOORS = {"kernel", "shell", "directory", "mechanics", "programmes", "plans", "flows", "site", "lib", "engines"}


class NoEngine(Exception):
    """The engine cannot be made; the message says what would be right."""


def add(subjects: Any) -> None:
    """Add the command."""
    one = subjects.add_parser("new-engine", help="新建一个业务引擎的骨架 / write the skeleton of a new engine")
    one.add_argument("name", help="小写英文名词，如 events / a plain lower-case noun, such as events")
    one.add_argument("--noun", default="", help="第一种事物，如 meeting / its first noun, such as meeting")
    one.add_argument("--zh", default="事项", help="它的中文名，如 会议 / its Chinese name")
    one.set_defaults(run=make)


def make(given: Namespace) -> int:
    """Write the engine, register it and say what comes next."""
    try:
        made = write_engine(root=ROOT, name=given.name, noun=given.noun, zh=given.zh)
    except NoEngine as wrong:
        print(wrong, file=sys.stderr)
        return 1
    print(f"已建 / written: {made.relative_to(ROOT)}（已加入 settings.py、urls.py / registered）")
    print(f"接着 / next: .venv/bin/python -m pytest {made.relative_to(ROOT)}；xinglin docs；先写 README / README first")
    return 0


def write_engine(*, root: Path, name: str, noun: str = "", zh: str = "事项") -> Path:
    """Write src/xinglin/engines/NAME below a root and register it (NoEngine); nothing is written on a refusal."""
    noun = noun or (name[:-1] if name.endswith("s") and not name.endswith("ss") else name)
    plural = f"{noun}_list" if noun.endswith("s") else f"{noun}s"
    folder = root / "src/xinglin/engines" / name
    _check(folder, name, noun, zh)
    words = {"engine": name, "Engine": _camel(name), "noun": noun, "Noun": _camel(noun), "nouns": plural,
             "label": noun.replace("_", " "), "Label": noun.replace("_", " ").capitalize(),
             "labels": f"{noun}s".replace("_", " "), "Labels": f"{noun}s".replace("_", " ").capitalize(), "zh": zh}
    settings, urls = root / "src/xinglin/site/settings.py", root / "src/xinglin/site/urls.py"
    registered = {
        settings: _after_engines(settings, r'    "xinglin\.engines\.\w+",\n', f'    "xinglin.engines.{name}",\n'),
        urls: _after_engines(urls, r'    path\("[^"]*", include\("xinglin\.engines\..*\n',
                             f'    path("{name}/", include("xinglin.engines.{name}.web.urls")),\n')}
    for template, target in FILES.items():
        _write(folder / _filled(target, words), _filled((BLANK / f"{template}.txt").read_text("utf-8"), words))
    _write(folder / "migrations/__init__.py", "")
    for file, text in registered.items():
        file.write_text(text, "utf-8")
    _compile(folder / "locale/zh_Hans/LC_MESSAGES/django.po")
    return folder


def _check(folder: Path, name: str, noun: str, zh: str) -> None:
    for word in (name, noun):
        if not re.fullmatch(r"[a-z][a-z_]{1,28}[a-z]", word) or keyword.iskeyword(word):
            raise NoEngine(f"{word}：要小写英文名词，如 events / write a plain lower-case noun, such as events")
    if name in FLOORS | BANNED or noun in BANNED:
        raise NoEngine(f"{name}/{noun}：这个名字不用 / this name is not used for engines and nouns")
    if folder.exists():
        raise NoEngine(f"已有 {folder.name} / there is an engine {folder.name} already")
    if not re.search(r"[一-鿿]", zh):
        raise NoEngine(f"{zh}：要中文名 / give a Chinese name")


def _camel(word: str) -> str:
    return "".join(part.capitalize() for part in word.split("_"))


def _filled(text: str, words: dict[str, str]) -> str:
    return re.sub(r"@@(\w+?)@@", lambda found: words[found[1]], text)


def _after_engines(file: Path, line: str, added: str) -> str:
    """Return a file's text with a line added after the last one that registers an engine."""
    text = file.read_text("utf-8")
    places = list(re.finditer(line, text))
    if not places:
        raise NoEngine(f"{file.name}：找不到登记引擎的位置 / no place where engines are registered")
    at = places[-1].end()
    return text[:at] + added + text[at:]


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")


def _compile(catalogue: Path) -> None:
    """Compile the engine's words, so that it speaks Chinese at once."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with catalogue.open("rb") as source, catalogue.with_suffix(".mo").open("wb") as target:
        write_mo(target, read_po(source, locale="zh_Hans"))
