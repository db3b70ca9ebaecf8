"""Pages of the three administrations: accounts, grants, records, rules."""

from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import password_validators_help_texts
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xinglin.kernel import clock
from xinglin.kernel.keyring import fingerprint, keyring
from xinglin.kernel.ledger.models import SealedFact
from xinglin.kernel.policy import Refusal
from xinglin.kernel.regulations import regulation, value
from xinglin.shell.web import allow, done, perform, signed_in

from ...accounts import Account
from ...people import Person
from .. import log, policy, rates
from ..actions import accounts, factors, grants, passwords
from ..factors import due_on, has_factor
from ..locking import is_shut_out
from ..models import Grant
from .forms import STOP_REASONS, GrantForm, OpenAccountForm, StopForm
from .tables import AccountTable, ActTable, GrantTable, LogTable, state_of

RULES = (
    "SE1.length", "SE1.classes", "SE1.phrase", "SE1.history", "SE1.days", "SE2.tries", "SE2.minutes", "SE3.grace",
    "SE4.log_days", "SE5.hours", "SE6.seconds", "SE7.codes", "SE8.days",
)  # fmt: skip


@signed_in
def account_list(request: HttpRequest) -> HttpResponse:
    """List accounts."""
    allow(policy.may_see_accounts(actor=request.actor))
    context = {"may_open": policy.may_open_account(actor=request.actor)}
    return AccountTable(request).response("security/accounts.html", context)


@signed_in
def account_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one account and what may be done with it."""
    allow(policy.may_see_accounts(actor=request.actor))
    account, today = get_object_or_404(Account.objects.select_related("person"), pk=pk), clock.today()
    context = {
        "account": account, "state": state_of(account),
        "keep": policy.may_keep_account(actor=request.actor, account=account),
        "shut_out": is_shut_out(account=account), "has_factor": has_factor(account=account),
        "due_on": due_on(account=account, on=today), "grant": account.grants.on(today).first(),
        "stop_form": StopForm(), "recent": _recent(request, account),
    }  # fmt: skip
    return render(request, "security/account.html", context)


def _recent(request: HttpRequest, account: Account) -> list[Any]:
    if not policy.may_see_log(actor=request.actor):
        return []
    return list(log.LogEntry.objects.filter(account=str(account.ref))[:20])


@signed_in
def account_open(request: HttpRequest) -> HttpResponse:
    """Open an account."""
    allow(policy.may_open_account(actor=request.actor))
    form = OpenAccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        number = given.pop("person")
        person = Person.objects.known().filter(pk=number).first() if number.isdecimal() else None
        if person is None:
            form.add_error("person", _("No such person on the register."))
        elif outcome := perform(request, accounts.open_account, form, person=person, **given):
            return done(request, _("Account opened."), reverse("security:account", args=[outcome.answer.pk]))
    return render(request, "security/account_open.html", {"form": form})


DEEDS: dict[str, Any] = {
    "resume": lambda request, account: perform(request, accounts.resume_account, account=account),
    "let_in": lambda request, account: perform(request, accounts.let_in, account=account),
    "void": lambda request, account: perform(request, passwords.void_password, account=account),
    "factor": lambda request, account: perform(request, factors.take_off_factor, account=account),
    "stop": lambda request, account: perform(
        request, accounts.stop_account, account=account, reason=_stop_reason(request)
    ),
}  # fmt: skip


def _stop_reason(request: HttpRequest) -> str:
    reason = request.POST.get("reason", "")
    return reason if reason in STOP_REASONS else "not_needed"


@signed_in
@require_POST
def account_do(request: HttpRequest, pk: int, deed: str) -> HttpResponse:
    """Do one thing to one account."""
    account = get_object_or_404(Account, pk=pk)
    if deed not in DEEDS:
        raise Http404
    outcome = DEEDS[deed](request, account)
    if not outcome:
        raise outcome.refusal or Refusal()
    return done(request, _("Done and recorded."), reverse("security:account", args=[pk]))


@signed_in
def grant_list(request: HttpRequest) -> HttpResponse:
    """List administrations and grant one."""
    allow(policy.may_see_grants(actor=request.actor))
    may_give = policy.may_give_grant(actor=request.actor)
    form = GrantForm(request.POST if request.POST.get("role") else None)
    if form.is_bound and form.is_valid():
        allow(may_give)
        given = dict(form.cleaned_data)
        account = Account.objects.filter(username__iexact=given.pop("account")).first()
        if account is None:
            form.add_error("account", _("No account has this user name."))
        elif perform(request, grants.give_grant, form, account=account, **given):
            return done(request, _("Granted and recorded."), reverse("security:grants"))
    today = clock.today()
    held = Grant.objects.on(today).select_related("account__person")
    context = {"form": form, "may_give": may_give, "held": held, "three": _three(held)}
    return GrantTable(request).response("security/grants.html", context)


def _three(held: Any) -> list[tuple[str, list[Any]]]:
    return [(role, [one for one in held if one.role == role]) for role in policy.ADMINISTRATIONS]


@signed_in
@require_POST
def grant_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw one administration."""
    outcome = perform(request, grants.end_grant, grant=get_object_or_404(Grant, pk=pk))
    if not outcome:
        raise outcome.refusal or Refusal()
    return done(request, _("Withdrawn and recorded."), reverse("security:grants"))


@signed_in
def records(request: HttpRequest) -> HttpResponse:
    """Show the security log and whether its chain holds."""
    allow(policy.may_see_log(actor=request.actor))
    checked = log.verify() if request.GET.get("check") == "1" else None
    return LogTable(request).response("security/log.html", {"checked": checked})


@signed_in
def acts(request: HttpRequest) -> HttpResponse:
    """Show sealed facts with who did them."""
    allow(policy.may_see_log(actor=request.actor))
    rows = SealedFact.objects.defer("content", "link")
    return ActTable(request, rows=rows).response("security/acts.html")


@signed_in
def rules(request: HttpRequest) -> HttpResponse:
    """Show how the security rules stand today."""
    allow(policy.may_see_settings(actor=request.actor))
    today, ring = clock.today(), keyring()
    context = {
        "rules": [(regulation(one), value(one, on=today)) for one in RULES],
        "rates": rates.every(),
        "password_rules": password_validators_help_texts(), "totp": settings.XINGLIN_TOTP_REQUIRED,
        "idle_minutes": settings.XINGLIN_IDLE // 60, "hours": settings.XINGLIN_SESSION_HOURS,
        "single": settings.XINGLIN_SINGLE_SESSION, "https": settings.HTTPS, "cipher": ring.current.cipher,
        "key": ring.current.id, "fingerprint": fingerprint(ring.current), "keys": len(ring.keys),
    }  # fmt: skip
    return render(request, "security/rules.html", context)
