"""What a player asks the server: to open a sitting, and to take a heartbeat."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from xinglin.directory.security.before_middleware import note_refusal
from xinglin.kernel import clock
from xinglin.shell.asking import actor_of
from xinglin.shell.web import signed_in

from ..player import ticket_in
from ..short_way import MOST_BYTES, answered
from ..sittings import open_sitting


@require_POST
@signed_in
def opens(request: HttpRequest) -> HttpResponse:
    """Open a sitting for whom the ticket names, if that is who asks."""
    ticket, at = ticket_in(request.POST.get("ticket", "")), clock.now()
    if ticket is None:
        return JsonResponse({"state": "stale", "words": _("This page is too old. Open it again.")}, status=410)
    if ticket.person != actor_of(request).person:
        return JsonResponse({"state": "stranger", "words": _("This page was opened by another account.")}, status=403)
    opened = open_sitting(person=ticket.person, session=ticket.session, kind=ticket.kind, at=at,
                          until_at=ticket.until_at)
    check = opened.check_until_at and (opened.check_until_at - at).total_seconds()
    return JsonResponse({
        "token": opened.token, "secret": opened.secret, "beat": opened.beat_seconds, "state": opened.state,
        "counted": opened.counted.total_seconds(), "resume": opened.resume_seconds, "check": check,
    })


@csrf_exempt  # signed by the sitting itself
@require_POST
def beats(request: HttpRequest) -> HttpResponse:
    """Take a heartbeat where the server does not take the short way (short_way.py)."""
    body = request.body if len(request.body) <= MOST_BYTES else b""
    status, answer, told = answered(body=body, at=clock.now())
    if told.excess:  # what is forged the middleware notes, as every 403
        note_refusal(environ=request.META, status=int(status[:3]), who=told.excess)
    return HttpResponse(answer, status=int(status[:3]), content_type="application/json",
                        headers={"Cache-Control": "no-store"})
