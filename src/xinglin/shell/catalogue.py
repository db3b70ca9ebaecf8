"""Catalogues of words: gathers strings of an app, compiles them and checks that the Chinese is complete.

`python -m xinglin.shell.catalogue extract APP | compile | check | clashes`. Needs no gettext: Babel
reads and writes the files; templates are read with Django's own lexer, so that what Django translates is what
is gathered.
"""

import os
import re
import sys
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path

import django
from babel.messages import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

PACKAGE = Path(__file__).resolve().parents[1]
LANGUAGE = "zh_Hans"
FILE = Path("locale") / LANGUAGE / "LC_MESSAGES" / "django.po"
_KEYWORDS = {
    "_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None, "N_": None,
    "ngettext": (1, 2), "ngettext_lazy": (1, 2), "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3), "npgettext_lazy": ((1, "c"), 2, 3),
}
_NAMED = re.compile(r"%\((\w+)\)[a-z]|\{(\w+)\}")
_TEMPLATES = (".html", ".txt")
_CALL = re.compile(r"\b(?:gettext|ngettext|pgettext|npgettext|_)\(")

# One string found: file and line, singular, plural, context.
Found = tuple[str, int, str, str, str]


def apps() -> list[Path]:
    """Return the folders of apps that keep a catalogue."""
    return sorted({file.parents[3] for file in PACKAGE.rglob("locale/*/LC_MESSAGES/django.po")})


def folder_of(name: str) -> Path:
    """Return the folder of an app named shell, directory/security or engines/worklog (SystemExit)."""
    folder = PACKAGE / name.replace(".", "/").removeprefix("xinglin/")
    if not folder.is_dir():
        raise SystemExit(f"{name}: no such app under src/xinglin; write shell, directory/security, engines/worklog")
    return folder


def files_of(folder: Path) -> Iterator[Path]:
    """Return the sources of an app, without apps inside it that keep a catalogue of their own."""
    inner = [one.parent for one in folder.rglob("apps.py") if one.parent != folder]
    for file in sorted(folder.rglob("*")):
        apart = any(one in file.parents for one in inner) or {"tests", "migrations"} & set(file.parts)
        if file.suffix in (".py", *_TEMPLATES) and not apart:
            yield file


def strings_of(file: Path) -> Iterator[Found]:
    """Return every translatable string of one source."""
    name = file.relative_to(PACKAGE.parent).as_posix()
    if file.suffix == ".py":
        yield from _python(file.read_bytes(), name)
    elif "templates" in file.parts:
        yield from _template(file.read_text("utf-8"), name)


def _python(source: bytes, name: str) -> Iterator[Found]:
    found = extract_python(BytesIO(source), list(_KEYWORDS), [], {"encoding": "utf-8"})
    for line, function, given, _comments in found:
        words = list(given) if isinstance(given, tuple | list) else [given]
        yield from _message(name, line, function, words)


def _message(name: str, line: int, function: str, words: list[str | None]) -> Iterator[Found]:
    """Turn the arguments of one call into a string with plural and context; computed arguments yield nothing."""
    plain = function.removesuffix("_lazy")
    wanted = {"ngettext": 2, "pgettext": 2, "npgettext": 3}.get(plain, 1)
    given = words[:wanted]
    if len(given) < wanted or not all(given):
        return
    context = str(given.pop(0)) if "pgettext" in plain else ""
    yield name, line, str(given[0]), str(given[1]) if plain.startswith("n") else "", context


def _template(source: str, name: str) -> Iterator[Found]:
    """Read a template as Django does: `templatize` turns its tags into calls, which are read as Python."""
    from django.utils.translation.template import templatize  # noqa: PLC0415 - needs settings

    for number, line in enumerate(_calls(templatize(source, origin=name)), start=1):
        yield from ((name, number, *rest) for _n, _l, *rest in _python(line.encode(), name))


def _calls(source: str) -> Iterator[str]:
    """Return the calls that templatize wrote, one per string; everything else it blanks out with X."""
    at = 0
    while (found := _CALL.search(source, at)) is not None:
        end = _closing(source, found.end())
        yield re.sub(r"\bu(?=['\"])", "", source[found.start():end])
        at = end


def _closing(source: str, start: int) -> int:
    """Return the place after the bracket that closes a call, quotes respected."""
    depth, quote, at = 1, "", start
    while at < len(source) and depth:
        sign = source[at]
        if quote:
            if sign == "\\":
                at += 1
            elif sign == quote:
                quote = ""
        elif sign in "'\"":
            quote = sign
        else:
            depth += {"(": 1, ")": -1}.get(sign, 0)
        at += 1
    return at


def read(file: Path) -> Catalog:
    """Return a catalogue, empty when there is none yet."""
    if not file.exists():
        return Catalog(locale=LANGUAGE, fuzzy=False)
    with file.open("rb") as stream:
        return read_po(stream, locale=LANGUAGE)


def extract(name: str) -> tuple[int, int, int]:
    """Renew an app's catalogue: returns strings in all, new ones, ones no longer used (taken out)."""
    folder = folder_of(name)
    file = folder / FILE
    old = read(file)
    new = Catalog(locale=LANGUAGE, charset="utf-8", fuzzy=False)
    fresh = 0
    for place, _line, single, plural, context in _all(folder):
        kept = old.get(single, context or None)
        key: str | tuple[str, str] = (single, plural) if plural else single
        fits = kept is not None and bool(kept.pluralizable) == bool(plural)
        said = kept.string if fits else (("",) if plural else "")
        fresh += kept is None and new.get(single, context or None) is None
        flags = ("python-format",) if "%(" in single else ()
        new.add(key, said, locations=[(place, 0)], flags=flags, context=context or None)
    gone = sum(1 for one in old if one.id and new.get(_single(one), one.context) is None)
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as stream:
        write_po(stream, new, width=100, include_lineno=False, sort_output=False, omit_header=False)
    _tidy(file)
    return len(new), fresh, gone


def _tidy(file: Path) -> None:
    """Drop head lines that change with every run and say nothing."""
    gone = ("POT-Creation-Date", "PO-Revision-Date", "Last-Translator", "Report-Msgid", "Project-Id", "Generated-By",
            "Language-Team")
    text = file.read_text("utf-8").splitlines(keepends=True)
    lines = [line for line in text if not line.startswith(tuple(f'"{one}' for one in gone))]
    body = "".join(lines)
    file.write_text(body[body.index('msgid ""'):], "utf-8")


def _all(folder: Path) -> Iterator[Found]:
    for file in files_of(folder):
        yield from strings_of(file)


def _single(message: Message) -> str:
    return message.id[0] if isinstance(message.id, tuple | list) else message.id


def compile_all() -> int:
    """Write the .mo beside every .po and return how many."""
    files = sorted(PACKAGE.rglob("locale/*/LC_MESSAGES/django.po"))
    for file in files:
        with file.with_suffix(".mo").open("wb") as stream:
            write_mo(stream, read(file))
    return len(files)


def problems(folder: Path) -> Iterator[str]:
    """Return what keeps an app's Chinese from being complete."""
    catalogue, label = read(folder / FILE), (folder / FILE).relative_to(PACKAGE.parent)
    for place, _line, single, plural, context in _all(folder):
        if catalogue.get(single, context or None) is None:
            yield f"{label}: missing “{single}” ({place})"
        elif plural and not catalogue.get(single, context or None).pluralizable:
            yield f"{label}: “{single}” has a plural in {place}; extract again"
    for message in catalogue:
        if message.id:
            yield from (f"{label}: {what} “{_single(message)}”" for what in _wrong(message))


def _wrong(message: Message) -> Iterator[str]:
    said = message.string if isinstance(message.string, tuple | list) else (message.string,)
    if message.fuzzy:
        yield "fuzzy"
    if not said or not all(said):
        yield "not translated"
        return
    wanted = _placeholders(message.id if isinstance(message.id, tuple | list) else (message.id,))
    for one in said:
        if unknown := _placeholders((one,)) - wanted:
            yield f"knows no {', '.join(sorted(unknown))} in"
        # The number of a plural may be left unsaid; everything else must be said.
        if not message.pluralizable and (lost := wanted - _placeholders((one,))):
            yield f"loses {', '.join(sorted(lost))} of"


def _placeholders(texts: Iterable[str]) -> set[str]:
    return {name or braced for text in texts for name, braced in _NAMED.findall(text)}


def clashes() -> list[str]:
    """Return strings without context that two apps translate differently: Django shows only one of them."""
    said: dict[tuple[str, str], dict[str, list[str]]] = {}
    for folder in apps():
        for message in read(folder / FILE):
            text = message.string[0] if isinstance(message.string, tuple | list) else message.string
            if message.id and text:
                of = said.setdefault((_single(message), message.context or ""), {})
                of.setdefault(text, []).append(folder.relative_to(PACKAGE).as_posix())
    return [f"“{single}”: " + "; ".join(f"{text} ({', '.join(where)})" for text, where in of.items())
            for (single, _context), of in sorted(said.items()) if len(of) > 1]


def check(names: list[str]) -> list[str]:
    """Return all problems of the named apps, or of every app that keeps a catalogue."""
    folders = [folder_of(name) for name in names] or apps()
    return [problem for folder in folders for problem in problems(folder)]


def main(given: list[str]) -> int:
    """Run one command of the catalogue and return the exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xinglin.site.settings")
    command, names = (given[0] if given else ""), given[1:]
    if command == "compile":
        print(f"{compile_all()} catalogues")
        return 0
    if command == "clashes":
        print("\n".join(clashes()) or "none")
        return 0
    if command not in ("extract", "check") or (command == "extract" and not names):
        print(__doc__)
        return 2
    django.setup()
    if command == "extract":
        for name in names:
            total, fresh, gone = extract(name)
            print(f"{name}: {total} strings, {fresh} new, {gone} taken out")
        return 0
    found = check(names)
    print("\n".join(found) or "complete")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
