"""A page to try the player: the film of the demonstration as a recording, and the same film as a stream."""

import re
from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from xinglin.kernel import clock
from xinglin.kernel.refs import ref
from xinglin.shell.asking import actor_of
from xinglin.shell.web import signed_in

from .. import film as films
from ..evidence import counted
from ..player import player_for
from ..spans import Span, local_day, next_midnight
from ..values import Kind, Session

NAME = re.compile(r"film\.m3u8|piece\d{3}\.ts")
TYPES = {"m3u8": "application/vnd.apple.mpegurl", "ts": "video/mp2t"}


@signed_in
def trial(request: HttpRequest, kind: str = "recording") -> HttpResponse:
    """Show the player with a film or a stream, and what the server counts for today."""
    person, at = actor_of(request).person, clock.now()
    if person is None or kind not in ("recording", "live"):
        raise Http404(_("There is nobody here to count minutes for."))
    day = local_day(at)
    seconds = films.PIECE * films.PIECES if kind == "recording" else 0
    today = Span(next_midnight(day - timedelta(days=1)), next_midnight(day))
    session = Session(session=ref("presence.trial", f"{kind}.{day}"), media_seconds=seconds, spans=(today,))
    source = reverse("presence:film", args=[films.LIST]) if kind == "recording" else reverse("presence:live_film")
    player = player_for(person=person, session=session.session, kind=Kind(kind), source=source, at=at,
                        media_seconds=seconds, title=_("Test card (fictional)"))
    mine = counted(sessions=[session], at=at, people=[person]).get(person)
    context = {"player": player, "kind": kind, "has_film": (films.folder() / films.LIST).exists(), "mine": mine}
    return render(request, "presence/trial.html", context)


@signed_in
def film(request: HttpRequest, name: str) -> HttpResponse:
    """Give the list or a piece of the film."""
    file = films.folder() / name
    if not NAME.fullmatch(name) or not file.exists():
        raise Http404
    return HttpResponse(file.read_bytes(), content_type=TYPES[name.rpartition(".")[2]])


@signed_in
def live(request: HttpRequest) -> HttpResponse:
    """Give the list of the simulated stream as it is now."""
    return HttpResponse(films.live_list(at=clock.now()), content_type=TYPES["m3u8"])
