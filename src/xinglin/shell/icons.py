"""Icons: Tabler's outlines from npm, inlined at render with the house's stroke."""

import re
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

_NAME = re.compile(r"[a-z0-9-]+")
_BODY = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
_GROUND = re.compile(r'<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*/>')


class UnknownIcon(LookupError):
    """Tabler has no icon of that name."""


@lru_cache(maxsize=512)
def shape(name: str) -> str:
    """Return the inner paths of an icon (UnknownIcon); the file is read once."""
    file = Path(settings.ICONS) / f"{name}.svg"
    if not _NAME.fullmatch(name) or not file.is_file():
        raise UnknownIcon(name)
    found = _BODY.search(file.read_text("utf-8"))
    paths = _GROUND.sub("", found.group(1)) if found else ""
    return re.sub(r"\s+", " ", paths).strip()


@lru_cache(maxsize=1024)
def icon(name: str, *, more: str = "") -> SafeString:
    """Return the icon as inline SVG, hidden from readers: the word beside it speaks.

    An unknown name shows a ring in production, so that a page never falls over an ornament.
    """
    try:
        paths = shape(name)
    except UnknownIcon:
        if settings.DEBUG or settings.TESTING:
            raise
        paths = '<circle cx="12" cy="12" r="8"/>'
    classes = f"x-i {more}".strip()
    return mark_safe(
        f'<svg class="{escape(classes)}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{paths}</svg>'
    )
