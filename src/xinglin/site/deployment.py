"""What a production installation needs besides Django's own deployment checks; registered when imported."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.db import DatabaseError, connection

from xinglin.kernel.ledger.models import Head

from .options import OPTIONS

UNSET = {
    "XINGLIN_NAME": "机构名称未设 / the association has no name",
    "XINGLIN_ORIGIN": "账本名称未设，开账后不可改 / the ledger has no name of its own; it is fixed with the first fact",
    "XINGLIN_SMTP_HOST": "未设发信服务器，信件只写入数据目录 / no mail server: letters stay in the data folder",
}


@register(deploy=True)
def ready_for_visitors(**_given: Any) -> list[CheckMessage]:
    """Return what keeps an installation from serving people properly."""
    return [*_unset(), *_address(), *_proxies(), *_folder(), *_tools()]


def _unset() -> Iterator[CheckMessage]:
    for name, words in UNSET.items():
        if name == "XINGLIN_ORIGIN" and _is_named():
            continue
        if os.environ.get(name, OPTIONS[name].default) == OPTIONS[name].default:
            yield Warning(words, hint=name, id=f"xinglin.{name}")


def _is_named() -> bool:
    """Say whether the ledger has begun: its name can no longer be changed, so nobody is told to."""
    try:
        return Head.objects.exists()
    except DatabaseError:  # no tables yet, or no server
        return False


def _address() -> Iterator[CheckMessage]:
    address = urlsplit(settings.XINGLIN_URL)
    if address.hostname in {None, "127.0.0.1", "localhost"}:
        yield Warning(f"通知里的链接指向本机 / links in notices lead to {settings.XINGLIN_URL}",
                      hint="XINGLIN_URL=https://…", id="xinglin.XINGLIN_URL")  # fmt: skip
    elif settings.HTTPS and address.scheme != "https":
        yield Warning(f"通知里的链接不是 https / links in notices are no https: {settings.XINGLIN_URL}",
                      hint="XINGLIN_URL=https://…", id="xinglin.XINGLIN_URL")  # fmt: skip


def _proxies() -> Iterator[CheckMessage]:
    if settings.HTTPS and not settings.XINGLIN_PROXIES:
        yield Warning("代理之后所有人同一地址，限速会误伤 / behind a proxy everybody has one address and one rate",
                      hint="XINGLIN_PROXIES=1", id="xinglin.XINGLIN_PROXIES")  # fmt: skip


def _folder() -> Iterator[CheckMessage]:
    folder = Path(settings.VAR)
    if not os.access(folder, os.W_OK | os.X_OK):
        yield Error(f"数据目录不可写 / the data folder cannot be written: {folder}", id="xinglin.XINGLIN_VAR")


def _tools() -> Iterator[CheckMessage]:
    missing = [tool for tool in ("pg_dump", "pg_restore") if shutil.which(tool) is None]
    if connection.vendor == "postgresql" and missing:
        yield Warning(f"缺 {'、'.join(missing)}，不能备份 / no backup without {', '.join(missing)}",
                      hint="apt-get install postgresql-client", id="xinglin.backup")  # fmt: skip
