"""Catalogues: everything said is gathered, and the Chinese of every app is complete."""

import pytest
from babel.messages import Catalog

from xinglin.shell import catalogue


@pytest.mark.parametrize("app", [str(one.relative_to(catalogue.PACKAGE)) for one in catalogue.apps()])
def test_an_app_is_complete_in_chinese(app):
    assert catalogue.check([app]) == []


def test_every_app_with_words_is_looked_at_and_no_two_say_one_string_differently():
    assert len(catalogue.apps()) >= 8
    assert catalogue.clashes() == []


@pytest.fixture
def app(tmp_path, monkeypatch):
    """A small app with strings in Python and in a template."""
    monkeypatch.setattr(catalogue, "PACKAGE", tmp_path / "xinglin")
    folder = tmp_path / "xinglin" / "trial"
    (folder / "templates").mkdir(parents=True)
    (folder / "views.py").write_text(
        'from x import gettext as _, ngettext, pgettext\n'
        'A = _("One " "sentence")\nB = ngettext("%(n)s row", "%(n)s rows", 2)\nC = pgettext("verb", "Open")\n'
        'D = _(f"never {A}")\n')
    (folder / "templates" / "page.html").write_text(
        '{% translate "Title" %}{% translate "Open" context "adjective" %}{% blocktranslate count n=n trimmed %}\n'
        '  {{ n }} person\n{% plural %}\n  {{ n }} people\n{% endblocktranslate %}{% status "ok" _("Fine (really)") %}')
    return folder


def gathered(folder):
    return {(single, plural, context) for _p, _l, single, plural, context in catalogue._all(folder)}


def test_strings_are_gathered_from_python_and_templates(app):
    assert gathered(app) == {
        ("One sentence", "", ""), ("%(n)s row", "%(n)s rows", ""), ("Open", "", "verb"), ("Title", "", ""),
        ("Open", "", "adjective"), ("%(n)s person", "%(n)s people", ""), ("Fine (really)", "", "")}


def test_extracting_keeps_what_was_translated_and_drops_what_is_gone(app):
    assert catalogue.extract("trial") == (7, 7, 0)
    file = app / catalogue.FILE
    file.write_text(file.read_text().replace('msgid "Title"\nmsgstr ""', 'msgid "Title"\nmsgstr "题名"'))
    (app / "views.py").write_text("")
    assert catalogue.extract("trial") == (4, 0, 3)
    assert catalogue.read(file).get("Title").string == "题名"
    assert catalogue.extract("trial") == (4, 0, 0)


def test_checking_names_what_is_missing_fuzzy_or_mismatched(app):
    catalogue.extract("trial")
    said = "\n".join(catalogue.check(["trial"]))
    assert "not translated “Title”" in said and said.count("not translated") == 7
    (app / "views.py").write_text('from x import gettext as _\nE = _("New here")\n')
    assert "missing “New here”" in "\n".join(catalogue.check(["trial"]))


@pytest.mark.parametrize(("given", "said", "wrong"), [
    ("Hello %(name)s", "%(name)s好", []), ("Hello %(name)s", "好", ["loses name of"]),
    ("Hello", "%(name)s好", ["knows no name in"]), (("%(n)s row", "%(n)s rows"), ("若干行",), []),
    (("%(n)s row", "%(n)s rows"), ("%(x)s行",), ["knows no x in"]), ("{size} left", "余 {size}", []),
])
def test_placeholders_agree(given, said, wrong):
    message = Catalog(locale="zh_Hans").add(given, said)
    assert list(catalogue._wrong(message)) == wrong


def test_a_catalogue_compiles_without_gettext(app):
    import gettext

    catalogue.extract("trial")
    file = app / catalogue.FILE
    file.write_text(file.read_text().replace('msgid "Title"\nmsgstr ""', 'msgid "Title"\nmsgstr "题名"'))
    assert catalogue.compile_all() == 1
    with file.with_suffix(".mo").open("rb") as stream:
        assert gettext.GNUTranslations(stream).gettext("Title") == "题名"


def test_two_apps_that_say_one_string_differently_are_named(app, monkeypatch):
    for name, said in (("trial", "题名"), ("other", "标题")):
        file = app.parent / name / catalogue.FILE
        file.parent.mkdir(parents=True, exist_ok=True)
        head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n'
        file.write_text(f'{head}\nmsgid "Title"\nmsgstr "{said}"\n')
    assert catalogue.clashes() == ["“Title”: 标题 (other); 题名 (trial)"]
