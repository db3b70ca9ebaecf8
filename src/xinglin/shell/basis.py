"""依据: what a regulation says about itself beside a refusal, a conflict or a notice."""

from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from xinglin.kernel import clock
from xinglin.kernel.regulations import NotInForce, Regulation, UnknownRegulation, regulation

from .units import speaks_chinese


def block(*, key: str, text: object = "") -> SafeString:
    """Return the 依据 block of a regulation id; an unknown id shows nothing rather than a wrong source."""
    if not key:
        return mark_safe("")
    try:
        rule = regulation(key)
    except UnknownRegulation:
        if not text:
            return mark_safe("")
        return _box(format_html("{}", text))
    return _box(format_html("{}{}{}", _sentence(rule, text), _since(rule), _link(key)))


def _box(content: SafeString) -> SafeString:
    return format_html('<div class="x-basis"><b>{}</b><span>{}</span></div>', _("Basis"), content)


def _sentence(rule: Regulation, text: object) -> SafeString:
    title = rule.source if "《" in rule.source or not rule.number else f"《{rule.source}》"
    head = " ".join(filter(None, (title, rule.number)))
    said = text or (rule.zh if speaks_chinese() else rule.en)
    colon, stop = ("：", "。") if speaks_chinese() else (": ", ". ")
    return format_html("{}{}{}{}{}", head, rule.article, colon, said, "" if str(said).endswith(stop.strip()) else stop)


def _since(rule: Regulation) -> SafeString:
    on = clock.today()
    try:
        rule.printed(on)
    except NotInForce:
        return mark_safe("")
    since = next(one.from_ for one in rule.values if one.from_ <= on and (one.until is None or on < one.until))
    if since.year <= 1949:  # no date was printed
        return mark_safe("")
    return format_html(_("In force since {}."), since.isoformat())


def _link(key: str) -> SafeString:
    try:
        url = reverse("shell:regulation", kwargs={"key": key})
    except NoReverseMatch:
        return mark_safe("")
    return format_html(' <a class="x-keep" href="{}">{}</a>', url, _("Read the rule"))
