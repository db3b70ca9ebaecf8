"""Template tags of sign-in and sensitive fields."""

from typing import Any

from allauth.socialaccount.adapter import get_adapter
from django import forms, template
from django.conf import settings
from django.contrib.auth.password_validation import password_validators_help_texts
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from xinglin.kernel.refs import Ref
from xinglin.shell.forms.form import dress

from ..sensitive import sensitive_field
from ..web.forms import CodeRequestForm, SignInForm

register = template.Library()

# The library's own words are of another tone.
LABELS = {
    "code": _("Code"), "password": _("Password"), "oldpassword": _("Present password"), "email": _("E-mail"),
    "password1": _("New password"), "password2": _("Password once more"),
}  # fmt: skip


@register.filter
def dressed(form: forms.Form) -> list[forms.BoundField]:
    """Return the visible fields of a form of the sign-in library in the house's look."""
    for name, field in form.fields.items():
        dress(field)
        field.label = LABELS.get(name, field.label)
        field.widget.attrs.pop("placeholder", None)
    form.use_required_attribute = False
    return list(form.visible_fields())


def providers(request: HttpRequest) -> list[Any]:
    """Return the other houses by whose accounts people may sign in."""
    if not settings.SOCIALACCOUNT_PROVIDERS:
        return []
    return list(get_adapter(request).list_providers(request))


@register.simple_tag(takes_context=True)
def sign_in_panel(context: Any, form: Any = None, tab: str = "password") -> SafeString:
    """Return the sign-in panel of the first page: password, code by text message, other houses."""
    request = context["request"]
    values = {
        "form": form or SignInForm(request=request),
        "code_form": CodeRequestForm(),
        "tab": tab,
        "providers": providers(request),
        "totp_required": settings.XINGLIN_TOTP_REQUIRED,
        "next": request.GET.get("next") or request.POST.get("next") or "",
        "idle": request.GET.get("idle") == "1",
    }
    return render_to_string("security/sign_in_panel.html", values, request)


@register.simple_tag(takes_context=True)
def sensitive(context: Any, subject: str, field: str, masked: str) -> SafeString:
    """Return a masked number with the way to read it in full: {% sensitive person.ref "mobile" masked %}."""
    one = sensitive_field(kind=Ref(subject).kind, name=field)
    verdict = one.may(context["request"].actor, Ref(subject).key)
    values = {"subject": subject, "field": field, "masked": masked, "may": verdict.allowed, "label": one.label}
    return render_to_string("security/sensitive.html", values, context["request"])


@register.filter
def providers_of(request: HttpRequest) -> list[Any]:
    """Return the other houses by whose accounts this request may sign in."""
    return providers(request)


@register.simple_tag(takes_context=True)
def provider_address(context: Any, provider: Any, way: str = "login") -> str:
    """Return the address that leads to another house, and back to where the reader wanted to go."""
    request = context["request"]
    more = {"process": way}
    if target := request.GET.get("next"):
        more["next"] = target
    return str(provider.get_login_url(request, **more))


@register.simple_tag
def password_rules() -> SafeString:
    """Return what is asked of a password."""
    return render_to_string("security/password_rules.html", {"rules": password_validators_help_texts()})
