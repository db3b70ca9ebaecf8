"""Forms understand what offices type and say what would be right."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict

from xinglin.kernel.refs import Ref, Shown
from xinglin.shell import choosing
from xinglin.shell.choosing import Choice, UnknownChooser, choices
from xinglin.shell.forms import ChooseMany, Form

from .pages import NoteForm


def sent(files=None, **fields):
    data = QueryDict(mutable=True)
    for name, value in {"title": "年会", **fields}.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return NoteForm(data, files)


@pytest.mark.parametrize("text", [
    "2026-11-21", "2026/11/21", "2026.11.21", "20261121", "2026年11月21日", "２０２６－１１－２１", " 2026-11-21 ",
])
def test_a_date_is_understood_however_it_is_written(text):
    form = sent(held_on=text)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["held_on"] == date(2026, 11, 21)


@pytest.mark.parametrize(("field", "text", "said"), [
    ("held_on", "明天", "日期填成 2026-11-21 这样。"), ("people", "一些", "填数字，如 12.5。"),
    ("people", "12.5", "填整数，如 12。"), ("title", "", "还没填。"), ("person", "闻溪", "从结果里选，不能直接填字。"),
    ("person", "directory.organisation:1", "从结果里选，不能直接填字。"),
])
def test_a_wrong_input_is_told_what_would_be_right(field, text, said):
    assert sent(**{field: text}).errors[field] == [said]


@pytest.mark.parametrize(("text", "number"), [("1,234", 1234), ("１２", 12), (" 7 ", 7), ("12.0", 12)])
def test_a_number_may_carry_commas_and_full_width_digits(text, number):
    form = sent(people=text)
    assert form.is_valid() and form.cleaned_data["people"] == number
    assert isinstance(form.cleaned_data["people"], int)


def test_money_keeps_two_decimals():
    assert sent(cost="1,234.5").is_valid()
    assert sent(cost="12,000.50").fields["cost"].clean("12,000.50") == Decimal("12000.50")
    assert "cost" in sent(cost="1.234").errors
    assert "cost" in sent(cost="-1").errors


def test_a_chosen_ref_arrives_as_ref():
    form = sent(person="test.person:7")
    assert form.is_valid() and form.cleaned_data["person"] == Ref("test.person:7")


def test_several_chosen_refs_arrive_once_each_in_order():
    class Many(Form):
        people = ChooseMany(kind="test.person", label="People")

    data = QueryDict("people=test.person:2&people=test.person:1&people=test.person:2")
    form = Many(data)
    assert form.is_valid() and form.cleaned_data["people"] == (Ref("test.person:2"), Ref("test.person:1"))
    assert not Many(QueryDict("")).is_valid()


def test_a_file_of_another_kind_or_too_large_is_told_the_limits():
    wrong = SimpleUploadedFile("plan.exe", b"x")
    big = SimpleUploadedFile("plan.pdf", b"x" * 101)
    fine = SimpleUploadedFile("plan.PDF", b"x")
    assert "可收 .pdf" in sent(files={"file": wrong}).errors["file"][0]
    assert "超过上限" in sent(files={"file": big}).errors["file"][0]
    assert sent(files={"file": fine}).is_valid()


def test_help_and_errors_are_tied_to_the_control(rf):
    from django.template import Context, Template

    form = sent(held_on="明天")
    drawn = Template("{% field form.held_on %}{% field form.file %}").render(Context({"form": form}))
    assert 'aria-describedby="id_held_on_error"' in drawn and 'id="id_held_on_error"' in drawn
    assert 'aria-describedby="id_file_help"' in drawn and "style=" not in drawn


def test_a_fresh_form_has_a_token_and_a_returned_one_keeps_it():
    fresh = NoteForm()
    assert len(fresh.token) == 32 and fresh.token == fresh.token_to_show
    assert sent(once="abc").token_to_show == "abc"
    assert sent().token == ""


def test_a_chooser_asks_the_app_that_keeps_them(browser_client, monkeypatch):
    monkeypatch.setitem(choosing._choosers, "test.person", lambda query, actor, limit: [
        Choice(ref=Ref("test.person:7"), label=f"{query}溪", sub="秘书处")])
    page = browser_client.get("/choose/test.person/?q=闻").content.decode()
    assert 'data-ref="test.person:7"' in page and "闻溪" in page and "秘书处" in page
    assert browser_client.get("/choose/test.nothing/?q=x").status_code == 404
    with pytest.raises(UnknownChooser):
        choices(kind="test.nothing", query="x", actor=None)


def test_labels_of_refs_are_asked_once_per_request(monkeypatch):
    from xinglin.shell import naming

    asked = []
    monkeypatch.setattr(naming, "shown", lambda refs: asked.append(set(refs)) or {
        one: Shown(label=one.upper()) for one in refs})
    with naming.remembering():
        naming.named(["a.b:1", "a.b:2"])
        assert naming.named(["a.b:1"])["a.b:1"].label == "A.B:1"
    assert asked == [{"a.b:1", "a.b:2"}]
