"""Pages of the register: the list, one member, entering, tiers, waivers, branches, and letters to many."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from xinglin.directory.models import Organisation, Person
from xinglin.kernel import clock
from xinglin.kernel.actors import Actor
from xinglin.shell.asking import actor_of
from xinglin.shell.web import allow, done, perform, signed_in

from .. import statuses
from ..accounts import account_of
from ..actions.affiliations import begin_affiliation, end_affiliation, transfer_member
from ..actions.members import Newcomer, admit_members, end_waiver, grade_member, waive_fee
from ..actions.writing import write_to_members
from ..addressees import unheard
from ..answers import status_of
from ..applicants import contact_named
from ..members import Coverage, Member
from ..policy import is_own, may_keep_members, may_see_member, may_see_members, may_write_to_members, sees_all
from ..records import OPEN, record_of
from ..tiers import Tier
from .register_forms import AdmitForm, BranchForm, EndWaiverForm, GradeForm, LetterForm, WaiverForm
from .register_lists import Members
from .years import year_asked


@signed_in
def register(request: HttpRequest) -> HttpResponse:
    """Show the register; the answer counts the members of today by status."""
    actor = actor_of(request)
    allow(may_see_members(actor=actor))
    table = Members(request)
    counts = table.today
    return table.response("membership/members.html", {
        "counts": counts, "number": sum(counts.values()) - counts["left"],
        "follow": counts["renewing"] + counts["grace"], "may_keep": may_keep_members(actor=actor),
        "unheard": unheard(on=clock.today()).count() if may_keep_members(actor=actor) else 0})


def seen_member(request: HttpRequest, pk: int) -> Member:
    """Return a member whom the reader may see."""
    member = get_object_or_404(Member.objects.select_related("person", "unit"), pk=pk)
    allow(may_see_member(actor=actor_of(request), member=member, on=clock.today()))
    return member


@signed_in
def member(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one member: status and why, rights and duties, branches, fees, and what the ledger tells of a year."""
    one, on = seen_member(request, pk), clock.today()
    status, actor = status_of(one, on=on), actor_of(request)
    types = None if sees_all(actor) or is_own(actor=actor, member=one) else OPEN
    spells = one.spells.select_related("brought_by").prefetch_related("coverages").order_by("-joined_on")
    return render(request, "membership/member.html", {
        "member": one, "on": on, "status": status, "why": statuses.reason(status) if status else "",
        "account": account_of(one, on=on), "spells": spells, "tiers": one.tiers.select_related("tier"),
        "affiliations": one.affiliations.select_related("organisation").order_by("-from_on"),
        "covers": [cover for spell in spells for cover in spell.coverages.all()][::-1],
        "record": record_of(one, year=year_asked(request), types=types), "may_keep": may_keep_members(actor=actor),
        "unheard": _unheard(one, actor)})


def _unheard(one: Member, actor: Actor) -> str | None:
    """Return whom the office might ask about a unit nobody can be written to, None when somebody can."""
    if not (one.unit_id and may_keep_members(actor=actor) and unheard(on=clock.today()).filter(pk=one.pk).exists()):
        return None
    return contact_named(one)


@signed_in
def admit(request: HttpRequest) -> HttpResponse:
    """Enter a member of old, or one whom the governing body invited."""
    allow(may_keep_members(actor=actor_of(request)))
    form = AdmitForm(request.POST or None)
    if form.is_valid():
        outcome = perform(request, admit_members, form, newcomers=[_newcomer(form.cleaned_data)],
                          joined_on=form.cleaned_data["joined_on"], decision=form.cleaned_data["decision"])
        if outcome.ok:
            [spell] = outcome.answer
            return done(request, _("Entered: %(name)s, number %(number)s.") % {
                "name": spell.member.name, "number": spell.member.number}, spell.member.get_absolute_url())
    return render(request, "membership/form.html", {"form": form, "title": _("Enter a member")},
                  status=422 if form.failed else 200)


def _newcomer(given: dict[str, Any]) -> Newcomer:
    person, unit, branch = given["person"], given["unit"], given["branch"]
    who = Person.objects.get(pk=person.key) if person else Organisation.objects.get(pk=unit.key)
    return Newcomer(who=who, tier=Tier.objects.get(code=given["tier"]),
                    branch=Organisation.objects.get(pk=branch.key) if branch else None)


@signed_in
def grade(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a member another tier."""
    one = seen_member(request, pk)
    allow(may_keep_members(actor=actor_of(request)))
    form = GradeForm(request.POST or None, holder=one.holder_kind.value)
    if form.is_valid():
        tier = Tier.objects.get(code=form.cleaned_data["tier"])
        if perform(request, grade_member, form, member=one, tier=tier, from_on=form.cleaned_data["from_on"]).ok:
            return done(request, _("Another tier: %(tier)s.") % {"tier": tier}, one.get_absolute_url())
    return _form(request, one, form, _("Another tier"))


@signed_in
def waive(request: HttpRequest, pk: int) -> HttpResponse:
    """Waive a member's fee."""
    one = seen_member(request, pk)
    allow(may_keep_members(actor=actor_of(request)))
    form = WaiverForm(request.POST or None)
    if form.is_valid() and perform(request, waive_fee, form, member=one, **form.cleaned_data).ok:
        return done(request, _("The fee is waived."), one.get_absolute_url())
    return _form(request, one, form, _("Waive the fee"))


@signed_in
def end_cover(request: HttpRequest, pk: int, cover: int) -> HttpResponse:
    """End a member's waiver or free seat; back to the unit's seats when it was one."""
    one = seen_member(request, pk)
    allow(may_keep_members(actor=actor_of(request)))
    row = get_object_or_404(Coverage.objects.select_related("unit"), pk=cover, spell__member=one)
    form = EndWaiverForm(request.POST or None)
    if form.is_valid() and perform(request, end_waiver, form, coverage=row, **form.cleaned_data).ok:
        url = reverse("membership:seats", args=[row.unit_id]) if row.unit_id else one.get_absolute_url()
        return done(request, _("%(name)s owes the fee again from %(day)s.") % {
            "name": one.name, "day": form.cleaned_data["until_on"]}, url)
    return _form(request, one, form, _("End the free seat") if row.unit_id else _("End the waiver"))


@signed_in
def branch(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a member into a branch or group, or move them there from another."""
    one = seen_member(request, pk)
    rows = one.affiliations.filter(until_on=None).select_related("organisation")
    form = BranchForm(request.POST or None,
                      branches=[(str(row.organisation_id), row.organisation.label) for row in rows])
    if form.is_valid():
        after = Organisation.objects.get(pk=form.cleaned_data["organisation"].key)
        given = {"member": one, "from_on": form.cleaned_data["from_on"]}
        left = form.cleaned_data["leaves"]
        before = next((row.organisation for row in rows if str(row.organisation_id) == left), None)
        outcome = (perform(request, transfer_member, form, before=before, after=after, **given) if before else
                   perform(request, begin_affiliation, form, organisation=after, main=not rows, **given))
        if outcome.ok:
            return done(request, _("Belongs to %(branch)s now.") % {"branch": after.label}, one.get_absolute_url())
    return _form(request, one, form, _("Branches of %(name)s") % {"name": one.name})


def _form(request: HttpRequest, one: Member, form: Any, title: str) -> HttpResponse:
    return render(request, "membership/form.html", {"form": form, "title": title, "member": one},
                  status=422 if form.failed else 200)


@require_POST
@signed_in
def leave_branch(request: HttpRequest, pk: int, key: int) -> HttpResponse:
    """Let a member leave a branch or group today."""
    one, organisation = seen_member(request, pk), get_object_or_404(Organisation, pk=key)
    outcome = perform(request, end_affiliation, member=one, organisation=organisation, until_on=clock.today())
    words = _("No longer in %(branch)s.") % {"branch": organisation.label}
    return done(request, words if outcome.ok else outcome.refusal, one.get_absolute_url(),
                level="ok" if outcome.ok else "bad")


@require_POST
@signed_in
def write_to(request: HttpRequest) -> HttpResponse:
    """Write to the members picked in the list: words first, then it goes out."""
    allow(may_write_to_members(actor=actor_of(request)))
    rows = Members(request).picked()
    keys = [key for key in request.POST.getlist("member") if key.isdecimal()]
    keys = keys or [str(key) for key in rows.values_list("member", flat=True)]
    form = LetterForm(None if request.POST.get("from_list") else request.POST)
    if form.is_valid():
        outcome = perform(request, write_to_members, form, members=list(map(int, keys)), **form.cleaned_data)
        if outcome.ok:
            return done(request, ngettext("Sent to %(n)d member.", "Sent to %(n)d members.", outcome.answer) % {
                "n": outcome.answer}, reverse("membership:members"))
    return render(request, "membership/write.html", {"form": form, "keys": keys}, status=422 if form.failed else 200)
