"""Template tags of the shell, available in every template."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.forms import BoundField
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from xinglin.kernel.policy import Refusal
from xinglin.kernel.refs import Shown

from .. import basis as basis_of
from .. import charts, drawing, panels, times, units
from ..forms.form import Form
from ..icons import icon as inline_icon
from ..naming import named

register = template.Library()


# Words and marks ------------------------------------------------------------------------------------

@register.simple_tag
def icon(name: str, more: str = "") -> SafeString:
    """Return a Tabler icon as inline SVG: {% icon "chart-bar" %}, larger {% icon "bell" "x-i-lg" %}."""
    return inline_icon(name, more=more)


@register.simple_tag
def status(code: str, word: object = "", plain: bool = False) -> SafeString:
    """Return a status as shape, word and colour; `plain=True` leaves out the ground."""
    return drawing.status(code=code, word=word, bare=plain)


@register.simple_tag
def light(code: str) -> SafeString:
    """Return the mark alone, for the lights matrix whose row carries a spoken label."""
    return drawing.mark(code=code)


@register.simple_tag
def meter(actual: Any, planned: Any = None, light: str = "", label: str = "") -> SafeString:
    """Return a bar of `actual` per cent with a tick at `planned` per cent."""
    return drawing.meter(actual=actual, planned=planned, light=light, label=label)


@register.simple_tag
def ring(value: Any, of: Any, unit: str = "") -> SafeString:
    """Return a ring: how much of a whole is there."""
    return drawing.ring(value=value, of=of, unit=unit)


@register.simple_tag
def basis(key: str, text: object = "") -> SafeString:
    """Return the 依据 block of a regulation: title, number, article, since when, where to read it."""
    return basis_of.block(key=key, text=text)


@register.simple_tag
def empty(title: object, text: object = "", url: str = "", label: object = "", small: bool = False) -> SafeString:
    """Return the empty state: why it is empty and the first step."""
    return drawing.empty(title=title, text=text, url=url, label=label, small=small)


@register.simple_tag
def empty_state(title: object, text: object = "", url: str = "", label: object = "", small: bool = False) -> SafeString:
    """Return the same as `empty`, for use directly inside a `for`, where `empty` has its own meaning."""
    return drawing.empty(title=title, text=text, url=url, label=label, small=small)


@register.simple_tag
def say(
    code: str, headline: object, reason: object = "", basis: str = "", actions: Iterable[Any] | str = (),
) -> SafeString:
    """Return a page-level notice; `actions` are (label, url) pairs, or markup already made."""
    regulation = basis_of.block(key=basis) if basis else ""
    return drawing.say(code=code, headline=headline, reason=reason, basis=regulation, actions=actions)


@register.simple_tag
def refusal_block(refusal: Refusal) -> SafeString:
    """Return a refusal as result, reason, 依据 and what can be done instead."""
    return say("bad", refusal.message, refusal.instead, refusal.regulation)


# Numbers, dates, names ------------------------------------------------------------------------------

@register.filter
def qty(number: object, unit: str = "") -> SafeString:
    """Return 1,234<unit>: the number grouped, the unit smaller and in the reader's language."""
    shown = units.grouped(number)
    word = units.unit_word(unit, number) if unit and shown != "—" else ""
    gap = "" if units.speaks_chinese() else " "
    return format_html('{}<span class="x-unit">{}{}</span>', shown, gap, word) if word else mark_safe(shown)


@register.filter
def money(amount: object) -> SafeString:
    """Return 200.00<unit>元, always with two decimals."""
    if amount is None or amount == "":
        return mark_safe("—")
    gap = "" if units.speaks_chinese() else " "
    return format_html('{}<span class="x-unit">{}{}</span>', units.grouped(amount, 2), gap, units.unit_word("元"))


@register.filter
def grouped(number: object, places: int | None = None) -> str:
    """Return a number with thousands commas."""
    return units.grouped(number, places)


@register.filter
def day(value: Any, form: str = "") -> str:
    """Return 2026-11-21; `|day:"short"` gives 11-21 within the current year."""
    return times.day(value, short=form == "short")


@register.filter
def weekday(value: Any) -> str:
    """Return 周六 or Sat."""
    return times.weekday(value)


@register.simple_tag
def daterange(start: Any, end: Any) -> str:
    """Return 11-16 至 11-22; both days belong to the range."""
    return times.span(start, end)


@register.filter
def shown(one: str | None) -> SafeString:
    """Return the label of a ref, linked where it has a page."""
    if not one:
        return mark_safe("—")
    return linked(named([one])[str(one)])


def linked(what: Shown) -> SafeString:
    """Return a label as a link where there is an address."""
    return format_html('<a href="{}">{}</a>', what.url, what.label) if what.url else format_html("{}", what.label)


@register.filter
def shown_label(one: str | None) -> str:
    """Return the label of a ref without link."""
    return named([one])[str(one)].label if one else "—"


@register.filter
def shown_all(refs: Iterable[str]) -> SafeString:
    """Return the labels of several refs, each linked, with one question per kind."""
    many = list(refs or ())
    labels = named(many)
    return format_html_join("、", "{}", ((linked(labels[str(one)]),) for one in many)) if many else mark_safe("—")


class Keep(template.Node):
    """Renders its content into a variable, so that a block can stand in two places."""

    def __init__(self, nodelist: template.NodeList, name: str) -> None:
        self.nodelist, self.name = nodelist, name

    def render(self, context: Context) -> str:
        """Set the variable and show nothing."""
        context[self.name] = mark_safe(self.nodelist.render(context).strip())
        return ""


@register.tag
def keep(parser: Any, token: Any) -> Keep:
    """Keep what stands between {% keep "name" %} and {% endkeep %} under a name."""
    _tag, name = token.split_contents()
    nodelist = parser.parse(("endkeep",))
    parser.delete_first_token()
    return Keep(nodelist, name.strip("\"'"))


# Forms ------------------------------------------------------------------------------------------------

@register.simple_tag
def field(bound: BoundField, more: str = "") -> str:
    """Return label, control, help and errors of one field; `more` adds classes such as x-w2."""
    return render_to_string("shell/parts/field.html", drawing.field_context(bound=bound, more=more))


@register.simple_tag
def form_errors(form: Form) -> str:
    """Return what is wrong with the form as a whole, and the token by which a second sending is known."""
    return render_to_string("shell/parts/form_errors.html", {"form": form})


@register.simple_tag(takes_context=True)
def form(context: Context, form: Form, submit: object = "", url: str = "", cancel: str = "", **more: Any) -> str:
    """Return a whole form: groups, fields, errors, 依据, submit and cancel."""
    request = context.get("request")
    values = {"form": form, "submit": submit or _("Save"), "url": url, "cancel": cancel, **more}
    return render_to_string("shell/parts/form.html", values, request)


# Lists, charts, jobs, panels --------------------------------------------------------------------------

@register.simple_tag(takes_context=True)
def table(context: Context, table: Any) -> str:
    """Return a list with search, conditions, sorting, pages, column choice and export."""
    return table.render(context.get("request"))


@register.simple_tag
def goes(url: str, target: str) -> SafeString:
    """Return the attributes by which a link renews one list instead of the page."""
    return format_html('hx-get="{}" hx-target="#{}" hx-swap="outerHTML" hx-push-url="true"', url, target)


@register.simple_tag
def chart(kind: str, **options: Any) -> str:
    """Return a chart that reads a table: {% chart "line" from="table-id" label=… unit="%" %}."""
    return charts.block(kind=kind, options=options)


@register.simple_tag(takes_context=True)
def job(context: Context, job: Any, label: object = "") -> str:
    """Return the progress of a long job; it renews itself until the job has ended."""
    return render_to_string("shell/parts/job.html", drawing.job_context(job=job, label=label), context.get("request"))


@register.simple_tag(takes_context=True)
def panels_of(context: Context, page: str, subject: Any = None) -> SafeString:
    """Return the panels that apps registered for a page."""
    parts = panels.rendered(page=page, request=context["request"], subject=subject)
    return format_html_join("\n", "{}", ((one,) for one in parts))


@register.filter
def at_key(mapping: dict[Any, Any], key: Any) -> Any:
    """Return one value of a mapping by a key that is known only in the template."""
    return mapping.get(key)
