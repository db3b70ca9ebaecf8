"""Keeps what was typed when a form came too late, so that it can be sent again."""

import re

from django.http import HttpRequest

# Never written back into a page, however late the form came: by the words of the field's name, or the whole of it.
_SECRET = re.compile(r"password|passwd|passphrase|secret(?!ar)|(?:^|[-_])otp")
_ONE_TIME = frozenset({"code", "token", "pin", "recovery_code", "verification_code"})
_OURS = ("csrfmiddlewaretoken",)


def kept_fields(request: HttpRequest) -> list[tuple[str, str]]:
    """Return the fields of a posted form, in order, without secrets."""
    return [
        (name, value)
        for name, values in request.POST.lists()
        if name not in _OURS and not _is_secret(name.lower())
        for value in values
    ]


def _is_secret(name: str) -> bool:
    """Say whether a field may hold a password or a one-time code; a short code of a thing is typed again."""
    return bool(_SECRET.search(name)) or name.rpartition("-")[2] in _ONE_TIME


def came_from_here(request: HttpRequest) -> bool:
    """Say whether the browser vouches that the form stood on a page of this site."""
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site == "same-origin"
    origin = request.headers.get("Origin") or request.headers.get("Referer", "")
    return origin.split("://", 1)[-1].split("/", 1)[0] == request.get_host()
