"""People: who somebody is, by which documents, with which titles and licences, employed where and since when."""

from datetime import date

from django.db import models
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from xinglin.kernel.refs import Ref, ref
from xinglin.kernel.sealed_fields import BlindIndex, SealedText
from xinglin.kernel.stated import Stated, StatedQuerySet
from xinglin.lib.identity import IdentityKind
from xinglin.lib.licences import WARNING_WORDS, practice_licence, qualification

from .keys import SearchKey, found_by, unindexed
from .lists import professional_titles, specialties
from .organisations import OrganisationKey

# Documents whose number stays with its bearer for life; passports and the like get another with each renewal.
LIFELONG = frozenset({IdentityKind.RESIDENT_ID.value, IdentityKind.HONG_KONG_MACAO_PERMIT.value,
                      IdentityKind.TAIWAN_PERMIT.value, IdentityKind.RESIDENCE_PERMIT.value})
# A word that half of all units answer to (医院, a single letter) means no unit.
MOST_UNITS = 40


def _units_meant(word: str) -> list[int]:
    """Return the units a word names, none when it names too many to be meant."""
    if len(word) < (3 if word.isascii() else 2):
        return []
    rows = OrganisationKey.objects.filter(found_by(word)).values_list("organisation", flat=True).distinct()
    units = list(rows[: MOST_UNITS + 1])
    return units if len(units) <= MOST_UNITS else []


class PersonQuerySet(StatedQuerySet):
    """Names the sets of people that others ask for."""

    def known(self) -> "PersonQuerySet":
        """Return those who stand for themselves: nobody merged into another."""
        return self.filter(merged_into=None)

    def found(self, words: str) -> "PersonQuerySet":
        """Return those whom every word finds, by a search key of their own or of a unit they work for."""
        answer, asked = self, words.split()
        if all(len(word) == 1 and word.isascii() for word in asked):
            asked = ["".join(asked)]  # w x m are initials, not three people
        for word in filter(None, asked):
            condition = models.Q(pk__in=PersonKey.objects.filter(found_by(word)).values("person"))
            if units := _units_meant(word):
                there = Employment.objects.filter(until_on=None, organisation__in=units).values("person")
                condition |= models.Q(pk__in=there)
            answer = answer.filter(condition)
        return answer.order_by(unindexed("sort_key"), "pk")

    def in_writing_locked(self, *pks: int) -> "list[Person]":
        """Lock these people in the order of their keys and return them; rows that name them may come in meanwhile.

        Merges take this lock: what is written for people under it never stays behind with an entry that gave way. Keys
        to people are checked when a transaction ends, so that no stronger lock would make a merge wait for such rows.
        """
        return list(self.select_for_update(no_key=True).filter(pk__in=pks).order_by("pk"))


class Person(Stated):
    """One human being; whoever turned out to be the same stays as a row that points to the other."""

    class Sex(models.TextChoices):
        """Codes of GB/T 2261.1; unknown is empty."""

        MALE = "1", _("Male")
        FEMALE = "2", _("Female")

    PERSONAL = ("name", "sex", "born_on", "mobile", "mobile_masked", "email", "sort_key", "romanised", "remark")

    name = models.CharField(_("Full name"), max_length=80)
    sex = models.CharField(_("Sex"), max_length=1, choices=Sex, blank=True)
    born_on = models.DateField(_("Date of birth"), null=True, blank=True)
    mobile = SealedText(_("Mobile"), blank=True, default="")
    mobile_index = BlindIndex(of="mobile")
    mobile_masked = models.CharField(max_length=20, blank=True)
    email = models.EmailField(_("E-mail"), blank=True, db_index=True)
    sort_key = models.CharField(max_length=200, db_index=True)
    romanised = models.CharField(max_length=120, blank=True)
    remark = models.CharField(_("Remark on the entry"), max_length=200, blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged_from")
    registered_on = models.DateField()

    objects = PersonQuerySet.as_manager()

    class Meta:
        ordering = ("sort_key", "pk")
        constraints = [
            models.CheckConstraint(condition=~models.Q(name=""), name="a_person_has_a_name"),
            models.CheckConstraint(condition=~models.Q(merged_into=models.F("pk")), name="not_merged_into_self"),
        ]
        indexes = [models.Index(fields=["name", "born_on"], name="person_name_born")]

    def __str__(self) -> str:
        return self.name

    @property
    def ref(self) -> Ref:
        """The name by which strangers know this person."""
        return ref("directory.person", self.pk)

    @property
    def workplace(self) -> str:
        """Present unit and department in words; lists read the employments along with their organisations."""
        job = next((one for one in self.employments.all() if one.until_on is None), None)
        return "　".join(filter(None, (job.organisation.label, job.department))) if job else ""

    def get_absolute_url(self) -> str:
        """Return the address of the person's page."""
        return reverse("directory:person", args=[self.pk])


class PersonKey(SearchKey):
    """One text that finds a person: name, part of it, pinyin, initials, the masked ends of numbers."""

    # The unique pair below serves look-ups by person.
    person = models.ForeignKey(Person, models.CASCADE, related_name="keys", db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "text"], name="a_person_key_once")]


class IdentityDocument(Stated):
    """A document that proves who somebody is; its number is sealed and found only exactly, or by its masked ends."""

    class Kind(models.TextChoices):
        """The documents by which a person may be known."""

        RESIDENT_ID = IdentityKind.RESIDENT_ID.value, _("Resident identity card")
        CHINESE_PASSPORT = IdentityKind.CHINESE_PASSPORT.value, _("Chinese passport")
        FOREIGN_PASSPORT = IdentityKind.FOREIGN_PASSPORT.value, _("Foreign passport")
        HONG_KONG_MACAO_PERMIT = IdentityKind.HONG_KONG_MACAO_PERMIT.value, _("Hong Kong and Macao travel permit")
        TAIWAN_PERMIT = IdentityKind.TAIWAN_PERMIT.value, _("Taiwan travel permit")
        RESIDENCE_PERMIT = IdentityKind.RESIDENCE_PERMIT.value, _("Residence permit for Hong Kong, Macao and Taiwan")
        PERMANENT_RESIDENCE = IdentityKind.PERMANENT_RESIDENCE.value, _("Foreigner's permanent residence card")

    PERSONAL = ("number", "masked")

    person = models.ForeignKey(Person, models.CASCADE, related_name="documents")
    kind = models.CharField(_("Identity document"), max_length=30, choices=Kind, default=Kind.RESIDENT_ID)
    country = models.CharField(max_length=2, blank=True)  # of a foreign passport, ISO 3166-1
    number = SealedText(_("Document number"))
    number_index = BlindIndex(of="number")
    masked = models.CharField(max_length=24)
    until_on = models.DateField(null=True, blank=True)  # the document expires

    class Meta:
        constraints = [
            # One number of one kind names one person: what every import and form is measured against.
            models.UniqueConstraint(fields=["kind", "country", "number_index"], name="one_person_per_document"),
        ]


class PersonTitle(Stated):
    """A professional title somebody holds since a date."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="titles")
    title = models.CharField(_("Professional title"), max_length=40)  # code of lists/professional_titles.csv
    obtained_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "title"], name="a_title_once")]

    @property
    def label(self) -> str:
        """The title in words."""
        return professional_titles.label(self.title)


class Licence(Stated):
    """A physician's qualification or practice licence; odd numbers warn and are kept (M7)."""

    class Kind(models.TextChoices):
        """The two certificates a physician carries."""

        PRACTICE = "practice", _("Practice licence")
        QUALIFICATION = "qualification", _("Qualification certificate")

    PERSONAL = ("number", "masked", "scope")

    person = models.ForeignKey(Person, models.CASCADE, related_name="licences")
    kind = models.CharField(max_length=15, choices=Kind, default=Kind.PRACTICE)
    number = SealedText(blank=True, default="")
    masked = models.CharField(max_length=40, blank=True)
    scope = models.CharField(_("Scope of practice"), max_length=120, blank=True)
    region = models.CharField(max_length=6, blank=True)
    from_on = models.DateField(null=True, blank=True)
    until_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until_on=None) | models.Q(from_on=None) | models.Q(until_on__gt=models.F("from_on")),
                name="licence_ends_after_start"),
        ]

    @property
    def remarks(self) -> list[str]:
        """What is unusual about the number, in words; it is kept all the same (M7)."""
        if not self.number:
            return []
        holder = self.person.documents.filter(kind=IdentityKind.RESIDENT_ID.value).first()
        if self.kind == self.Kind.PRACTICE:
            reading = practice_licence(number=self.number)
        else:
            reading = qualification(number=self.number, identity_number=holder.number if holder else "")
        zh = (get_language() or "zh").startswith("zh")
        return [WARNING_WORDS[one][0 if zh else 1] for one in reading.warnings]


class PersonSpecialty(Stated):
    """What somebody works on, by discipline code; one of them is the main one."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="specialties")
    code = models.CharField(max_length=16)  # of lists/specialties.csv: gb-3202410, kc-0304 …
    main = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "code"], name="a_specialty_once"),
            models.UniqueConstraint(fields=["person"], condition=models.Q(main=True), name="one_main_specialty"),
        ]

    @property
    def label(self) -> str:
        """The discipline in words."""
        return specialties.label(self.code)


class EmploymentQuerySet(StatedQuerySet):
    """Names the sets of employments."""

    def on(self, day: date) -> "EmploymentQuerySet":
        """Return those that hold on a day; an unknown beginning lies before every day."""
        began = models.Q(from_on=None) | models.Q(from_on__lte=day)
        return self.filter(began & (models.Q(until_on=None) | models.Q(until_on__gt=day)))


class Employment(Stated):
    """Somebody works for an organisation from a day until before another; an unknown beginning is empty."""

    PERSONAL = ("department", "position")

    person = models.ForeignKey(Person, models.CASCADE, related_name="employments")
    organisation = models.ForeignKey("directory.Organisation", models.PROTECT, related_name="employments")
    department = models.CharField(_("Clinical department"), max_length=80, blank=True)
    position = models.CharField(_("Position at work"), max_length=80, blank=True)
    from_on = models.DateField(null=True, blank=True)
    until_on = models.DateField(null=True, blank=True)
    main = models.BooleanField(default=True)

    objects = EmploymentQuerySet.as_manager()

    class Meta:
        ordering = ("-main", models.F("from_on").desc(nulls_last=True), "pk")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until_on=None) | models.Q(from_on=None) | models.Q(until_on__gt=models.F("from_on")),
                name="employment_ends_after_start"),
        ]
        indexes = [models.Index(fields=["organisation", "until_on"], name="employed_there")]

