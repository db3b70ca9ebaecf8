"""What the shell remembers: forms already sent, and lists a person saved."""

from django.conf import settings
from django.db import models


class Sent(models.Model):
    """The token of a form that was carried out, so that sending it twice does nothing twice."""

    token = models.CharField(max_length=40, primary_key=True)
    url = models.CharField(max_length=500, blank=True)
    sent_at = models.DateTimeField(db_index=True)

    class Meta:
        app_label = "shell"

    def __str__(self) -> str:
        return self.token


class SavedList(models.Model):
    """Conditions of a list that one account gave a name: a preference, not a business matter."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    table = models.CharField(max_length=80)
    name = models.CharField(max_length=40)
    address = models.CharField(max_length=1000, blank=True)

    class Meta:
        app_label = "shell"
        constraints = [models.UniqueConstraint(fields=("account", "table", "name"), name="one_saved_list_per_name")]
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name
