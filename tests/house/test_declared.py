"""What is not declared, documented and exercised does not exist."""

import inspect
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from tests.house.calls import called_in, circles, reached
from tests.house.source import ROOT, SOURCE, modules, text
from xinglin.kernel.acts import acts
from xinglin.kernel.facts import fact_types
from xinglin.kernel.flows import flows
from xinglin.kernel.ports import null_answer, ports
from xinglin.kernel.ports.conformance import suites
from xinglin.kernel.regulations import load
from xinglin.kernel.scheduler import schedules
from xinglin.shell.naming import field_words
from xinglin.shell.panels import PAGES
from xinglin.site.documenting import render_all

ACTS = {name: one for name, one in acts().items() if name.startswith("xinglin.")}
FACTS = {name: one for name, one in fact_types().items() if one.__module__.startswith("xinglin.")}
MODELS = [one for one in apps.get_models() if one.__module__.startswith("xinglin.")]
PORTS = {name: one for name, (one, _) in ports().items() if one.__module__.startswith("xinglin.")}
# An act is exercised when a test, or what tests share, calls it: its name in an import or in a sentence is not enough.
CALLED = called_in(file for folder in (ROOT / "tests", ROOT / "src") for file in folder.rglob("*.py")
                   if "tests" in file.parts)
# What is about a person wherever it stands.
PERSONAL = re.compile(
    r"(full_|given_|family_|contact_)?name_of_person|full_name|given_name|family_name|mobile|phone|telephone|e?mail"
    r"|id_number|identity_number|document_number|passport|born_on|birth(day|_date)?|gender|sex|bank_account|wechat")


@pytest.mark.parametrize("page", ["facts", "ports", "flows", "settings", "regulations", "personal"])
def test_the_generated_page_is_fresh(page):
    file = ROOT / "docs" / f"{page}.md"
    fresh = render_all()[f"docs/{page}.md"]
    assert file.exists() and file.read_text("utf-8") == fresh, f"docs/{page}.md is stale: run `xinglin docs`"


@pytest.mark.parametrize("page", PAGES)
def test_a_page_that_takes_panels_draws_them(page):
    drawn = {f'{{% panels_of "{page}"', f'rendered(page="{page}"'}
    files = [one for kind in ("*.html", "*.py") for one in SOURCE.rglob(kind)]
    assert any(words in file.read_text("utf-8") for file in files for words in drawn)


@pytest.mark.parametrize("name", ACTS)
def test_an_act_takes_by_and_on_by_keyword_and_is_exercised(name):
    parameters = inspect.signature(ACTS[name]).parameters
    assert list(parameters)[:2] == ["by", "on"]
    # `**given` is allowed where the act itself refuses names it does not know.
    assert {one.kind for one in parameters.values()} <= {inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.VAR_KEYWORD}
    assert inspect.getdoc(ACTS[name]), "an act says what it does"
    assert ".actions." in name, "acts live in actions/"
    assert name.rpartition(".")[2] in CALLED, f"no test calls {name}"


def test_only_a_call_is_a_call(tmp_path):
    (tmp_path / "test_it.py").write_text("from x import award\nassert 'revoke' in award_all(actions.grant(by=1))\n")
    assert called_in([tmp_path / "test_it.py"]) == {"award_all", "grant"}


@pytest.mark.parametrize("type_", FACTS)
def test_a_fact_has_labels_in_both_languages_and_is_stated_somewhere(type_):
    fact = FACTS[type_]
    assert re.search(r"[一-鿿]", fact.VOCABULARY.zh) and re.search(r"[A-Za-z]", fact.VOCABULARY.en)
    for noun in fact.VOCABULARY.nouns:
        assert re.search(r"[一-鿿]", noun.zh) and noun.en and noun.units, f"{type_}: {noun}"
    # Acts state it, some through a module that words it for them; naming the type in a query is not stating.
    places = [path for path in modules() if not path.endswith("/facts.py")]
    stated = [path for path in places if re.search(rf"\b{fact.__name__}\b(?!\.TYPE)", text(path))]
    assert stated, f"nobody states {type_}"


@pytest.mark.parametrize("type_", FACTS)
def test_each_field_of_a_fact_has_a_name_in_both_languages(type_):
    fact = FACTS[type_]
    said = {one.field for one in (*fact.VOCABULARY.dimensions, *fact.VOCABULARY.quantities)}
    nameless = {name for name in (*dict(fact.WRITERS), *fact.ANNEXED) if name not in said and not (
        len(words := field_words().get(name, [])) == 2 and re.search(r"[一-鿿]", words[0]))}
    assert not nameless, f"{type_}: name them in shell/fields.yaml"


def test_an_engine_has_at_most_25_facts():
    engines = [type_.partition(".")[0] for type_ in FACTS]
    assert {engine: engines.count(engine) for engine in engines if engines.count(engine) > 25} == {}


def stated_by(act: str) -> set[str]:
    """Return the types of the facts an act can state, itself or through what it calls."""
    module, _, name = act.rpartition(".")
    by_place = {(fact.__module__, fact.__name__): type_ for type_, fact in FACTS.items()}
    return {by_place[place] for place in reached((module, name)) if place in by_place}


def test_the_acts_that_are_followed_state_what_they_state():
    assert stated_by("xinglin.kernel.actions.numbering.issue_number") == {"kernel.number.issued"}
    assert stated_by("xinglin.kernel.actions.files.detach_file") == {"kernel.file.detached"}


def test_flows_never_go_round_in_circles():
    edges: dict[str, set[str]] = {}
    for one in flows().values():
        edges.setdefault(one.trigger.TYPE, set()).update(stated_by(one.act))
    assert circles(edges) == []


def test_a_circle_would_be_found():
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"b"}}) == ["b", "c", "b"]
    assert circles({"a": {"b", "c"}, "b": {"c"}}) == []


@pytest.mark.parametrize("name", flows())
def test_a_flow_is_one_short_file_named_as_its_sentence(name):
    run = flows()[name].run
    file = Path(inspect.getfile(run))
    assert file.stem == name and inspect.getdoc(run)
    assert len(file.read_text("utf-8").splitlines()) <= 60


@pytest.mark.parametrize("name", PORTS)
def test_a_port_has_a_meaning_a_null_answer_and_a_suite(name):
    port = PORTS[name]
    assert inspect.getdoc(port) and inspect.getdoc(null_answer(port))
    assert port in suites(), f"{name} has no conformance suite"


@pytest.mark.parametrize("name", sorted(settings.XINGLIN_OPTIONS))
def test_a_setting_says_what_it_is_for_in_both_languages(name):
    option = settings.XINGLIN_OPTIONS[name]
    assert re.fullmatch(r"XINGLIN_[A-Z0-9_]+", name)
    assert option.zh and option.en


def test_every_regulation_loads_and_every_one_read_exists():
    rules = load(Path(settings.REGULATIONS))
    read = re.compile(r"\b(?:value|regulation)\(\s*\"([A-Z]{1,2}\d+[a-z]?(?:\.[a-z_]+)?)\"")
    used = {key for path in modules() for key in read.findall(text(path))}
    assert used - set(rules) == set()
    assert {"X2.form", "X5.roll"} <= set(rules)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_a_model_declares_its_personal_fields(model):
    fields = {field.name for field in model._meta.get_fields()}
    declared = set(getattr(model, "PERSONAL", ()))
    assert declared <= fields, "PERSONAL names fields that do not exist"
    assert {name for name in fields if PERSONAL.fullmatch(name)} <= declared
    if "name" in fields and any(field in fields for field in ("born_on", "mobile", "gender", "person")):
        assert "name" in declared


@pytest.mark.parametrize("name", schedules())
def test_a_schedule_is_named_for_its_floor_and_says_what_it_does(name):
    one = schedules()[name]
    assert re.fullmatch(r"[a-z_]+(\.[a-z_]+)+", name)
    assert inspect.getdoc(one.run)
    takes = ["on"] if one.at else []
    assert list(inspect.signature(one.run).parameters) == takes, "nightly work takes on=, interval work nothing"
