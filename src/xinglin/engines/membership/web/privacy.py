"""The member's privacy: what is stored, as a file, what is allowed, and the request to delete."""

import json
from io import BytesIO

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from xinglin.kernel import clock
from xinglin.lib.tables import write_xlsx
from xinglin.shell.actions.exporting import export_list
from xinglin.shell.asking import actor_of
from xinglin.shell.web import allow, done, perform, signed_in

from ..actions.choices import make_choice
from ..actions.erasing import erase_personal_words
from ..certificates import Choice
from ..members import Member, Spell
from ..policy import may_keep_members
from ..stored import HEADS, stored
from .mine import card_of
from .own import own, own_page, place

ERASURE = Choice.What.ERASURE
FORMS = {"xlsx": gettext_lazy("Take along as XLSX"), "json": gettext_lazy("Take along as JSON")}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@own
def privacy(request: HttpRequest, member: Member) -> HttpResponse:
    """Show what is stored and what is allowed."""
    chosen = {one.what: one for one in member.choices.all()}
    of_people = (Choice.What.SUGGESTIONS, Choice.What.UNIT_SHOWN)
    switches = [(what, chosen.get(what.value), place(member, "choose_privacy", what.value)) for what in Choice.What
                if what != ERASURE and not (member.unit_id and what in of_people)]
    return own_page(
        request, "mine_privacy", member, items=stored(member), switches=switches, erasure=chosen.get(ERASURE.value),
        ask=place(member, "choose_privacy", ERASURE.value), card=card_of(member, on=clock.today()),
        take=[(label, place(member, "stored", form)) for form, label in FORMS.items()])


@require_POST
@own
def choose(request: HttpRequest, member: Member, what: str) -> HttpResponse:
    """Switch one choice on or off."""
    if what not in Choice.What.values:
        return done(request, _("There is no such choice."), place(member, "privacy"), level="bad")
    allowed = request.POST.get("allowed") == "1"
    outcome = perform(request, make_choice, member=member, what=Choice.What(what), allowed=allowed)
    words = (_("Switched on.") if allowed else _("Switched off.")) if outcome.ok else outcome.refusal
    return done(request, words, place(member, "privacy"), level="ok" if outcome.ok else "bad")


@require_POST
@own
def export(request: HttpRequest, member: Member, form: str) -> HttpResponseBase:
    """Give all that is stored about the member as a file; that it was taken out is a fact."""
    if form not in FORMS:
        raise Http404
    items = stored(member)
    export_list(by=actor_of(request), on=clock.today(), table="membership.own_record", rows=len(items), form=form,
                narrowed=True)
    lines = [[str(one.part), str(one.label), one.value] for one in items]
    if form == "json":
        heads = ("part", "label", "value")
        content = json.dumps([dict(zip(heads, line, strict=True)) for line in lines], ensure_ascii=False, indent=1)
        response = HttpResponse(content, content_type="application/json; charset=utf-8")
    else:
        book = BytesIO()
        write_xlsx(target=book, columns=[str(one) for one in HEADS], rows=lines)
        response = HttpResponse(book.getvalue(), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{member.number}.{form}"'
    return response


# The office ---------------------------------------------------------------------------------------------------

@signed_in
def erasures(request: HttpRequest) -> HttpResponse:
    """List who asks for deletion, and whether the exit lets it be done."""
    allow(may_keep_members(actor=request.actor))
    rows = Choice.objects.filter(what=ERASURE, allowed=True).select_related("member__person", "member__unit")
    still = set(Spell.objects.filter(ended_on=None, member__in=rows.values("member")).values_list("member", flat=True))
    return render(request, "membership/erasures.html", {
        "rows": [(one, one.member_id in still) for one in rows.order_by("chosen_on")]})


@signed_in
def erase(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what deletion does, and do it on the confirmation."""
    allow(may_keep_members(actor=request.actor))
    row = get_object_or_404(Choice.objects.select_related("member__person", "member__unit"), pk=pk, what=ERASURE)
    if request.method == "POST":
        outcome = perform(request, erase_personal_words, member=row.member)
        return done(request, _("Deleted; the chain keeps its proof.") if outcome.ok else outcome.refusal,
                    reverse("membership:erasures"), level="ok" if outcome.ok else "bad")
    return render(request, "membership/erase.html", {"member": row.member, "row": row})
