"""Joins the sign-in library to this house: mobile numbers, our words, our records, sealed secrets."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from xinglin.kernel import clock
from xinglin.kernel.actors import Actor, house
from xinglin.kernel.sealed_fields import seal, unseal
from xinglin.lib.identity import mobile as checked_mobile
from xinglin.shell import preferences

from ..accounts import Account
from ..roles import actor_of
from . import log
from .actions.accounts import shut_out
from .actions.factors import note_factor
from .actions.passwords import change_password
from .codes import send_code
from .factors import is_factor_required
from .finding import account_by_any, account_by_mobile
from .locking import how_long, tries
from .sessions import end_sessions, open_session

WRONG = _("User name and password do not match.")
TOO_OFTEN = _("Too many tries. Wait a few minutes.")
FACTOR_NOTES = {
    "mfa/email/recovery_codes_generated": ("recovery_codes", True),
    "mfa/email/totp_activated": ("totp", True), "mfa/email/totp_deactivated": ("totp", False),
    "socialaccount/email/account_connected": ("other_house", True),
    "socialaccount/email/account_disconnected": ("other_house", False),
}  # fmt: skip
SECRET = "mfa_authenticator.data"


class MobileField(forms.CharField):
    """Takes a mainland mobile number as people write it."""

    def __init__(self, **kwargs: Any):
        widget = forms.TextInput(attrs={"type": "tel", "autocomplete": "tel-national", "inputmode": "numeric"})
        super().__init__(**{"label": _("Mobile number"), "widget": widget, **kwargs})

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return text
        found = checked_mobile(number=text)
        if not found.is_valid:
            raise forms.ValidationError(_("This is no mobile number: eleven digits, beginning with 13 to 19."))
        return found.value


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in by user name, e-mail or mobile number; nobody signs up by themselves."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": WRONG, "email_password_mismatch": WRONG, "phone_password_mismatch": WRONG,
        "too_many_login_attempts": TOO_OFTEN, "rate_limited": TOO_OFTEN,
        "incorrect_code": _("This code is wrong."), "incorrect_password": _("This password is wrong."),
        "enter_current_password": _("This is not your present password."),
        "select_only_one": _("Fill in one of the two."),
        "account_inactive": _("This account is stopped."),
    }  # fmt: skip

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return log.client_ip(request) or "0.0.0.0"

    def add_message(
        self, request: HttpRequest, level: int, message_template: Any = None, *rest: Any, **more: Any
    ) -> None:
        # The library greets and congratulates; the house says only what changed.
        words = {
            "account/messages/password_changed.txt": _("Password changed. Other devices are signed out."),
            "account/messages/password_set.txt": _("Password set."),
            "mfa/messages/totp_activated.txt": _("Second factor bound. Keep the recovery codes."),
            "mfa/messages/totp_deactivated.txt": _("Second factor taken off."),
        }.get(message_template)
        if words and request is not None and hasattr(request, "_messages"):
            messages.add_message(request, level, words)

    # Signing in ------------------------------------------------------------------------------------

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        said = credentials.get("username") or credentials.get("phone") or credentials.get("email") or ""
        account = account_by_any(str(said))
        ref = str(account.ref) if account else ""
        failures, limit = getattr(request, "axes_failures_since_start", None), tries(request)
        log.record(kind="sign_in_failed", request=request, account=ref, detail="" if account else "unknown name")
        if account is not None and failures == limit:
            log.record(kind="shut_out", request=request, account=ref)
            minutes = int(how_long(request).total_seconds() // 60)
            shut_out(by=house("sign_in"), on=clock.today(), account=account, tries=limit, minutes=minutes)

    def login(self, request: HttpRequest, user: Any) -> None:
        super().login(request, user)
        open_session(request=request, account=user)
        methods = [one.get("method", "") for one in request.session.get("account_authentication_methods", [])]
        log.record(kind="signed_in", request=request, account=str(user.ref), detail=" ".join(methods))

    def post_login(self, request: HttpRequest, user: Any, **given: Any) -> HttpResponse:
        response = super().post_login(request, user, **given)
        for name, value in ((settings.LANGUAGE_COOKIE_NAME, user.language), ("theme", user.theme)):
            if value:
                preferences.keep(request=request, response=response, name=name, value=value)
        return response

    def logout(self, request: HttpRequest) -> None:
        if request.user.is_authenticated:
            account, key = request.user, request.session.session_key or ""
            log.record(kind="signed_out", request=request, account=str(account.ref))
            end_sessions(account=account, key=key)
        super().logout(request)

    # Passwords ----------------------------------------------------------------------------------------

    def set_password(self, user: Any, password: str) -> None:
        """Set by the act; the way tells apart a change by the signed-in owner and a recovery by code."""
        own = self.request is not None and self.request.user.is_authenticated and self.request.user.pk == user.pk
        by = acting(user) if own else house("recovery")
        change_password(by=by, on=clock.today(), account=user, password=password, way="own" if own else "recovered")

    def send_notification_mail(self, template_prefix: str, user: Any, *rest: Any, **more: Any) -> None:
        # The library tells of a bound or removed factor by this mail only, so the fact is stated here.
        if template_prefix in FACTOR_NOTES:
            kind, added = FACTOR_NOTES[template_prefix]
            note_factor(by=acting(user), on=clock.today(), account=user, kind=kind, added=added)
        if user.email:
            super().send_notification_mail(template_prefix, user, *rest, **more)

    # Mobile numbers -----------------------------------------------------------------------------------

    def phone_form_field(self, **kwargs: Any) -> Any:
        return MobileField(**{key: one for key, one in kwargs.items() if key in {"required", "label"}})

    def get_user_by_phone(self, phone: str) -> Any:
        account = account_by_mobile(phone)
        return account if account and account.is_active else None

    def get_phone(self, user: Any) -> tuple[str, bool] | None:
        return (user.mobile, True) if user.mobile else None

    def set_phone(self, user: Any, phone: str, verified: bool) -> None:
        """Numbers change by the act `readdress_account` after a code, never by the library."""

    def set_phone_verified(self, user: Any, phone: str) -> None:
        """A number on file is one its owner proved."""

    def send_verification_code_sms(self, user: Any, phone: str, code: str, **kwargs: Any) -> None:
        log.record(kind="code_sent", request=self.request, account=str(user.ref), detail="sms")
        send_code(mobile=phone, code=code)


def acting(account: Account) -> Actor:
    """Return today's actor of an account."""
    return actor_of(account=account, on=clock.today())


class MFAAdapter(DefaultMFAAdapter):
    """The second factor: secrets sealed at rest, not removed by those who need it."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("This code is wrong, or it was used before."),
        "cannot_delete_authenticator": _("Your post needs a second factor. Ask the system administrator to change it."),
    }

    def encrypt(self, text: str) -> str:
        return seal(text, column=SECRET)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text, column=SECRET)

    def get_totp_label(self, user: Any) -> str:
        return str(user.username)

    def get_totp_issuer(self) -> str:
        return str(settings.XINGLIN_NAME or "Xinglin")

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        return not is_factor_required(account=authenticator.user, on=clock.today())


class SocialAdapter(DefaultSocialAccountAdapter):
    """Sign-in by another house's account: joined to an account of ours, never opening one."""

    error_messages = {
        **DefaultSocialAccountAdapter.error_messages,
        "connected_other": _("That sign-in belongs to another account here."),
        "disconnect_last": _("Set a password first: this is the only way you sign in."),
        "no_password": _("Set a password first: this is the only way you sign in."),
    }

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False
