"""Public pages of applicants: choose, fill in, hand in, see where it stands, correct, withdraw; no account needed."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xinglin.directory.security.rates import TooOften, demand, limited, too_often
from xinglin.kernel import clock
from xinglin.mechanics.questionnaires.answers import keep_files
from xinglin.mechanics.questionnaires.forms import AnswersForm, answers_form
from xinglin.shell.asking import actor_of
from xinglin.shell.web import done, perform

from ..actions.applications import hand_in_again, submit_application, withdraw_application
from ..actions.erasing import erase_application
from ..applicants import due_on, vouching
from ..applications import OVER, Application, Draft, State
from ..applying import questionnaire, tiers_open
from ..drafts import begin_draft, kept_of, reopen, save_draft, typed_of
from ..forgetting import erases_on, withdraws_on
from ..telling_applicants import send_link
from ..tiers import Holder
from .applications_lists import stages_of

CORRECTABLE = (State.RETURNED, State.SUBMITTED)


@limited("apply")
def choose(request: HttpRequest) -> HttpResponse:
    """Let somebody say whether a person or a unit applies, and begin a draft."""
    on, actor = clock.today(), actor_of(request)
    account = actor.ref if actor.ref.kind == "directory.account" else ""
    if request.method == "POST" and request.POST.get("holder") in Holder.values:
        draft = begin_draft(holder=request.POST["holder"], account=account)
        return redirect("membership:apply", draft.key)
    ways = [(one, tiers_open(holder=one.value, on=on)) for one in Holder]
    begun = Draft.objects.filter(account=account, application=None).order_by("-changed_at") if account else ()
    return render(request, "membership/choose.html", {"ways": ways, "begun": begun})


def apply(request: HttpRequest, key: str) -> HttpResponse:
    """Show the form that is being filled in, else where the application stands."""
    application = Application.objects.filter(key=key).select_related("tier", "branch", "member").first()
    draft = Draft.objects.filter(key=key).first()
    if draft and (application is None or (draft.application_id and application.state in CORRECTABLE)):
        return _fill_in(request, draft)
    if application is None:
        raise Http404
    return _stands(request, application)


@limited("apply_send")
def _fill_in(request: HttpRequest, draft: Draft) -> HttpResponse:
    form = _form(request, draft)
    if request.method != "POST":
        return _page(request, draft, form)
    valid = form.is_valid()
    save_draft(draft=draft, typed=form.typed(), kept=keep_files(form))
    if request.POST.get("step") == "later":
        return _later(request, draft, form)
    if valid and not form.errors and (answer := _hand_in(request, draft, form)):
        return answer
    return _page(request, draft, form)


def _form(request: HttpRequest, draft: Draft) -> AnswersForm:
    made = answers_form(questionnaire(draft.holder), on=clock.today())
    given: dict[str, Any] = {"kept": kept_of(draft), "check_url": reverse("membership:apply_check", args=[draft.key])}
    if request.method == "POST":
        return made(request.POST, request.FILES, **given)
    return made(initial=typed_of(draft), **given)


def _page(request: HttpRequest, draft: Draft, form: AnswersForm) -> HttpResponse:
    context = {"draft": draft, "form": form, "questionnaire": form.questionnaire, "application": draft.application}
    return render(request, "membership/apply.html", context, status=422 if form.failed else 200)


def _hand_in(request: HttpRequest, draft: Draft, form: AnswersForm) -> HttpResponse | None:
    answers = form.cleaned_data
    if draft.application_id:
        outcome = perform(request, hand_in_again, form, key=draft.key, answers=answers)
    else:
        outcome = perform(request, submit_application, form, holder=draft.holder, answers=answers, key=draft.key)
    if not outcome.ok:
        return None
    draft.delete()
    return done(request, _("Handed in. This page tells where it stands; keep its address."),
                reverse("membership:apply", args=[draft.key]))


def _later(request: HttpRequest, draft: Draft, form: AnswersForm) -> HttpResponse:
    """Say that everything is kept, and send the address where an e-mail was given."""
    email, here = form.cleaned_data.get("email"), reverse("membership:apply", args=[draft.key])
    if not email:
        say = _("Saved. Keep the address of this page to go on later; give an e-mail to be sent it.")
        return done(request, say, here)
    try:
        demand(request=request, name="apply_link", key=draft.key)
    except TooOften as refusal:
        return too_often(request, refusal)
    send_link(draft=draft, email=email)
    return done(request, _("Saved. The address to go on is on its way to %(email)s.") % {"email": email}, here)


@require_POST
@limited("apply_check")
def check(request: HttpRequest, key: str) -> HttpResponse:
    """Say what is wrong or odd about one answer, and keep everything typed so far."""
    draft = get_object_or_404(Draft, key=key)
    form, asked = _form(request, draft), request.POST.get("asked", "")
    form.is_valid()
    save_draft(draft=draft, typed=form.typed(), kept=form.kept)
    typed = form.typed().get(asked)
    return render(request, "questionnaires/said.html", {
        "errors": form.errors.get(asked, []) if typed else [], "rule": form.rules.get(asked, ""),
        "warnings": form.warnings.get(asked, [])})


def _stands(request: HttpRequest, application: Application) -> HttpResponse:
    on = clock.today()
    return render(request, "membership/stands.html", {
        "application": application, "stages": stages_of(application), "due_on": due_on(application),
        "recommendations": application.recommendations.select_related("member__person"),
        "vouching": vouching(application, on=on), "open": application.state not in OVER,
        "correctable": application.state in CORRECTABLE, "erases_on": erases_on(application, on=on),
        "withdraws_on": withdraws_on(application, on=on)})


@require_POST
@limited("apply_send")
def correct(request: HttpRequest, key: str) -> HttpResponse:
    """Open the form again with everything that was said."""
    application = get_object_or_404(Application, key=key, state__in=CORRECTABLE)
    reopen(application)
    return redirect("membership:apply", key)


@require_POST
@limited("apply_send")
def withdraw(request: HttpRequest, key: str) -> HttpResponse:
    """Withdraw an application."""
    get_object_or_404(Application, key=key)
    outcome = perform(request, withdraw_application, key=key)
    if outcome.refusal:
        raise outcome.refusal
    Draft.objects.filter(key=key).delete()
    return done(request, _("Withdrawn. You may apply again at any time."), reverse("membership:apply", args=[key]))


@require_POST
@limited("apply_send")
def erase(request: HttpRequest, key: str) -> HttpResponse:
    """Delete what was said in an application that was refused or withdrawn."""
    get_object_or_404(Application, key=key)
    outcome = perform(request, erase_application, key=key)
    if outcome.refusal:
        raise outcome.refusal
    return done(request, _("Deleted; the chain keeps its proof."), reverse("membership:apply", args=[key]))
