"""The desk on the spot: who comes without a ticket is registered, pays, and gets a badge."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from xinglin.directory.models import Person
from xinglin.kernel import clock
from xinglin.kernel.policy import Refusal
from xinglin.mechanics.booking import holding
from xinglin.shell.asking import actor_of
from xinglin.shell.forms import Choose, Form
from xinglin.shell.web import allow, done, signed_in

from ..meetings import Event
from ..offers import Channel, Offer, Ticket
from ..places import Party
from ..pricing import price_of
from ..registration_policy import may_run_registrations
from ..registrations import Registration, State
from ..walk_ins import on_the_spot
from .register import seen_event
from .registering_forms import MOBILE


class DeskForm(Form):
    """Who stands at the desk, and under which ticket they come in."""

    ticket = forms.ModelChoiceField(label=_("Ticket"), queryset=Ticket.objects.none(), empty_label=None,
                                    widget=forms.RadioSelect)
    person = Choose(kind="directory.person", label=_("Somebody of the directory"), required=False,
                    help_text=_("Members pay the members' price."))
    name = forms.CharField(label=_("Full name"), max_length=60, required=False)
    unit_name = forms.CharField(label=_("Place of work"), max_length=120, required=False)
    mobile = forms.CharField(label=_("Mobile"), max_length=20, validators=[MOBILE], required=False)
    voucher = forms.CharField(label=_("Voucher code"), max_length=40, required=False)
    visit = forms.RegexField(r"^[A-Za-z0-9]{1,32}$", widget=forms.HiddenInput)  # two clicks are one registration

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["ticket"].queryset = Ticket.objects.filter(event=event, channel=Channel.ON_SITE).order_by("order", "pk")
        self.initial.setdefault("ticket", fields["ticket"].queryset.first())

    def party(self) -> Party:
        """Return who comes."""
        given = self.cleaned_data
        person = Person.objects.filter(pk=given["person"].key).first() if given["person"] else None
        return Party(name=given["name"], person=person, mobile=given["mobile"] or (person.mobile if person else ""),
                     unit_name=given["unit_name"] or (person.workplace if person else "") or "")


@signed_in
def desk(request: HttpRequest, key: int) -> HttpResponse:
    """Register who comes without a ticket; what is owed is taken on the page of the order."""
    event = seen_event(request, key)
    allow(may_run_registrations(actor=actor_of(request), event=event))
    form = DeskForm(request.POST or None, event=event, initial={"visit": get_random_string(16)})
    if request.method == "POST" and form.is_valid() and (row := _registered(request, form)):
        said = _("Registered as %(code)s.") % {"code": row.code}
        if row.order and row.state == State.HELD:
            return done(request, said, row.order.get_absolute_url())
        return done(request, said, row.get_absolute_url())
    return render(request, "events/desk.html", {
        "event": event, "form": form, "tickets": _offered(event), "last": Registration.objects.live().filter(
            event=event).select_related("ticket").order_by("-pk")[:5]}, status=422 if form.failed else 200)


def _registered(request: HttpRequest, form: DeskForm) -> Registration | None:
    given = form.cleaned_data
    try:
        return on_the_spot(by=actor_of(request), on=clock.today(), at=clock.now(), ticket=given["ticket"],
                           party=form.party(), key=f"desk-{given['visit']}", voucher=given["voucher"])
    except Refusal as refusal:
        form.refuse(refusal)
        return None


def _offered(event: Event) -> list[dict[str, Any]]:
    """Return the tickets of the hall with their prices of today and what is left at the desk."""
    at, offer = clock.now(), Offer.objects.in_force(event=event.pk, at=clock.now())
    if offer is None:
        return []
    tickets = list(Ticket.objects.offered(offer=offer).filter(channel=Channel.ON_SITE).order_by("order", "pk"))
    left = holding.left(items=[one.desk_item for one in tickets], at=at)
    return [{"ticket": one, "left": left.get(one.desk_item), "prices": [
        price_of(offer=offer, ticket=one, member=member, on=clock.today()) for member in (False, True)]}
        for one in tickets]
