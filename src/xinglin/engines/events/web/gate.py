"""The page of a gate that works offline, and what it asks the server: enrol, list, sync, a registration on the spot."""

import json
from collections.abc import Callable
from functools import lru_cache, wraps
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import find
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from xinglin.directory.security.rates import limited
from xinglin.kernel import clock
from xinglin.kernel.policy import Refusal

from .. import stations
from ..doors import Device
from ..gate_lists import known_of, millis, version_of
from ..handing_in import NotTaken, take_in
from ..walk_ins import walk_in

MOST_BYTES = 512 * 1024
FILES = (*(f"events/door/{name}" for name in ("app.js", "calling.js", "camera.js", "door.css", "judge.js", "rules.json",
                                               "store.js")),
         "shell/theme.js", "shell/tokens.css", "shell/mark.svg", "vendor/ed25519/index.js", "vendor/qr/decode.js",
         "vendor/qr/index.js")
WORKER = "events/door/worker.js"
Answer = Callable[..., HttpResponse]


@require_GET
def gate(request: HttpRequest) -> HttpResponse:
    """Show the page of a gate; it holds nothing of anybody until a phone is enrolled."""
    return render(request, "events/gate.html", {"zone": settings.TIME_ZONE})


@require_GET
def manifest(request: HttpRequest) -> HttpResponse:
    """Say how the page is installed on a phone."""
    return JsonResponse({
        "name": pgettext("door", "Gate"), "short_name": pgettext("door", "Gate"),
        "start_url": reverse("events:door"), "scope": reverse("events:door"),
        "display": "standalone", "background_color": "#f6f4ef", "theme_color": "#14675a", "lang": request.LANGUAGE_CODE,
        "icons": [{"src": static("shell/mark.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"}],
    }, content_type="application/manifest+json")


@lru_cache(maxsize=4)
def _worker(page: str) -> str:
    """Return the worker's script with the files it keeps; another file makes another cache."""
    found = [Path(str(find(name))) for name in (*FILES, WORKER)]
    template = Path(__file__).parent / "templates/events/gate.html"
    name = "door-" + sha256(b"".join(file.read_bytes() for file in (*found, template))).hexdigest()[:12]
    kept = json.dumps([page, *(static(one) for one in FILES)])
    return f"const NAME = {json.dumps(name)}, FILES = {kept};\n{found[-1].read_text(encoding='utf-8')}"


@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """Give the script that keeps the page on the phone; served here so that it may answer for the gate alone."""
    return HttpResponse(_worker(reverse("events:door")), content_type="text/javascript",
                        headers={"Cache-Control": "no-cache"})


def _content(request: HttpRequest) -> Any:
    """Return what a phone sent, None when it is no JSON of a sane size."""
    if len(request.body) > MOST_BYTES:
        return None
    try:
        return json.loads(request.body)
    except (ValueError, RecursionError):
        return None


def _text(content: Any, name: str, *, most: int) -> str | None:
    """Return a word that a phone sent, None when it is none that a table can keep."""
    word = content.get(name) if isinstance(content, dict) else None
    if not isinstance(word, str) or not word.replace("\u3000", " ").isprintable():
        return None
    return word.strip()[:most]


def _said(status: int = 200, **content: Any) -> JsonResponse:
    return JsonResponse(content, status=status, headers={"Cache-Control": "no-store"})


def enrolled(view: Answer) -> Answer:
    """Let a phone through that says the token of a device; no cookie counts, so nothing a foreign page can ride on."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        kind, _space, token = request.headers.get("Authorization", "").partition(" ")
        device = stations.device_of(token=token if kind == "Gate" else "", at=clock.now())
        return view(request, device) if device else _said(401, reason="revoked")

    return guarded


@csrf_exempt  # the code is the secret; no cookie is read
@require_POST
@limited("door_enrol")
def enrol(request: HttpRequest) -> HttpResponse:
    """Give a phone its token for the code that the organiser shows."""
    code = _text(_content(request), "code", most=40)
    found = stations.enrol(code=code, at=clock.now()) if code else None
    return _said(token=found[1], device=found[0].pk) if found else _said(403, reason="code")


@require_GET
@enrolled
def known(request: HttpRequest, device: Device) -> HttpResponse:
    """Give a phone what it must know to judge offline."""
    version = version_of(device.event)  # before the list: what is written meanwhile makes it old
    return _said(known=known_of(device), list=version, now=millis(clock.now()))


@csrf_exempt  # signed in by token, never by cookie
@require_POST
@enrolled
def sync(request: HttpRequest, device: Device) -> HttpResponse:
    """Take in what a phone scanned, and tell it what others saw."""
    content, at = _content(request), clock.now()
    try:
        take_in(device=device, content=content, at=at)
    except NotTaken as refusal:
        return _said(409, reason=refusal.reason, expected=refusal.expected)
    since = content.get("since")
    return _said(**stations.told(device=device, since=since if isinstance(since, int) else 0, at=at))


@csrf_exempt  # signed in by token, never by cookie
@require_POST
@enrolled
def on_the_spot(request: HttpRequest, device: Device) -> HttpResponse:
    """Register somebody who comes without a ticket; whoever has to pay goes to the desk first."""
    content = _content(request)
    name, key = _text(content, "name", most=60), _text(content, "key", most=64)
    if not name or not key:
        return _said(400, words=_("Write the name of who comes."))
    try:
        row = walk_in(device=device, name=name, key=key, at=clock.now())
    except Refusal as refusal:
        return _said(409, words=str(refusal))
    if not row.admits:
        return _said(code="", words=_("Registered as %(code)s. To be paid at the desk.") % {"code": row.code})
    return _said(code=row.code, words=_("Registered as %(code)s.") % {"code": row.code})
