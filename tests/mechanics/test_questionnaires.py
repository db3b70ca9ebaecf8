"""Questionnaires: what a definition may say, what a form asks of whom, what it refuses and what it only warns of."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from xinglin.lib.identity import check_digit
from xinglin.lib.marked_yaml import SourceError
from xinglin.mechanics.questionnaires.answers import keep_files, packed, told, unpacked
from xinglin.mechanics.questionnaires.definition import kept_questionnaire, load_questionnaire, offer_list
from xinglin.mechanics.questionnaires.forms import answers_form

DAY = date(2026, 3, 2)
ADULT = "11010519491231002X"
TWELVE = "11010520140101123" + check_digit(body="11010520140101123")

WHOLE = """\
code: trial
zh: 试用
en: Trial
sections:
  - code: who
    zh: 本人
    en: Yourself
    questions:
      - {code: name, zh: 姓名, en: Name, kind: text, required: true}
      - code: document
        zh: 证件类型
        en: Document
        kind: choice
        required: true
        options: [{code: resident_id, zh: 居民身份证, en: Card}, {code: foreign_passport, zh: 护照, en: Passport}]
      - {code: born_on, zh: 出生日期, en: Born on, kind: date, with: {least_age: M1.least_age}}
      - code: number
        zh: 证件号码
        en: Number
        kind: identity_number
        required: true
        with: {document: document, born: born_on, least_age: M1.least_age}
      - code: nationality
        zh: 国籍
        en: Nationality
        kind: text
        required: true
        show_when: {document: foreign_passport}
      - {code: doctor, zh: 医师, en: Physician, kind: yes_no, required: true}
      - {code: licence, zh: 执业证书编号, en: Licence, kind: practice_licence, required: true, show_when: {doctor: yes}}
      - {code: certificate, zh: 资格证书编号, en: Certificate, kind: qualification, with: {identity: number},
         show_when: {doctor: true}}
      - {code: paper, zh: 证书, en: Certificate, kind: file, required: true, show_when: {doctor: true},
         with: {accept: [.pdf]}}
      - {code: mobile, zh: 手机, en: Mobile, kind: mobile}
      - {code: hours, zh: 学时, en: Hours, kind: whole_number, with: {least: 0, most: 100, unit: 学时}}
      - {code: fields, zh: 专业, en: Fields, kind: many, options_of: trial_fields}
      - {code: vouching, zh: 推荐人, en: Vouching, kind: people, with: {most: M1.recommenders}}
"""


@pytest.fixture(autouse=True)
def fields():
    offer_list("trial_fields", lambda on: [("a", "内科"), ("b", "外科")])


@pytest.fixture
def write(tmp_path):
    def make(text=WHOLE):
        file = tmp_path / "trial.yaml"
        file.write_text(text, "utf-8")
        return load_questionnaire(file=file)

    return make


@pytest.fixture
def form(db, write):
    def make(files=None, kept=None, **said):
        given = {"name": "王小明", "document": "resident_id", "number": ADULT, "doctor": "no", **said}
        return answers_form(write(), on=DAY)(given, files, kept=kept)

    return make


@pytest.mark.parametrize(("before", "after", "said"), [
    ("kind: practice_licence", "kind: practise_licence", "practice_licence would be right"),
    ("show_when: {doctor: yes}", "show_when: {docter: yes}", "doctor would be right"),
    ("document: foreign_passport}", "document: foreign_pasport}", "foreign_passport would be right"),
    ("show_when: {document: foreign_passport}", "show_when: {name: 王}", "conditions ask choice"),
    ("options_of: trial_fields", "options_of: trial_field", "trial_fields would be right"),
    ("M1.recommenders", "M1.recommender", "no regulation M1.recommender"),
    ("identity: number", "identity: numbr", "number would be right"),
    ("en: Mobile, kind: mobile", "en: Mobile, kind: mobile, requird: true", "required would be right"),
    ("code: mobile", "code: name", "name stands twice"),
    ("zh: 手机", "zh: '{{ 手机 }}'", "expressions"),
    ("kind: mobile", "kind: mobile, options: [{code: a, zh: 甲, en: A}]", "takes no options"),
    ("options_of: trial_fields", "help: {zh: 选, en: Pick}", "options or options_of is missing"),
])
def test_an_error_names_file_line_and_what_would_be_right(write, before, after, said):
    line = WHOLE[:WHOLE.index(before)].count("\n") + 1
    with pytest.raises(SourceError, match=said) as wrong:
        write(WHOLE.replace(before, after, 1))
    assert str(wrong.value).startswith(f"trial.yaml:{line}:")


def test_the_digest_changes_with_every_word_and_a_kept_definition_is_the_same(write):
    first = write()
    assert write().digest == first.digest
    assert write(WHOLE.replace("手机", "手机号")).digest != first.digest
    assert kept_questionnaire(first.content).digest == first.digest


def test_clean_gives_typed_answers_to_what_was_asked(form):
    one = form(born_on="1949年12月31日", mobile="+86 138 0000 1234", hours="１２", fields=["b"],
               vouching_0_number="2026-000001", vouching_0_name="李小红", nationality="法国", licence="x")
    assert one.is_valid(), one.errors
    assert one.cleaned_data == {
        "name": "王小明", "document": "resident_id", "born_on": date(1949, 12, 31), "number": ADULT, "doctor": False,
        "mobile": "13800001234", "hours": 12, "fields": ["b"], "vouching": (("2026-000001", "李小红"),)}
    kept = packed(one.cleaned_data)
    assert kept["born_on"] == "1949-12-31" and kept["doctor"] == "no"
    again = unpacked(one.questionnaire, kept)
    assert again == {**one.cleaned_data, "fields": ("b",)}
    words = {line.label: line.words for _section, lines in told(one.questionnaire, again, on=DAY) for line in lines}
    assert words["证件号码"] == "110105********002X" and words["专业"] == "外科" and words["医师"] == "否"


def test_what_is_not_asked_is_neither_required_nor_taken(form):
    one = form(doctor="yes")
    assert not one.is_valid()
    assert set(one.errors) == {"licence", "paper"}
    assert form(doctor="no", licence="", paper="").is_valid()
    abroad = form(document="foreign_passport", number="AB1234567")
    assert not abroad.is_valid() and set(abroad.errors) == {"nationality"}


def test_somebody_of_twelve_is_told_beside_the_number_and_by_which_rule(form):
    one = form(number=TWELVE)
    assert not one.is_valid()
    assert "12" in one.errors["number"][0] and one.rules == {"number": "M1.least_age"}
    by_day = form(document="foreign_passport", number="AB1234567", nationality="法国", born_on="2014-01-01")
    assert not by_day.is_valid() and by_day.rules == {"born_on": "M1.least_age"}


@pytest.mark.parametrize(("said", "rule"), [
    ({"number": "110105194912310021"}, "M6.identity_number"),
    ({"born_on": "1950-12-31"}, "M6.identity_number"),
])
def test_a_number_that_cannot_be_right_is_refused_with_its_rule(form, said, rule):
    one = form(**said)
    assert not one.is_valid()
    assert one.rules == {"number": rule}


def test_odd_licence_numbers_warn_and_are_taken(form):
    paper = {"paper": SimpleUploadedFile("证书.pdf", b"%PDF-1.4 trial", "application/pdf")}
    one = form(files=paper, doctor="yes", licence="老证第12号", certificate="2001" + "3" * 23)
    assert one.is_valid(), one.errors
    assert set(one.warnings) == {"licence", "certificate"}
    assert keep_files(one)["paper"].name == "证书.pdf" and one.cleaned_data["paper"].size == 14
    later = form(kept=one.kept, doctor="yes", licence="110110000000123")
    assert later.is_valid() and later.cleaned_data["paper"] == one.kept["paper"]
    assert later.warnings == {}


def test_a_file_of_another_content_is_told_beside_its_question(form):
    one = form(files={"paper": SimpleUploadedFile("证书.pdf", b"\x89PNG\r\n\x1a\n", "application/pdf")}, doctor="yes",
               licence="110110000000123")
    assert one.is_valid()
    assert keep_files(one) == {} and "paper" in one.errors


def test_people_are_named_by_number_and_name_each_once(form):
    half = form(vouching_0_number="2026-000001")
    twice = form(vouching_0_number="1", vouching_0_name="甲", vouching_1_number="1", vouching_1_name="甲")
    assert not half.is_valid() and not twice.is_valid()
    assert set(half.errors) == set(twice.errors) == {"vouching"}


def test_a_draft_keeps_what_was_typed_right_or_wrong(form):
    one = form(number="1101", vouching_0_number="7")
    typed = one.typed()
    assert typed["number"] == "1101" and typed["vouching"] == [["7", ""]] and "paper" not in typed
    shown = type(one)(initial=typed, check_url="/check/")
    assert 'value="1101"' in str(shown["number"]) and 'hx-post="/check/"' in str(shown["vouching"])
