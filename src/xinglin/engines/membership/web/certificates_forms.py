"""The form for revoking a certificate."""

from django import forms
from django.utils.translation import gettext_lazy as _

from xinglin.shell.forms import Form


class RevokeForm(Form):
    """Why a certificate is revoked."""

    why = forms.CharField(label=_("Why it is revoked"), max_length=120)
