"""Pages by which somebody without an account confirms an e-mail address."""

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from xinglin.directory.security.rates import limited
from xinglin.directory.telling import tell
from xinglin.shell.web import done

from ..carts import VISITOR
from .registering_forms import EmailForm

LIFE = 86400  # seconds a link in a letter holds


@limited("event_visitor")
def visitor(request: HttpRequest) -> HttpResponse:
    """Let somebody without an account confirm an e-mail address."""
    event = request.GET.get("event", "") or request.POST.get("event", "")
    form = EmailForm(request.POST or None)
    if form.is_valid():
        email = form.cleaned_data["email"]
        token = signing.dumps([email, event], salt="events.visitor")
        url = f"{settings.XINGLIN_URL}{reverse('events:confirm_visitor', args=[token])}"
        tell(email=email, subject=_("Go on with your registration"), words=_(
            "Go on here within a day: %(url)s\nIf you did not ask for this, do nothing.") % {"url": url})
        return render(request, "events/visitor_sent.html", {"email": email})
    return render(request, "events/visitor.html", {"form": form, "event": event},
                  status=422 if form.failed else 200)


def confirm_visitor(request: HttpRequest, token: str) -> HttpResponse:
    """Remember in the session that an address is confirmed, and go on."""
    try:
        email, event = signing.loads(token, salt="events.visitor", max_age=LIFE)
    except signing.BadSignature:
        return done(request, _("This link is too old; ask for another."), reverse("events:visitor"), level="warn")
    request.session[VISITOR] = email
    return redirect("events:choose", int(event)) if str(event).isdecimal() else redirect("events:calendar")
