"""A person's own security: activation, addresses, sessions, staying signed in."""

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from xinglin.kernel import clock
from xinglin.kernel.policy import Refusal
from xinglin.lib.identity import masked_mobile
from xinglin.shell.web import done, perform, signed_in

from .. import activation, codes, log
from ..actions.accounts import readdress_account
from ..factors import due_on, has_factor, is_factor_required
from ..rates import TooOften, limited, too_often
from ..sessions import alive_sessions, end_sessions
from .forms import ActivateForm, AddressForm, CodeForm, FirstPasswordForm


@limited("activate")
def activate(request: HttpRequest) -> HttpResponse:
    """Take the document; the answer is the same whether or not it is on the register."""
    form = ActivateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            activation.begin(request=request, on=clock.today(), **form.cleaned_data)
        except TooOften as refusal:
            return too_often(request, refusal)
        return redirect("security:first_password")
    return render(request, "security/activate.html", {"form": form})


@limited("activate_code")
def first_password(request: HttpRequest) -> HttpResponse:
    """Take the code and set the first password."""
    form = FirstPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            account = activation.finish(
                request=request, on=clock.today(), code=given["code"], username=given["username"],
                password=given["password1"],
            )  # fmt: skip
            words = _("The account is ready. Sign in as %(name)s.") % {"name": account.username}
            return done(request, words, reverse("account_login"))
        except Refusal as refusal:
            form.refuse(refusal)
    return render(request, "security/first_password.html", {"form": form})


@signed_in
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Show how the own account is secured and where it is signed in."""
    account, today = request.user, clock.today()
    context = {
        "account": account, "mobile": masked_mobile(number=account.mobile) if account.mobile else "",
        "has_factor": has_factor(account=account), "due_on": due_on(account=account, on=today),
        "is_required": is_factor_required(account=account, on=today),
        "sessions": alive_sessions(account=account), "here": request.session.session_key,
        "social": bool(settings.SOCIALACCOUNT_PROVIDERS), "idle_minutes": settings.XINGLIN_IDLE // 60,
    }  # fmt: skip
    return render(request, "security/mine.html", context)


@signed_in
@require_POST
def end_elsewhere(request: HttpRequest) -> HttpResponse:
    """Sign the own account out at one other place, or at all others."""
    key = request.POST.get("key", "")
    ended = end_sessions(account=request.user, but=request.session.session_key or "", key=key)
    if ended:
        log.record(kind="session_ended", request=request, account=str(request.user.ref), detail=str(ended))
    return done(request, _("Signed out elsewhere: %(count)d.") % {"count": ended}, reverse("security:mine"))


@signed_in
@reauthentication_required
@limited("code")
def address(request: HttpRequest) -> HttpResponse:
    """Send a code to a new mobile number or e-mail address."""
    form = AddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        what = "mobile" if form.cleaned_data["mobile"] else "email"
        to = form.cleaned_data[what]
        code = codes.issue(request=request, purpose="address", carries=f"{what}:{to}")
        if codes.send_code(code=code, **{what: to}):
            log.record(kind="code_sent", request=request, account=str(request.user.ref), detail=what)
            return redirect("security:address_code")
        form.refuse(TooOften(3600))
    return render(request, "security/address.html", {"form": form})


@signed_in
def address_code(request: HttpRequest) -> HttpResponse:
    """Take the code and change the address."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        proved = codes.redeem(request=request, purpose="address", code=form.cleaned_data["code"])
        if proved is None:
            form.add_error("code", _("This code is wrong or too old."))
        else:
            what, _sign, to = proved.partition(":")
            if perform(request, readdress_account, form, account=request.user, **{what: to}):
                return done(request, _("Address changed."), reverse("security:mine"))
    return render(request, "security/address_code.html", {"form": form})


@require_POST
def alive(request: HttpRequest) -> HttpResponse:
    """Keep the session alive because somebody pressed the button."""
    return HttpResponse(status=204 if request.user.is_authenticated else 401)


@require_safe
def idle_notice(request: HttpRequest) -> HttpResponse:
    """Return the words of the idle warning; asked in the background, it keeps nothing alive."""
    return render(request, "security/idle_notice.html")
