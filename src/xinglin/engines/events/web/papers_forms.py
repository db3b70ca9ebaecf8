"""Forms of faculty and abstracts; they clean and show, and never save."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from xinglin.directory.models import Person
from xinglin.shell.forms import Choose, Form, MoneyField

from ..abstracts import Abstract
from ..actions.abstracts import Author, Paper
from ..faculty import Invitation
from ..programme import Speaking


class FeeForm(Form):
    """The rank of somebody invited and the fee promised after tax."""

    rank = forms.ChoiceField(label=_("Rank"), choices=Invitation.Rank.choices)
    net = MoneyField(label=_("Lecture fee after tax"), initial=0)
    reason = forms.CharField(label=_("Reason of a fee above the ceiling"), max_length=200, required=False)
    basis = "K3.full"


class InviteForm(FeeForm):
    """Who is asked, as what."""

    person = Choose(kind="directory.person", label=_("Who is invited"))
    part = forms.ChoiceField(label=_("Invited as"), choices=Speaking.Part.choices)
    field_order = ("person", "part", "rank", "net", "reason")

    def clean_person(self) -> Person:
        """Return the row of the person chosen."""
        return Person.objects.get(pk=self.cleaned_data["person"].key)


class AnswerForm(Form):
    """What the invited person wants to say besides."""

    note = forms.CharField(label=_("Anything we should know (arrival, diet, slides)"), max_length=300, required=False,
                           widget=forms.Textarea(attrs={"rows": 2}))


class PaperForm(Form):
    """One abstract: a line an author, unit after a comma."""

    title = forms.CharField(label=_("Title of the abstract"), max_length=160)
    authors = forms.CharField(label=_("Authors"), widget=forms.Textarea(attrs={"rows": 3}), help_text=_(
        "A line each, the presenting one first: name, unit"))
    text = forms.CharField(label=_("Abstract"), widget=forms.Textarea(attrs={"rows": 10}))
    form = forms.ChoiceField(label=_("Wished form"), choices=Abstract.Form.choices)
    draft = True
    basis = "K7.characters"

    def clean_authors(self) -> tuple[Author, ...]:
        """Return the authors, a line each."""
        lines = [line.replace("，", ",").split(",", 1) for line in self.cleaned_data["authors"].splitlines()
                 if line.strip()]
        return tuple(Author(name=line[0].strip()[:60], unit=(line[1:] or [""])[0].strip()[:120]) for line in lines)

    def said(self) -> Paper:
        """Return the abstract as it was filled in."""
        given: dict[str, Any] = self.cleaned_data
        return Paper(title=given["title"], text=given["text"], authors=given["authors"], form=given["form"])


class DecideForm(Form):
    """What was decided on the abstracts ticked."""

    accepted = forms.ChoiceField(label=_("Decision on the abstract"), choices=(
        ("yes", _("Accept it")), ("no", _("Do not accept"))))
    form = forms.ChoiceField(label=_("Presented as"), choices=[("", "——"), *Abstract.Form.choices], required=False)
    reason = forms.CharField(label=_("Word to the author"), max_length=300, required=False)
