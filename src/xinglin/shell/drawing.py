"""Small parts drawn in Python because they stand in hundreds on a page."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from .icons import icon
from .units import grouped, unit_word

CODES = ("done", "ok", "warn", "bad", "off")
_SAY_ICONS = {"bad": "ban", "warn": "alert-triangle", "ok": "circle-check", "done": "circle-check",
              "off": "info-circle"}


def word_of(code: str) -> str:
    """Return the word a status has when none is given."""
    return {"done": _("Done"), "ok": _("On schedule"), "warn": _("Behind"), "bad": _("At risk"),
            "off": _("Cancelled")}[code]


def _known(code: str) -> str:
    if code not in CODES:
        raise ValueError(f"{code!r} is no status; statuses are {', '.join(CODES)}")
    return code


def mark(*, code: str) -> SafeString:
    """Return the mark of a status without a word."""
    return format_html('<i class="x-l" data-s="{}"></i>', _known(code))


def status(*, code: str, word: object = "", bare: bool = False) -> SafeString:
    """Return mark, word and colour; without word the status' own one."""
    return format_html('<span class="x-s{}" data-s="{}"><i class="x-l" data-s="{}"></i>{}</span>',
                       " x-s-plain" if bare else "", _known(code), code, word or word_of(code))


def percent(value: Any) -> str:
    """Return a percentage between 0 and 100 as SVG wants it."""
    number = min(max(Decimal(str(value or 0)), Decimal(0)), Decimal(100))
    return f"{number.normalize():f}"


def meter(*, actual: Any, planned: Any = None, light: str = "", label: object = "") -> SafeString:
    """Return bar and tick as SVG attributes, which a strict policy lets pass."""
    spoken = label or (
        _("%(actual)s%% done, %(planned)s%% due by today") % {"actual": _short(actual), "planned": _short(planned)}
        if planned is not None else _("%(actual)s%% done") % {"actual": _short(actual)}
    )
    tick = "" if planned is None else format_html('<rect class="x-m-2" x="{}%" width="2" height="16"/>',
                                                  percent(planned))
    return format_html(
        '<svg class="x-meter" data-s="{}" role="img" aria-label="{}"><rect class="x-m-0" y="4" width="100%" height="8"'
        ' rx="4"/><rect class="x-m-1" y="4" width="{}%" height="8" rx="4"/>{}</svg>',
        light, spoken, percent(actual), tick,
    )


def _short(value: Any) -> str:
    number = Decimal(str(value or 0))
    return f"{number:.0f}" if number == number.to_integral_value() else f"{number:.1f}"


def ring(*, value: Any, of: Any, unit: str = "") -> SafeString:
    """Return how much of a whole is there, as a ring with both numbers in words."""
    share = percent(Decimal(str(value)) / Decimal(str(of)) * 100) if of else "0"
    word = unit_word(unit, of) if unit else ""
    arc = format_html('<circle class="x-m-1" cx="50" cy="50" r="43" pathLength="100" stroke-dasharray="{} 100" '
                      'transform="rotate(-90 50 50)"/>', f"{float(share):.1f}") if float(share) else ""
    return format_html(
        '<div class="x-ring"><svg viewBox="0 0 100 100" role="img" aria-label="{}"><circle cx="50" cy="50" r="43"/>{}'
        '</svg><div><strong>{}</strong><span class="x-note">/ {} {}</span></div></div>',
        _("%(value)s of %(whole)s %(unit)s") % {"value": value, "whole": of, "unit": word}, arc, grouped(value),
        grouped(of), word,
    )


_SPROUT = mark_safe(
    '<svg viewBox="0 0 96 72" aria-hidden="true" class="x-sprout"><path d="M14 62h68M48 62V38M48 46c-9 0-15-5-16-13'
    ' 9-1 16 4 16 13zM48 40c0-10 6-17 17-18 1 11-6 18-17 18z"/><circle cx="62" cy="13" r="5"/></svg>'
)


def empty(*, title: object, text: object = "", url: str = "", label: object = "", small: bool = False) -> SafeString:
    """Return why there is nothing, and the first step."""
    step = format_html('<div class="x-row"><a class="btn{}" href="{}">{}</a></div>',
                       "" if small else " btn-primary", url, label) if url else ""
    reason = format_html("<p>{}</p>", text) if text else ""
    return format_html('<div class="x-empty{}">{}<h3 class="x-h">{}</h3>{}{}</div>',
                       " x-empty-s" if small else "", "" if small else _SPROUT, title, reason, step)


def say(
    *, code: str, headline: object, reason: object = "", basis: object = "", actions: Iterable[Any] | str = (),
) -> SafeString:
    """Return result, reason, basis and what can be done."""
    role = "alert" if code == "bad" else "status"
    paragraph = format_html("<p>{}</p>", reason) if reason else ""
    return format_html('<section class="x-say" data-s="{}" role="{}">{}<div><h2>{}</h2>{}{}{}</div></section>',
                       _known(code), role, icon(_SAY_ICONS[code]), headline, paragraph, basis, _actions(actions))


def _actions(actions: Iterable[Any] | str) -> SafeString:
    if not actions:
        return mark_safe("")
    if isinstance(actions, str):
        return format_html('<div class="x-row">{}</div>', actions)
    made = format_html_join("", '<a class="btn x-btn-s{}" href="{}">{}</a>',
                            (("" if number == 0 else " x-btn-quiet", url, label)
                             for number, (label, url) in enumerate(actions)))
    return format_html('<div class="x-row">{}</div>', made)


def field_context(*, bound: forms.BoundField, more: str = "") -> dict[str, Any]:
    """Return what the template of one field needs; help and errors are tied to the control for readers."""
    widget = bound.field.widget
    inner = isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple)
    described = []
    if bound.help_text:
        described.append(f"{bound.auto_id}_help")
    if bound.errors:
        described.append(f"{bound.auto_id}_error")
    attrs: dict[str, Any] = {"aria-describedby": " ".join(described)} if described else {}
    if bound.errors:
        attrs["aria-invalid"] = "true"
    if bound.field.required and not inner:
        attrs["aria-required"] = "true"
    return {"bound": bound, "control": bound.as_widget(attrs=attrs), "set": inner, "more": more,
            "tick": isinstance(widget, forms.CheckboxInput)}


_JOB_LIGHTS = {"done": "done", "failed": "bad", "refused": "bad", "cancelled": "off"}


def job_context(*, job: Any, label: object = "") -> dict[str, Any]:
    """Return how far a job is: done of total, what it says, whether it still runs, what came of it."""
    light = _JOB_LIGHTS.get(str(job.state), "")
    share = job.done * 100 // job.total if job.total else (100 if light == "done" else 0)
    said = job.trouble if job.state == "refused" else job.message
    return {"job": job, "percent": share, "light": light, "running": not light, "said": said,
            "label": label or JOB_LABELS.get(job.kind, job.kind), "given": label}


# What a kind of job is called for those who wait for it; the job's own app adds it.
JOB_LABELS: dict[str, object] = {}
