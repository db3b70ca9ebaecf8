"""What every page of the shell knows."""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from xinglin.kernel import clock

from . import navigation
from .units import speaks_chinese

STYLES = ("tokens", "type", "layout", "frame", "panels", "status", "notices", "controls", "forms", "table", "stages",
          "reading", "overlays", "phone", "public", "print")
SCRIPTS = ("words", "theme-switch", "frame", "overlays", "toasts", "forms", "uploads", "lists", "choose", "keys",
           "charts")


@lru_cache(maxsize=8)
def _files(kind: str, ending: str) -> list[str]:
    names = STYLES if kind == "styles" else SCRIPTS
    return [f"shell/{name}.{ending}" for name in names]


OTHERS: list[str] = []


def add_script(file: str) -> None:
    """Let a floor above put a script of its own onto every page."""
    if file not in OTHERS:
        OTHERS.append(file)


def house_name() -> str:
    """Return the association's name, or what stands for it until one is set."""
    return settings.XINGLIN_NAME or _("Association not named yet")


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return the frame of the page: names, files, navigation by role, the bell, the reader."""
    actor = getattr(request, "actor", None)
    path = request.path

    def lazily(question: Any) -> Any:
        return SimpleLazyObject(question) if actor is not None else None

    return {
        "x_styles": _files("styles", "css"), "x_scripts": [*_files("scripts", "js"), *OTHERS],
        "x_house": house_name(), "x_theme": _theme(request), "x_today": clock.today(),
        "x_lang": "zh-Hans" if speaks_chinese() else "en",
        "x_languages": [("zh-hans", "中文", "zh-Hans"), ("en", "English", "en")],
        "x_actor": actor,
        "x_blocks": lazily(lambda: navigation.blocks(actor=actor, path=path)),
        "x_inbox": lazily(lambda: navigation.inbox(actor=actor)),
        "x_account_lines": lazily(lambda: navigation.account_lines(actor=actor, path=path)),
        "x_tabs": lazily(lambda: navigation.tabs(actor=actor, path=path)),
        "x_public_lines": lazily(lambda: navigation.public_lines(actor=actor, path=path)),
        "x_sign_in": navigation.address("account_login"), "x_sign_out": navigation.address("account_logout"),
    }


def _theme(request: HttpRequest) -> str:
    chosen = request.COOKIES.get("theme", "")
    return chosen if chosen in ("light", "dark") else ""
