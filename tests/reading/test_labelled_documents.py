"""The reader keeps its promises on every labelled document and tells the truth about places."""

import json
import os
import re
from pathlib import Path

import pytest

from bench.reading import KINDS, labelled_documents, rates, score_all, scorer
from xinglin.plans.reading import Reading, read_file

_AROUND_DIGITS = re.compile(r"\s+(?=\d)|(?<=\d)\s+")
DOCUMENTS = [path for path, _ in labelled_documents()]


def assert_places_are_true(reading: Reading) -> None:
    printed = reading.as_json()
    assert printed["text_length"] == len(reading.text)
    assert not any(character.isspace() for character in reading.text)
    for entry in (*reading.targets, *reading.figures, *reading.editions, *reading.vague):
        assert entry.quote == reading.text[entry.start : entry.end] != ""
    for entry in reading.outline:
        assert 0 <= entry.start < entry.end <= len(reading.text)
        assert entry.level == len(entry.path)
    starts = [entry.start for entry in reading.outline]
    assert starts == sorted(starts)
    json.dumps(printed)


def test_the_promised_quality_holds_over_all_documents() -> None:
    totals, taken = score_all()
    assert taken == []
    assert rates(totals["outline"])[2] >= 0.97
    for kind in KINDS[1:]:
        precision, recall, _ = rates(totals[kind])
        assert precision >= 0.9 and recall >= 0.9, kind


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_every_quote_stands_where_it_says(path: Path) -> None:
    assert_places_are_true(read_file(path=path))


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_front_matter_is_read(path: Path) -> None:
    labels = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    printed = read_file(path=path).as_json()
    # labellers write “2026 年” and “2026年”: how a title is spaced around its digits is no difference
    assert _AROUND_DIGITS.sub("", str(printed["title"])) == _AROUND_DIGITS.sub("", labels["title"])
    for key in ("organisation", "years", "doc_type", "text_length"):
        assert printed[key] == labels[key], key


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_the_paragraphs_cover_the_text_in_order(path: Path) -> None:
    reading = read_file(path=path)
    covered = set()
    for paragraph in reading.paragraphs:
        covered.update(range(paragraph.start, paragraph.end))
        assert paragraph.kind in ("title", "heading", "item", "para", "table", "furniture")
    assert covered == set(range(len(reading.text)))


def test_the_score_notices_a_missed_target() -> None:
    path, labels = next((path, labels) for path, labels in labelled_documents() if len(labels["targets"]) > 5)
    printed = read_file(path=path).as_json()
    printed["targets"] = printed["targets"][1:]  # type: ignore[index]
    result = scorer().score(reading=printed, labels=labels)
    assert result["targets"]["hits"] < result["targets"]["labelled"]


def test_confidence_stays_out_of_the_printed_object() -> None:
    reading = read_file(path=DOCUMENTS[0])
    target = reading.targets[0]
    assert 0 < target.confidence <= 1 and target.reasons
    assert set(target.as_json()) == {
        "path", "quote", "object", "value_min", "value_max", "unit", "modality",
        "deadline", "deadline_source", "kind", "start", "end",
    }  # fmt: skip


PLANS = os.environ.get("XINGLIN_PLANS")


@pytest.mark.skipif(not PLANS, reason="XINGLIN_PLANS names no folder with the associations' own documents")
def test_the_real_documents_are_read_as_by_hand() -> None:
    counts = {}
    for path in sorted(Path(PLANS or "").glob("*.txt")):
        reading = read_file(path=path)
        assert_places_are_true(reading)
        counts[path.name.split("-")[1]] = reading
    hospital, medical, doctors = counts["hospital"], counts["medical"], counts["doctors"]
    assert sorted(each.value_min or 0 for each in hospital.targets) == [1, 11, 11, 11, 13, 25]
    assert len(hospital.editions) == 20 and hospital.figures == () and len(hospital.vague) == 2
    assert [(each.value_min, each.unit) for each in medical.targets] == [(30, "个")]
    assert medical.editions == () and medical.figures == ()
    assert doctors.targets == () and doctors.years == (2020, 2021) and doctors.doc_type == "summary+plan"
    assert [len(each.outline) for each in (hospital, medical, doctors)] == [80, 10, 18]
    assert len(doctors.figures) == 45 and [each.edition for each in doctors.editions] == [24, 5, 12, 4, 6, 3]
