"""Forms of the directory: they clean and show; the acts behind them decide and write."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from xinglin.shell.forms import Choose, ChooseMany, DateField, Form, Group, NumberField

from .. import lists
from ..people import IdentityDocument, Licence, Person
from ..posts import Term

BLANK = [("", "——")]


def _codes(codes: lists.CodeList, *groups: str) -> Any:
    return lambda: BLANK + codes.choices(*groups)


class PersonForm(Form):
    """What the directory says about somebody."""

    name = forms.CharField(label=_("Full name"), max_length=80)
    sex = forms.ChoiceField(label=_("Sex"), choices=BLANK + Person.Sex.choices, required=False)
    born_on = DateField(label=_("Date of birth"), required=False)
    mobile = forms.CharField(label=_("Mobile"), max_length=20, required=False)
    email = forms.CharField(label=_("E-mail"), max_length=254, required=False)
    remark = forms.CharField(label=_("Remark on the entry"), max_length=200, required=False)


class ContactForm(Form):
    """What everybody may put right about themselves."""

    mobile = forms.CharField(label=_("Mobile"), max_length=20, required=False)
    email = forms.CharField(label=_("E-mail"), max_length=254, required=False)


class DocumentForm(Form):
    """A document of somebody."""

    kind = forms.ChoiceField(label=_("Identity document"), choices=IdentityDocument.Kind.choices)
    number = forms.CharField(label=_("Document number"), max_length=40)
    country = forms.CharField(label=_("Country of the passport"), max_length=2, required=False,
                              help_text=_("Two letters, such as DE; only for foreign passports."))
    until_on = DateField(label=_("Expires on"), required=False)
    basis = "M6.identity_number"


class RegisterForm(PersonForm):
    """Somebody new: who they are, one document, the unit they work for."""

    kind = forms.ChoiceField(label=_("Identity document"), choices=IdentityDocument.Kind.choices, required=False)
    number = forms.CharField(label=_("Document number"), max_length=40, required=False)
    organisation = Choose(kind="directory.organisation", label=_("Workplace"), required=False,
                          placeholder=_("Name, pinyin or initials"))
    department = forms.CharField(label=_("Clinical department"), max_length=80, required=False)
    position = forms.CharField(label=_("Position at work"), max_length=80, required=False)
    title = forms.ChoiceField(label=_("Professional title"), required=False,
                              choices=_codes(lists.professional_titles))
    seen = forms.BooleanField(required=False, label=_("I have looked: it is somebody else"))
    groups = (
        Group(label=_("Who"), fields=("name", "sex", "born_on", "kind", "number")),
        Group(label=_("How to reach them"), fields=("mobile", "email")),
        Group(label=_("Where they work"), fields=("organisation", "department", "position", "title", "remark")),
    )
    basis = "M6.identity_number"


class TitleForm(Form):
    """A professional title."""

    title = forms.ChoiceField(label=_("Professional title"), choices=_codes(lists.professional_titles))
    obtained_on = DateField(label=_("Held since"), required=False)


class LicenceForm(Form):
    """A physician's certificate; odd numbers are kept."""

    kind = forms.ChoiceField(label=_("Certificate"), choices=Licence.Kind.choices)
    number = forms.CharField(label=_("Document number"), max_length=40, required=False)
    scope = forms.CharField(label=_("Scope of practice"), max_length=120, required=False)
    from_on = DateField(label=_("Issued on"), required=False)
    until_on = DateField(label=_("Expires on"), required=False)
    basis = "M7.licence_numbers"


class SpecialtyForm(Form):
    """What somebody works on."""

    codes = ChooseMany(kind="directory.specialty", label=_("Specialties"), placeholder=_("Name or code"),
                       help_text=_("The first one is the main specialty."))


class EmploymentForm(Form):
    """A unit somebody works for."""

    organisation = Choose(kind="directory.organisation", label=_("Workplace"),
                          placeholder=_("Name, pinyin or initials"))
    department = forms.CharField(label=_("Clinical department"), max_length=80, required=False)
    position = forms.CharField(label=_("Position at work"), max_length=80, required=False)
    from_on = DateField(label=_("Since"), required=False)
    main = forms.BooleanField(label=_("Main employer"), required=False, initial=True)


class LeaveForm(Form):
    """The end of an employment."""

    until_on = DateField(label=_("First day away"))


class TermForm(Form):
    """A post somebody holds."""

    organisation = Choose(kind="directory.organisation", label=_("Organisation or branch"),
                          placeholder=_("Name, pinyin or initials"))
    title = forms.ChoiceField(label=_("Post"), choices=_codes(lists.post_titles))
    name = forms.CharField(label=_("Called differently there"), max_length=60, required=False)
    from_on = DateField(label=_("Since"))
    until_on = DateField(label=_("Up to"), required=False,
                         help_text=_("The first day on which the post is no longer held; empty while open."))
    session = NumberField(label=_("Session"), whole=True, required=False, min_value=1, max_value=200)
    decision = forms.CharField(label=_("Decision number"), max_length=120, required=False,
                               help_text=_("Number of the document or minutes."))


class TermHereForm(TermForm):
    """A post of this organisation: who holds it."""

    organisation = None  # type: ignore[assignment]
    person = Choose(kind="directory.person", label=_("Who it is"), placeholder=_("Name, pinyin, unit or last digits"))
    field_order = ("person", "title", "name", "from_on", "until_on", "session", "decision")


class TermDaysForm(Form):
    """The days of a term, put right."""

    from_on = DateField(label=_("Since"))
    until_on = DateField(label=_("Up to"), required=False,
                         help_text=_("The first day on which the post is no longer held; empty while open."))
    session = NumberField(label=_("Session"), whole=True, required=False, min_value=1, max_value=200)
    decision = forms.CharField(label=_("Decision number"), max_length=120, required=False)


class TermEndForm(Form):
    """The end of a term."""

    until_on = DateField(label=_("Up to"), help_text=_("The first day on which the post is no longer held."))
    reason = forms.ChoiceField(label=_("Reason why"), choices=Term.EndedBy.choices)
    decision = forms.CharField(label=_("Decision number"), max_length=120, required=False)


class OrganisationForm(Form):
    """What the directory says about an organisation, apart from its name and parent."""

    short_name = forms.CharField(label=_("Short name"), max_length=60, required=False)
    kind = forms.ChoiceField(label=_("Type"), choices=_codes(lists.organisation_kinds))
    level = forms.ChoiceField(label=_("Level"), choices=_codes(lists.organisation_levels), required=False)
    region = forms.CharField(label=_("Administrative region"), max_length=6, required=False,
                             help_text=_("Six digits of GB/T 2260, such as 320100."))
    credit_code = forms.CharField(label=_("Unified social credit code"), max_length=24, required=False)
    from_on = DateField(label=_("Founded on"), required=False)
    order = NumberField(label=_("Place in lists"), whole=True, required=False, min_value=0)


class FoundForm(OrganisationForm):
    """A new organisation."""

    name = forms.CharField(label=_("Name"), max_length=120)
    parent = Choose(kind="directory.organisation", label=_("Belongs to"), required=False)
    field_order = ("name", "short_name", "kind", "parent", "level", "region", "credit_code", "from_on", "order")


class RenameForm(Form):
    """Another name from a day on."""

    name = forms.CharField(label=_("New name"), max_length=120)
    short_name = forms.CharField(label=_("Short name"), max_length=60, required=False)
    changed_on = DateField(label=_("Since"))
    decision = forms.CharField(label=_("Decision number"), max_length=120, required=False)


class MoveForm(Form):
    """Another parent from a day on."""

    parent = Choose(kind="directory.organisation", label=_("Belongs to"), required=False,
                    help_text=_("Empty: it stands alone."))
    changed_on = DateField(label=_("Since"))
    decision = forms.CharField(label=_("Decision number"), max_length=120, required=False)


class CloseForm(Form):
    """The end of an organisation."""

    until_on = DateField(label=_("First day on which it is no more"))
    decision = forms.CharField(label=_("Decision number"), max_length=120, required=False)


class MergeForm(CloseForm):
    """An organisation goes up in another."""

    into = Choose(kind="directory.organisation", label=_("Goes up in"))
    field_order = ("into", "until_on", "decision")


class SplitForm(Form):
    """Organisations come out of one."""

    into = ChooseMany(kind="directory.organisation", label=_("Came out of it"),
                      help_text=_("Enter the new organisations first."))
    changed_on = DateField(label=_("On"))
    ends = forms.BooleanField(label=_("The old organisation ends"), required=False)
    decision = forms.CharField(label=_("Decision number"), max_length=120, required=False)
