"""Attendance of a project, the credits that come of it with a preview of everybody, and why an award is what it is."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xinglin.directory.models import Person
from xinglin.kernel import clock
from xinglin.kernel.refs import Ref
from xinglin.shell.asking import actor_of
from xinglin.shell.web import allow, done, perform, signed_in

from ..actions.attendance import Presence, by_hand, enter_attendance
from ..actions.awards import issue_credits, revoke_award
from ..actions.certificates import issue_certificate, issue_certificates, replace_certificate, revoke_certificate
from ..certificates import Certificate
from ..computing import Reckoned, completed_on, reckon
from ..credits import Attendance, Award, Kind, Role
from ..policy import keeps, may_keep, may_record, may_see_award, may_take_paper
from ..projects import DONE, Project
from ..rules import rules_of
from .forms import PresenceForm, ReasonForm
from .lists import Attendances
from .register import seen


@signed_in
def attendance(request: HttpRequest, pk: int) -> HttpResponse:
    """Show who attended; whoever runs the project types what no gate saw."""
    row, on = seen(request, pk), clock.today()
    verdict = may_record(actor=actor_of(request), project=row, on=on)
    form = PresenceForm(request.POST if request.method == "POST" and "export" not in request.POST else None,
                        initial={"day": row.from_on})
    if form.is_bound:
        allow(verdict)
    if form.is_valid() and _enter(request, row, form):
        return done(request, _("Attendance entered."), request.path)
    table = Attendances(request)
    table.project = row
    people = Attendance.objects.present().filter(project=row).order_by().values("person").distinct().count()
    answer = table.response("learning/attendance.html", {
        "project": row, "form": form, "verdict": verdict, "people": people})
    answer.status_code = 422 if form.failed else answer.status_code
    return answer


def _enter(request: HttpRequest, row: Project, form: PresenceForm) -> bool:
    """Enter what was typed: an attendance and, where one is given, the score of the test."""
    given = form.cleaned_data
    person = Person.objects.get(pk=given["person"].key)
    rows = Attendance.objects.filter(project=row, person=person, day=given["day"])
    old = rows.standing().filter(channel=given["channel"], role=given["role"]).order_by("pk").last()
    presence = Presence(
        person=person, day=given["day"], minutes=given["minutes"], channel=given["channel"], role=given["role"],
        source=by_hand(person, row, given["day"], rows.count() + 1))
    return bool(perform(request, enter_attendance, form, project=row, presence=presence, score=given["score"],
                        corrects=Ref(old.source) if old else None))


def _lines(row: Project) -> list[dict[str, Any]]:
    """Return everybody who attended with what they earn and what they have been given."""
    given = {(one.person_id, one.kind): one for one in row.awards.standing().select_related("person")}
    papers = set(Certificate.objects.filter(award__project=row, revoked_on=None).values_list("award", flat=True))
    lines = []
    for one in reckon(row):
        award = given.pop((one.person.pk, str(one.kind)), None)
        same = bool(award) and (award.credits, award.minutes) == (one.credits, one.counted)
        state = "given" if same else "changed" if award else "due" if one.credits else "none"
        lines.append({"one": one, "award": award, "state": state, "paper": bool(award and award.pk in papers)})
    for award in given.values():  # nothing is left of what it was given for
        gone = Reckoned(person=award.person, role=Role.LECTURER if award.kind == Kind.LECTURING else Role.LEARNER,
                        refused=_("No attendance is left."))
        lines.append({"one": gone, "award": award, "state": "changed", "paper": award.pk in papers})
    return lines


@signed_in
def credits(request: HttpRequest, pk: int) -> HttpResponse:
    """Show who gets what and why not, before it is issued; the CME office issues, and makes out the papers."""
    row, on = seen(request, pk), clock.today()
    verdict, lines = may_keep(actor=actor_of(request), on=on), _lines(row)
    if request.method == "POST":
        return _issue(request, row, lines)
    day, none = completed_on(row), [one for one in lines if one["state"] == "none"]
    return render(request, "learning/credits.html", {
        "project": row, "lines": lines, "shown": [one for one in lines if one["state"] != "none"], "rest": none,
        "verdict": verdict, "ready": row.state in ("reported", "credited", "audited"), "none": len(none),
        "due": [one for one in lines if one["state"] in ("due", "changed")], "day": day, "rules": rules_of(day),
        "per": rules_of(day).minutes[row.level], "total": sum(one["one"].credits for one in lines), "bare": sum(
            1 for one in lines if one["award"] and not one["paper"]), "held": row.state in DONE})


def _issue(request: HttpRequest, row: Project, lines: list[dict[str, Any]]) -> HttpResponse:
    if "papers" in request.POST:
        awards = [one["award"] for one in lines if one["award"]]
        outcome = perform(request, issue_certificates, awards=awards)
        words = ngettext("%(n)d certificate made out.", "%(n)d certificates made out.", len(outcome.answer or ())) % {
            "n": len(outcome.answer or ())}
    else:
        outcome = perform(request, issue_credits, project=row)
        words = ngettext("Credits given to %(n)d person.", "Credits given to %(n)d people.",
                         len(outcome.answer or ())) % {"n": len(outcome.answer or ())}
    return done(request, words if outcome.ok else outcome.refusal, reverse("learning:credits", args=[row.pk]),
                level="ok" if outcome.ok else "bad")


def reckoned(award: Award) -> Reckoned | None:
    """Return how an award was reckoned, as its attendance says today."""
    return next((one for one in reckon(award.project) if one.person.pk == award.person_id and
                 str(one.kind) == award.kind), None) if award.project else None


@signed_in
def award(request: HttpRequest, pk: int) -> HttpResponse:
    """Say why an award is what it is: minutes day by day, what was cut off, by which rule."""
    row = get_object_or_404(Award.objects.select_related("person", "project__branch", "claim"), pk=pk)
    actor, on = actor_of(request), clock.today()
    allow(may_see_award(actor=actor, award=row))
    form = ReasonForm(request.POST or None) if keeps(actor=actor, on=on) and not row.revoked_on else None
    if form and form.is_valid() and perform(request, revoke_award, form, award=row, **form.cleaned_data):
        return done(request, _("Credits taken back, with the certificate."), request.path)
    return render(request, "learning/award.html", {
        "award": row, "one": reckoned(row), "form": form, "rules": rules_of(row.completed_on),
        "papers": row.certificates.all(), "mine": actor.person == row.person.ref,
        "may_paper": may_take_paper(actor=actor, award=row, on=on), "keeps": form is not None or keeps(
            actor=actor, on=on)}, status=422 if form and form.failed else 200)


@signed_in
def take_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """Make out the certificate of an award, or another in place of one that says a name of old."""
    row = get_object_or_404(Award, pk=pk)
    held = row.certificates.filter(revoked_on=None).first()
    if request.method != "POST":
        return done(request, "", row.get_absolute_url())
    outcome = perform(request, replace_certificate, certificate=held) if held else perform(
        request, issue_certificate, award=row)
    words = _("Credit certificate %(number)s made out.") % {"number": outcome.answer.number} if outcome.ok else ""
    return done(request, words or outcome.refusal, row.get_absolute_url(), level="ok" if outcome.ok else "bad")


@signed_in
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one certificate to the CME office, which revokes it with a reason."""
    row = get_object_or_404(Certificate.objects.select_related("award__person", "award__project", "award__claim"),
                            pk=pk)
    allow(may_keep(actor=actor_of(request), on=clock.today()))
    form = ReasonForm(request.POST or None)
    if form.is_valid() and perform(request, revoke_certificate, form, certificate=row, **form.cleaned_data):
        return done(request, _("Revoked; whoever verifies it reads so."), row.award.get_absolute_url())
    return render(request, "learning/form.html", {"form": form, "title": _("Revoke certificate %(number)s") % {
        "number": row.number}, "back": row.award.get_absolute_url()}, status=422 if form.failed else 200)
