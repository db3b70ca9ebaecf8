"""The kinds of questions: which field asks, what is checked against other answers, and what only warns."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from xinglin.kernel import regulations
from xinglin.kernel.programmes import Options
from xinglin.lib import identity, licences
from xinglin.lib.credit_code import credit_code
from xinglin.lib.days import full_years
from xinglin.shell.forms import DateField, NumberField, Upload

from .people import PeopleField

AGE, IDENTITY, CREDIT = "M1.least_age", "M6.identity_number", "F4.credit_code"
OLDEST = 120  # full years; beyond this a date of birth is a slip


class Asked(Protocol):
    """What a kind needs to know of its question."""

    @property
    def code(self) -> str:
        """Its name in the form."""
        ...

    @property
    def settings(self) -> Any:
        """What `with:` says of it."""
        ...

    def choices(self, *, on: date) -> list[tuple[str, str]]:
        """Return codes and words of the answers to choose from."""
        ...


Answers = Mapping[str, Any]
Check = Callable[[Asked, Any, Answers, date], Any]


class WrongAnswer(forms.ValidationError):
    """An answer that cannot be right; the code names the regulation that says so, if one does."""

    def __init__(self, message: str, *, rule: str = "") -> None:
        super().__init__(message, code=rule or "invalid")


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of question."""

    field: Callable[[Asked, date], forms.Field]
    settings: type[Options] = Options
    # Returns the answer as it is kept (WrongAnswer).
    check: Check = lambda asked, answer, answers, on: answer
    warn: Callable[[Asked, Any, Answers], list[str]] = lambda asked, answer, answers: []
    chosen: bool = False
    # Settings that name another question, and settings that name a regulation.
    names: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    # Shown with its middle covered.
    sensitive: bool = False


class _Text(Options):
    most: int = 200
    autocomplete: str = "off"


class _Number(Options):
    least: int | None = None
    most: int | None = None
    unit: str = ""


class _Date(Options):
    past: bool = False
    least_age: str = ""  # regulation: full years somebody born on the day must have


class _Identity(Options):
    document: str = ""  # question that says which document it is
    born: str = ""  # question with the date of birth
    least_age: str = ""


class _Qualification(Options):
    identity: str = ""  # question with the identity number, which ends the certificate's


class _File(Options):
    accept: list[str] = [".pdf", ".jpg", ".jpeg", ".png"]
    most_mb: int = 10


class _People(Options):
    most: int | str = 2  # a number, or the regulation that says it


def _language() -> str:
    return "zh" if (get_language() or "zh").startswith("zh") else "en"


def _plain(asked: Asked, on: date) -> forms.Field:
    return forms.CharField(max_length=asked.settings.most, widget=forms.TextInput(
        attrs={"autocomplete": asked.settings.autocomplete}))


def _long(asked: Asked, on: date) -> forms.Field:
    return forms.CharField(max_length=max(asked.settings.most, 1000), widget=forms.Textarea(attrs={"rows": 4}))


def _number_like(mode: str, most: int = 40) -> Callable[[Asked, date], forms.Field]:
    def field(asked: Asked, on: date) -> forms.Field:
        attrs = {"inputmode": mode, "autocomplete": "off", "spellcheck": "false"}
        return forms.CharField(max_length=most, widget=forms.TextInput(attrs=attrs))

    return field


def _choice(asked: Asked, on: date) -> forms.Field:
    offered = asked.choices(on=on)
    if len(offered) <= 6:
        only = offered[0][0] if len(offered) == 1 else None
        return forms.ChoiceField(choices=offered, widget=forms.RadioSelect, initial=only)
    return forms.ChoiceField(choices=[("", _("Choose …")), *offered])


def _many(asked: Asked, on: date) -> forms.Field:
    return forms.MultipleChoiceField(choices=asked.choices(on=on), widget=forms.CheckboxSelectMultiple)


def _yes_no(asked: Asked, on: date) -> forms.Field:
    return forms.TypedChoiceField(choices=[("yes", _("Yes")), ("no", _("No"))], widget=forms.RadioSelect,
                                  coerce=lambda said: said == "yes", empty_value=None)


def _whole(asked: Asked, on: date) -> forms.Field:
    given = asked.settings
    return NumberField(whole=True, unit=given.unit, min_value=given.least, max_value=given.most)


def _upload(asked: Asked, on: date) -> forms.Field:
    return Upload(accept=tuple(asked.settings.accept), max_bytes=asked.settings.most_mb * 1024 * 1024)


def _several(asked: Asked, on: date) -> forms.Field:
    most = asked.settings.most
    return PeopleField(most=int(regulations.value(most, on=on)) if isinstance(most, str) else most)


def _of_age(born_on: date, rule: str, on: date) -> None:
    """Refuse whoever is younger than the regulation says (WrongAnswer)."""
    least = int(regulations.value(rule, on=on)) if rule else 0
    years = full_years(born_on=born_on, on=on)
    if years < least:
        raise WrongAnswer(_("Born on %(day)s means %(years)d full years; members have at least %(least)d.") % {
            "day": born_on, "years": years, "least": least}, rule=rule)
    if years > OLDEST:
        raise WrongAnswer(_("Born on %(day)s means %(years)d full years; compare the year with the document.") % {
            "day": born_on, "years": years})


def _checked_date(asked: Asked, answer: date, answers: Answers, on: date) -> date:
    if (asked.settings.past or asked.settings.least_age) and answer > on:
        raise WrongAnswer(_("The day lies in the future; write one up to %(day)s.") % {"day": on})
    if asked.settings.least_age:
        _of_age(answer, asked.settings.least_age, on)
    return answer


def _checked_identity(asked: Asked, answer: str, answers: Answers, on: date) -> str:
    try:
        kind = identity.IdentityKind(answers.get(asked.settings.document) or identity.IdentityKind.RESIDENT_ID)
    except ValueError:
        kind = identity.IdentityKind.RESIDENT_ID
    verdict = identity.checked(kind=kind, number=answer, on=on)
    if not verdict.is_valid:
        raise WrongAnswer(verdict.message(language=_language()), rule=IDENTITY)
    if verdict.born_on:
        _of_age(verdict.born_on, asked.settings.least_age, on)
        said = answers.get(asked.settings.born)
        if said and said != verdict.born_on:
            raise WrongAnswer(_("The number says born on %(read)s, above stands %(given)s.") % {
                "read": verdict.born_on, "given": said}, rule=IDENTITY)
    return verdict.value


def _checked_credit(asked: Asked, answer: str, answers: Answers, on: date) -> str:
    verdict = credit_code(number=answer)
    if not verdict.is_valid:
        raise WrongAnswer(verdict.message(language=_language()), rule=CREDIT)
    return verdict.value


def _checked_mobile(asked: Asked, answer: str, answers: Answers, on: date) -> str:
    verdict = identity.mobile(number=answer)
    if not verdict.is_valid:
        raise WrongAnswer(_("Eleven digits, beginning with 13 to 19."))
    return verdict.value


def _warned(reading: licences.LicenceReading) -> list[str]:
    at = 0 if _language() == "zh" else 1
    return [licences.WARNING_WORDS[one][at] for one in reading.warnings]


def _licence_warnings(asked: Asked, answer: str, answers: Answers) -> list[str]:
    return _warned(licences.practice_licence(number=answer))


def _qualification_warnings(asked: Asked, answer: str, answers: Answers) -> list[str]:
    known = str(answers.get(asked.settings.identity) or "")
    return _warned(licences.qualification(number=answer, identity_number=known))


def _email(asked: Asked, on: date) -> forms.Field:
    return forms.EmailField(max_length=120, widget=forms.EmailInput(attrs={"autocomplete": "email"}))


KINDS: dict[str, Kind] = {
    "text": Kind(field=_plain, settings=_Text),
    "long_text": Kind(field=_long, settings=_Text),
    "choice": Kind(field=_choice, chosen=True),
    "many": Kind(field=_many, chosen=True),
    "yes_no": Kind(field=_yes_no),
    "agree": Kind(field=lambda asked, on: forms.BooleanField()),
    "date": Kind(field=lambda asked, on: DateField(), settings=_Date, check=_checked_date, rules=("least_age",)),
    "whole_number": Kind(field=_whole, settings=_Number),
    "email": Kind(field=_email),
    "mobile": Kind(field=_number_like("tel"), check=_checked_mobile, sensitive=True),
    "identity_number": Kind(field=_number_like("text"), settings=_Identity, check=_checked_identity,
                            names=("document", "born"), rules=("least_age",), sensitive=True),
    "credit_code": Kind(field=_number_like("text"), check=_checked_credit),
    "practice_licence": Kind(field=_number_like("numeric"), warn=_licence_warnings, sensitive=True),
    "qualification": Kind(field=_number_like("text"), settings=_Qualification, warn=_qualification_warnings,
                          names=("identity",), sensitive=True),
    "file": Kind(field=_upload, settings=_File),
    "people": Kind(field=_several, settings=_People, rules=("most",)),
}
