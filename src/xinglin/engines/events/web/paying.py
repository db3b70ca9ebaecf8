"""Paying online: off to the service, its signed notices, and the simulator's page that stands for a payer's app."""

import secrets

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from xinglin.kernel import clock
from xinglin.kernel.policy import Refusal
from xinglin.shell.web import done

from ..orders import Order
from ..paying import SIMULATOR, NotGenuine, service, take_notice

HEADER = "X-Payment-Signature"
HOW = ("pays", "thrice", "late", "fails")


@require_POST
def pay(request: HttpRequest, key: str) -> HttpResponse:
    """Send the payer to the payment service."""
    order = get_object_or_404(Order.objects.weighed(), key=key)
    one = service()
    if one is None or order.owed <= 0 or order.cancelled_on:
        raise Http404
    return redirect(one.begin(order=order))


@csrf_exempt  # a service has no session; its signature is all that counts
@require_POST
def notice(request: HttpRequest, code: str) -> HttpResponse:
    """Take a notice of a payment service; told again it is answered alike and booked once."""
    try:
        row = take_notice(code=code, body=request.body[:10000], signature=request.headers.get(HEADER, ""),
                          at=clock.now())
    except NotGenuine as refusal:
        return JsonResponse({"message": str(refusal)}, status=403)
    except Refusal as refusal:
        return JsonResponse({"message": str(refusal)}, status=409)
    return JsonResponse({"booked": row.serial})


def simulator(request: HttpRequest, key: str) -> HttpResponse:
    """Stand for a payer's app: pay, pay with the notice told three times or a day late, or fail."""
    order = get_object_or_404(Order.objects.weighed().select_related("event"), key=key)
    if service() is not SIMULATOR:
        raise Http404
    how = request.POST.get("how", "")
    if request.method == "POST" and how in HOW:
        times = SIMULATOR.behave(
            how=how, order=order, amount=order.owed, transaction=secrets.token_hex(8), at=clock.now(),
            deliver=lambda body, signature: take_notice(code="simulator", body=body, signature=signature,
                                                        at=clock.now()))
        text = _("Paid.") if times else _("The payment failed; nothing was booked. Try again or pay another way.")
        return done(request, text, f"/events/ordered/{order.key}/", level="ok" if times else "bad")
    return render(request, "events/simulator.html", {"order": order, "event": order.event})
