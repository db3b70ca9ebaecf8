"""The bank account into which an organisation collects: its name, bank and number from a day on."""

from datetime import date

from django.db import models

from xinglin.kernel.refs import Ref, ref
from xinglin.kernel.stated import Stated, StatedQuerySet

from .organisations import Organisation


class BankAccountQuerySet(StatedQuerySet):
    """Sets of bank accounts."""

    def in_use(self, day: date) -> "BankAccount | None":
        """Return the account that our association collects into on a day: the last named for it or for days before."""
        ours = Organisation.objects.ours(day)
        return self.filter(organisation__in=ours, from_on__lte=day).order_by("-pk").first()

    def counting(self) -> "list[tuple[BankAccount, bool]]":
        """Return all, the last day first, with whether each counts: none named later is from its day or before."""
        answer, first = [], date.max
        for row in self.order_by("-pk"):
            answer.append((row, row.from_on < first))
            first = min(first, row.from_on)
        return sorted(answer, key=lambda one: (one[0].from_on, one[0].pk), reverse=True)


class BankAccount(Stated):
    """Where to pay from a day on; one named after it replaces it from its own day, and so a slip is put right."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="bank_accounts")
    holder = models.CharField(max_length=120)  # 户名
    bank = models.CharField(max_length=120)  # 开户行
    number = models.CharField(max_length=32)  # 账号, digits only
    from_on = models.DateField()
    named_on = models.DateField()

    objects = BankAccountQuerySet.as_manager()

    class Meta:
        ordering = ("-from_on", "-pk")

    @property
    def ref(self) -> Ref:
        """Its name for the rest of the house."""
        return ref("directory.bank_account", self.pk)

    @property
    def spaced(self) -> str:
        """The number in groups of four, as people copy it."""
        return " ".join(self.number[at : at + 4] for at in range(0, len(self.number), 4))
