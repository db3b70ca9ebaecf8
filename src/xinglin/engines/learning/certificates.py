"""Tables of certificates of credits, and of what their holders let others see."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from xinglin.kernel.refs import Ref, ref
from xinglin.kernel.stated import Stated

from .codes import grouped
from .credits import Award


class Certificate(Stated):
    """A paper that proves an award, in the words of the day it was made out; its code leads to whether it holds."""

    PERSONAL = ("name", "document_masked", "revoked_for")

    award = models.ForeignKey(Award, models.PROTECT, related_name="certificates")
    number = models.CharField(max_length=60, unique=True)
    code = models.CharField(max_length=26, unique=True)
    name = models.CharField(max_length=80)
    document_masked = models.CharField(max_length=40, blank=True)
    issued_on = models.DateField()
    revoked_on = models.DateField(null=True)
    revoked_for = models.CharField(max_length=200, blank=True)
    replaced_by = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaces")

    class Meta:
        ordering = ("-issued_on", "-pk")
        constraints = [models.UniqueConstraint(fields=["award"], condition=Q(revoked_on=None),
                                               name="one_paper_of_an_award_in_force")]

    @property
    def ref(self) -> Ref:
        """Its name for the rest of the house."""
        return ref("learning.certificate", self.pk)

    @property
    def grouped(self) -> str:
        """Return the code in groups of four, as it is printed and typed."""
        return grouped(self.code)

    def get_absolute_url(self) -> str:
        """Return its public page."""
        return reverse("learning:verified", args=[self.grouped])


class Openness(Stated):
    """Whether a person lets the public page of their certificates show the full name; no row means no."""

    person = models.OneToOneField("directory.Person", models.PROTECT, related_name="+")
    shown = models.BooleanField()
    chosen_on = models.DateField()
