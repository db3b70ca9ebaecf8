"""Tags say what they show in words, shapes and units, in both languages."""

from datetime import date
from decimal import Decimal

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.utils.translation import override

from xinglin.kernel import clock
from xinglin.shell.icons import UnknownIcon, icon


def shown(source, **context):
    return Template(source).render(Context(context))


def test_an_icon_is_inlined_without_speaking():
    drawn = str(icon("chart-bar"))
    assert drawn.startswith('<svg class="x-i" viewBox="0 0 24 24" aria-hidden="true"')
    assert "stroke-width" not in drawn and drawn.count("<path") == 4


def test_an_unknown_icon_fails_the_tests_but_not_the_page(settings):
    with pytest.raises(UnknownIcon):
        icon("no-such-icon")
    settings.TESTING = False
    assert "<circle" in icon("no-such-icon", more="x-i-lg")


def test_a_path_is_no_icon():
    with pytest.raises(UnknownIcon):
        icon("../../secret")


def test_a_status_is_shape_and_word_and_colour():
    assert shown('{% status "bad" "流会" %}') == (
        '<span class="x-s" data-s="bad"><i class="x-l" data-s="bad"></i>流会</span>')
    assert "x-s-plain" in shown('{% status "ok" plain=True %}')


def test_a_sixth_status_is_refused():
    with pytest.raises(ValueError, match="statuses are done, ok, warn, bad, off"):
        shown('{% status "purple" %}')


def test_a_status_escapes_its_word():
    assert "&lt;b&gt;" in shown('{% status "ok" word %}', word="<b>")


def test_a_meter_draws_by_attributes_and_speaks():
    with override("en"):
        drawn = shown('{% meter actual=56 planned=92 light="bad" %}')
    assert 'aria-label="56% done, 92% due by today"' in drawn
    assert 'width="56%"' in drawn and 'x="92%"' in drawn and "style=" not in drawn


@pytest.mark.parametrize(("given", "width"), [(140, "100"), (-3, "0"), (None, "0"), (Decimal("33.3"), "33.3")])
def test_a_meter_stays_within_its_track(given, width):
    assert f'width="{width}%"' in shown("{% meter actual=x %}", x=given)


@pytest.mark.parametrize(("language", "number", "unit", "text"), [
    ("zh-hans", 1234, "场", "1,234|场"), ("en", 1234, "场", "1,234| sessions"), ("en", 1, "场", "1| session"),
    ("zh-hans", 1, "场", "1|场"), ("en", 2, "人次", "2| attendances"), ("en", Decimal("18.5"), "分", "18.5| points"),
    ("zh-hans", None, "场", "—|"),
])
def test_a_quantity_has_its_measure_word(language, number, unit, text):
    with override(language):
        drawn = shown("{{ n|qty:u }}", n=number, u=unit)
    number_part, _, unit_part = text.partition("|")
    wanted = f'{number_part}<span class="x-unit">{unit_part}</span>' if unit_part else number_part
    assert drawn == wanted


def test_money_has_two_decimals():
    assert shown("{{ m|money }}", m=Decimal("12345.5")) == '12,345.50<span class="x-unit">元</span>'


def test_dates_ranges_and_weekdays():
    with clock.pretending(date(2026, 11, 20)):
        assert shown('{{ d|day }} {{ d|day:"short" }} {{ d|weekday }}', d=date(2026, 11, 21)) == "2026-11-21 11-21 周六"
        assert shown('{% daterange "2026-11-16" "2026-11-22" %}') == "11-16 至 11-22"
        assert shown('{% daterange "2025-12-30" "2026-01-02" %}') == "2025-12-30 至 2026-01-02"
        assert shown('{% daterange "2025-03-01" "2025-03-02" %}') == "2025-03-01 至 03-02"
        assert shown('{% daterange "2026-11-16" "2026-11-16" %}') == "11-16"
        with override("en"):
            assert shown('{% daterange "2026-11-16" "2026-11-22" %}') == "11-16 to 11-22"
            assert shown("{{ d|weekday }}", d=date(2026, 11, 21)) == "Sat"


@pytest.mark.django_db
def test_basis_names_source_and_leads_to_the_rule():
    drawn = shown('{% basis "W3.green" %}')
    assert "<b>依据</b>" in drawn and "工作要点督办惯例" in drawn and "/regulations/W3.green/" in drawn


def test_an_unknown_basis_shows_nothing_rather_than_a_wrong_source():
    assert shown('{% basis "Z99" %}') == ""


def test_say_orders_result_reason_basis_actions():
    drawn = shown('{% say "bad" "办不了" "差 1 人" "" actions %}', actions=[("催办", "/a/"), ("改期", "/b/")])
    assert 'role="alert"' in drawn
    assert drawn.index("办不了") < drawn.index("差 1 人") < drawn.index("/a/") < drawn.index("/b/")


def test_an_empty_state_inside_a_loop_has_its_own_tag():
    source = '{% for one in many %}{{ one }}{% empty %}{% empty_state "还没有" %}{% endfor %}'
    assert "还没有" in shown(source, many=[])


def test_a_chart_needs_a_table():
    with pytest.raises(ValueError, match="reads a table"):
        shown('{% chart "line" %}')
    with pytest.raises(ValueError, match="charts are line"):
        shown('{% chart "pie" from="x" %}')
    assert 'data-from="pace"' in shown('{% chart "line" from="pace" label="步子" %}')


def test_keep_shows_a_block_in_two_places():
    assert shown('{% keep "t" %}<b>x</b>{% endkeep %}{{ t }}{{ t }}') == "<b>x</b><b>x</b>"
    with pytest.raises(TemplateSyntaxError):
        shown('{% keep "t" %}x')
