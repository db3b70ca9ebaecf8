"""Accounts: how a person, or one of the three administrations, signs in."""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from xinglin.kernel.acts import inside_act
from xinglin.kernel.refs import Ref, ref
from xinglin.kernel.sealed_fields import BlindIndex, SealedText
from xinglin.kernel.stated import Stated, StatedQuerySet

# Django writes the first two on sign-in (the moment, a stronger hash of the same password); nobody audits the taste.
UNSTATED = frozenset({"last_login", "password", "language", "theme"})


class AccountQuerySet(StatedQuerySet):
    """Names the sets of accounts."""

    def of_holder_locked(self, account: "Account") -> "list[Account]":
        """Lock every account of the human being behind this one, in the order of their keys."""
        holder = Q(pk=account.pk) if account.person_id is None else Q(person=account.person_id)
        return list(self.select_for_update().filter(holder).order_by("pk"))


class AccountManager(BaseUserManager.from_queryset(AccountQuerySet)):  # type: ignore[misc]
    """Finds accounts; they are opened by the act `open_account`."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "Account":
        """Write an account; only inside an act, like every stated row."""
        account = self.model(username=username, **fields)
        account.set_password(password)
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser, Stated):
    """One sign-in; what it may do follows from the person's posts and terms, or from one grant.

    There is no super-user: administrations are separate accounts without a post.
    """

    class Purpose(models.TextChoices):
        """Whom the account serves."""

        PERSON = "person"
        ADMINISTRATION = "administration"

    username = models.CharField(max_length=150, unique=True, validators=[UnicodeUsernameValidator()])
    email = models.EmailField(blank=True)
    mobile = SealedText(blank=True)
    mobile_index = BlindIndex(of="mobile", column="account.mobile", unique=True)
    person = models.ForeignKey("directory.Person", null=True, on_delete=models.PROTECT, related_name="accounts")
    purpose = models.CharField(max_length=20, choices=Purpose.choices, default=Purpose.PERSON)
    is_active = models.BooleanField(default=True)
    opened_on = models.DateField(null=True)
    activated_on = models.DateField(null=True)
    password_changed_on = models.DateField(null=True)
    must_change_password = models.BooleanField(default=False)
    language = models.CharField(max_length=10, blank=True)
    theme = models.CharField(max_length=10, blank=True)

    objects = AccountManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []
    PERSONAL = ("username", "email", "mobile")

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("username"), name="account_username_once"),
            models.UniqueConstraint(Lower("email"), name="account_email_once", condition=~Q(email="")),
            models.CheckConstraint(
                condition=Q(purpose="person") | Q(person__isnull=False), name="account_administration_of_somebody"),
            models.UniqueConstraint(fields=["person"], name="account_person_once", condition=Q(purpose="person")),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        fields = kwargs.get("update_fields")
        if fields is not None and self.pk and set(fields) <= UNSTATED:
            models.Model.save(self, *args, **kwargs)
            return
        if not inside_act() and fields is None and self._is_as_stored():
            return  # the sign-in library saves accounts it did not change; that is not a change to refuse
        super().save(*args, **kwargs)

    def _is_as_stored(self) -> bool:
        stored = Account.objects.filter(pk=self.pk).first()
        names = [one.attname for one in self._meta.concrete_fields if one.attname not in UNSTATED - {"password"}]
        return stored is not None and all(getattr(self, name) == getattr(stored, name) for name in names)

    @property
    def ref(self) -> Ref:
        """The account's name in facts."""
        return ref("directory.account", self.pk)

    @property
    def administers(self) -> bool:
        """Whether this is an account of one of the three administrations."""
        return self.purpose == self.Purpose.ADMINISTRATION
