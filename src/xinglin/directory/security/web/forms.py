"""The forms of sign-in, activation, accounts, grants and sensitive fields."""

from typing import Any

from allauth.account.forms import LoginForm
from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from xinglin.shell.forms.form import Form, dress

from ...people import IdentityDocument
from ..adapters import MobileField
from ..models import ADMINISTRATIONS
from ..sensitive import REASONS

ROLE_WORDS = {
    "system_admin": _("System administration"),
    "security_admin": _("Security administration"),
    "audit_admin": _("Audit administration"),
}
STOP_REASONS = {
    "left": _("Left the association"),
    "lost": _("Account or phone lost"),
    "misused": _("Used against the rules"),
    "deceased": _("Deceased"),
    "not_needed": _("No longer needed"),
}


class SignInForm(LoginForm):
    """User name, e-mail or mobile number, and the password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        login, password = self.fields["login"], self.fields["password"]
        login.label, login.widget = (
            _("User name, mobile or e-mail"),
            forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
        )
        login.max_length = 254  # type: ignore[attr-defined]
        password.label = _("Password")
        password.help_text = ""
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
            dress(field)


class CodeRequestForm(Form):
    """A mobile number to which a code is sent; shown on the sign-in page, answered by the library."""

    phone = MobileField(required=True)
    guarded = False


class ActivateForm(Form):
    """The document by which a person on the register proves who they are."""

    kind = forms.ChoiceField(label=_("Document"), choices=IdentityDocument.Kind.choices)
    number = forms.CharField(label=_("Number of the document"), max_length=40)
    name = forms.CharField(label=pgettext_lazy("person", "Name"), max_length=80)
    guarded = False


class FirstPasswordForm(Form):
    """The code that was sent, and a user name and password for the new account."""

    code = forms.CharField(
        label=_("Code"), max_length=10, widget=forms.TextInput(attrs={"autocomplete": "one-time-code"})
    )
    username = forms.CharField(
        label=_("User name"), max_length=40, help_text=_("Letters and digits. Mobile or e-mail sign you in too."),
    )  # fmt: skip
    password1 = forms.CharField(label=_("Password"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}))
    password2 = forms.CharField(
        label=_("Password once more"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )
    guarded = False
    basis = "SE1.length"

    def clean(self) -> dict[str, Any]:
        """Refuse two different passwords beside the second."""
        given = super().clean() or {}
        if given.get("password1") != given.get("password2"):
            self.add_error("password2", _("The two passwords differ."))
        return given


class AddressForm(Form):
    """A new mobile number or e-mail address, to which a code will be sent."""

    mobile = MobileField(required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    guarded = False

    def clean(self) -> dict[str, Any]:
        """Take exactly one of the two."""
        given = super().clean() or {}
        if bool(given.get("mobile")) == bool(given.get("email")) and not self.errors:
            raise forms.ValidationError(_("Fill in one of the two."))
        return given


class CodeForm(Form):
    """A code of six digits."""

    code = forms.CharField(
        label=_("Code"), max_length=10, widget=forms.TextInput(attrs={"autocomplete": "one-time-code"})
    )
    guarded = False


class OpenAccountForm(Form):
    """A new account of an administration, or for a person on the register."""

    username = forms.CharField(label=_("User name"), max_length=150)
    person = forms.CharField(
        label=_("Whose"), max_length=20, help_text=_("Number of the person on the register; the office says it")
    )
    administers = forms.BooleanField(label=_("For an administration (system, security, audit)"), required=False)


class StopForm(Form):
    """Why an account is stopped."""

    reason = forms.ChoiceField(label=_("Reason"), choices=list(STOP_REASONS.items()))


class GrantForm(Form):
    """One administration for one account."""

    account = forms.CharField(label=_("Account (user name)"), max_length=150)
    role = forms.ChoiceField(label=_("Administration"), choices=[(one, ROLE_WORDS[one]) for one in ADMINISTRATIONS])
    from_on = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until_on = forms.DateField(
        label=_("Until (not included)"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    reason = forms.CharField(label=_("Reason"), max_length=200)
    basis = "SE9.separation"


class UnmaskForm(Form):
    """Why somebody wants to read a number in full."""

    reason = forms.ChoiceField(label=_("What for"), choices=list(REASONS.items()))
    words = forms.CharField(label=_("In words"), required=False, max_length=200)
    guarded = False


class ExportReasonForm(Form):
    """What sensitive columns are needed for."""

    reason = forms.CharField(label=_("What the numbers are needed for"), max_length=200)
    basis = "SE5.hours"
