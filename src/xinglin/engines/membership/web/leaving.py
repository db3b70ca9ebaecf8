"""Pages of exits: the member leaves or appeals, the office writes exits down, takes them back and decides appeals."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xinglin.kernel import clock
from xinglin.shell.navigation import address
from xinglin.shell.web import allow, done, perform, signed_in

from ..actions.appeals import decide_appeal, lodge_appeal
from ..actions.exits import end_membership, leave, reinstate
from ..certificates import Appeal
from ..members import Member, Spell
from ..policy import may_keep_members
from .leaving_forms import AppealForm, DecisionForm, ExitForm, ReinstateForm
from .mine import card_of
from .own import own, own_page, place

ENDS = (
    gettext_lazy("The membership ends today; branches and groups are left with it."),
    gettext_lazy("Fees already paid are not paid back."),
    gettext_lazy("Your number stays yours. You can join again at any time, and your history is kept."),
    gettext_lazy("Nobody has to agree, and nothing is to be settled first."),
)


@own
def leave_page(request: HttpRequest, member: Member) -> HttpResponse:
    """Say what leaving does, and leave on the confirmation; nothing stands in the way (M4)."""
    if request.method == "POST":
        outcome = perform(request, leave, member=member)
        words = _("You have left. Your number %(number)s stays yours.") % {"number": member.number}
        return done(request, words if outcome.ok else outcome.refusal, place(member, "mine"),
                    level="ok" if outcome.ok else "bad")
    return own_page(request, "mine_leave", member, card=card_of(member, on=clock.today()), ends=ENDS)


@own
def appeal_page(request: HttpRequest, member: Member) -> HttpResponse:
    """Object to a lapse or an expulsion."""
    form = AppealForm(request.POST or None)
    if form.is_valid() and perform(request, lodge_appeal, form, member=member, words=form.cleaned_data["words"]):
        return done(request, _("Lodged. The office decides and answers by notice."), place(member, "mine"))
    return own_page(request, "mine_appeal", member, form=form, card=card_of(member, on=clock.today()),
                    status=422 if form.failed else 200)


# The office ---------------------------------------------------------------------------------------------------

def _member(request: HttpRequest, pk: int) -> Member:
    allow(may_keep_members(actor=request.actor))
    return get_object_or_404(Member.objects.select_related("person", "unit"), pk=pk)


def page_of(member: Member) -> str:
    """Return the address of a member's page in the register, or the front page while there is none."""
    return address("membership:member", {"pk": member.pk}) or "/"


@signed_in
def exit_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down an exit: on paper, by death, resolution or the end of a unit."""
    member, on = _member(request, pk), clock.today()
    form = ExitForm(request.POST or None, member=member, on=on)
    if form.is_valid():
        given = form.cleaned_data
        outcome = perform(request, end_membership, form, member=member, how=Spell.Ended(given["how"]),
                          ended_on=given["ended_on"], decision=given["decision"])
        if outcome.ok:
            return done(request, _("Written down: %(name)s is no longer a member.") % {"name": member.name},
                        page_of(member))
    return render(request, "membership/exit.html", {
        "form": form, "member": member, "back": page_of(member), "card": card_of(member, on=on)},
        status=422 if form.failed else 200)


@signed_in
def reinstate_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a lapse or an expulsion back."""
    member, on = _member(request, pk), clock.today()
    form = ReinstateForm(request.POST or None)
    if form.is_valid() and perform(request, reinstate, form, member=member, reason=form.cleaned_data["reason"]):
        return done(request, _("Taken back: %(name)s is a member as before.") % {"name": member.name},
                    page_of(member))
    card = card_of(member, on=on)
    return render(request, "membership/reinstate.html", {
        "form": form, "member": member, "back": page_of(member), "card": card,
        "appeal": card.spell.appeals.filter(decided_on=None).first()}, status=422 if form.failed else 200)


@signed_in
def appeals(request: HttpRequest) -> HttpResponse:
    """List the appeals: open ones first."""
    allow(may_keep_members(actor=request.actor))
    rows = Appeal.objects.select_related("spell__member__person", "spell__member__unit")
    return render(request, "membership/appeals.html", {
        "open": [(one, _days(one, clock.today())) for one in rows.filter(decided_on=None)],
        "decided": rows.exclude(decided_on=None).order_by("-decided_on", "-pk")[:50]})


def _days(appeal: Appeal, on: date) -> int:
    return (on - appeal.lodged_on).days


@signed_in
def appeal(request: HttpRequest, pk: int) -> HttpResponse:
    """Read one appeal and decide it."""
    allow(may_keep_members(actor=request.actor))
    row = get_object_or_404(Appeal.objects.select_related("spell__member__person", "spell__member__unit"), pk=pk)
    form = DecisionForm(request.POST or None)
    if form.is_valid():
        given = form.cleaned_data
        outcome = perform(request, decide_appeal, form, appeal=row, upheld=given["upheld"] == "yes",
                          answer=given["answer"])
        if outcome.ok:
            return done(request, _("Decided; the member reads the answer."), reverse("membership:appeals"))
    return render(request, "membership/appeal.html", {"form": form, "appeal": row, "member": row.spell.member},
                  status=422 if form.failed else 200)
