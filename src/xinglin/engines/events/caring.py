"""Table of visits of care: condolence, festival, the front line; once for one reason to one recipient (C15)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xinglin.kernel.refs import Ref, ref
from xinglin.kernel.stated import Stated, StatedQuerySet

from .meetings import MONEY, Event


class CareQuerySet(StatedQuerySet):
    """Sets of visits."""

    def one_locked(self, *, pk: int) -> "Care":
        """Lock one visit and return it."""
        return self.select_for_update(of=("self",)).select_related("person", "organisation").get(pk=pk)


class Care(Stated):
    """Somebody, or an institution, that was visited for a reason, and what was given."""

    PERSONAL = ("name", "unit", "note")

    class Reason(models.TextChoices):
        """Why somebody is visited."""

        DOCTORS_DAY = "doctors_day", _("Doctors' day")
        SPRING_FESTIVAL = "spring_festival", _("Spring festival")
        FRONT_LINE = "front_line", _("At the front line")
        ABROAD = "abroad", _("Serving abroad")
        ILLNESS = "illness", _("Illness")
        HARDSHIP = "hardship", _("Hardship")
        BEREAVEMENT = "bereavement", _("Death on duty or in the family")
        DISASTER = "disaster", _("Disaster")

    person = models.ForeignKey("directory.Person", models.PROTECT, null=True, related_name="+")
    organisation = models.ForeignKey("directory.Organisation", models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=60, blank=True)  # of somebody whom the directory does not know
    unit = models.CharField(max_length=120, blank=True)
    reason = models.CharField(max_length=20, choices=Reason)
    year = models.PositiveSmallIntegerField()
    given_on = models.DateField()
    people = models.PositiveSmallIntegerField(default=1)
    money = models.DecimalField(default=0, **MONEY)
    gift = models.CharField(max_length=120, blank=True)
    voucher = models.CharField(max_length=60, blank=True)  # the entry of the accounts that the money stands under
    region = models.CharField(max_length=6, blank=True)
    note = models.CharField(max_length=300, blank=True)
    event = models.ForeignKey(Event, models.PROTECT, null=True, related_name="visits")
    fact_key = models.UUIDField(null=True)  # what a correction corrects

    objects = CareQuerySet.as_manager()

    class Meta:
        ordering = ("-given_on", "-pk")
        constraints = [
            models.UniqueConstraint(fields=["person", "reason", "year"], condition=Q(person__isnull=False),
                                    name="care_once_a_person"),
            models.UniqueConstraint(fields=["organisation", "reason", "year"], name="care_once_an_institution",
                                    condition=Q(person__isnull=True, organisation__isnull=False)),
            models.UniqueConstraint(fields=["name", "unit", "reason", "year"], name="care_once_a_name",
                                    condition=Q(person__isnull=True, organisation__isnull=True)),
            models.CheckConstraint(condition=Q(money=0) | ~Q(voucher=""), name="care_money_has_a_voucher"),
            models.CheckConstraint(condition=Q(money__gte=0) & Q(people__gte=1), name="care_gives"),
            models.CheckConstraint(condition=~Q(gift="") | Q(money__gt=0), name="care_is_something"),
        ]

    @property
    def ref(self) -> Ref:
        """Its name for the rest of the house."""
        return ref("events.care", self.pk)

    @property
    def label(self) -> str:
        """Who was visited, in words."""
        who = str(self.person or self.organisation or self.name)
        return f"{who}（{self.unit}）" if self.unit and not self.organisation else who
