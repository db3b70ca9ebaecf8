"""Forms of the reports: a draft to check, a table to take back, a quality factor."""

from django import forms
from django.utils.translation import gettext_lazy as _

from xinglin.shell.forms import Form, NumberField, Upload

from ...reading import DEFAULT_LIMIT

DRAFTS = (".docx", ".pdf", ".txt", ".md", ".doc")  # .doc is taken so that the refusal can say what to do
TABLES = (".xlsx", ".csv", ".xls")
TABLE_BYTES = 20 * 1024 * 1024


class CheckForm(Form):
    """A draft summary, as a file or as pasted text."""

    file = Upload(label=_("Draft summary"), accept=DRAFTS, max_bytes=DEFAULT_LIMIT, required=False)
    text = forms.CharField(label=_("Or paste the text"), required=False, max_length=400_000,
                           widget=forms.Textarea(attrs={"rows": 6}))
    year = NumberField(label=_("Year it reports"), whole=True, min_value=1990, max_value=2100, unit=_("year"))

    def clean(self) -> dict[str, object]:
        """Ask for one of file or text."""
        cleaned = super().clean() or {}
        if not cleaned.get("file") and not (cleaned.get("text") or "").strip() and "file" not in self.errors:
            self.add_error("file", _("Choose a file, or paste the text."))
        return cleaned


class TableForm(Form):
    """A filled-in decomposition table."""

    file = Upload(label=_("Filled-in table"), accept=TABLES, max_bytes=TABLE_BYTES)


class QualityForm(Form):
    """The quality factor of a commitment's work."""

    factor = NumberField(label=_("Quality factor"), max_digits=3, decimal_places=2)
    reason = forms.CharField(label=_("Why this factor"), required=False, max_length=2000,
                             widget=forms.Textarea(attrs={"rows": 3}))
    basis = "W5"
