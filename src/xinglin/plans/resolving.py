"""Turns refs of plans into what a reader sees."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xinglin.kernel.refs import Resolver, Shown, resolves

from .commitments import Commitment
from .documents import Plan
from .running import ChangeRequest, Evidence, Supervision


@resolves("plans.plan")
def _plans(keys: list[str]) -> dict[str, Shown]:
    return {
        str(one.pk): Shown(label=one.title, url=reverse("plans:plan", args=[one.pk]))
        for one in Plan.objects.filter(pk__in=keys)
    }


@resolves("plans.commitment")
def _commitments(keys: list[str]) -> dict[str, Shown]:
    return {
        str(one.pk): Shown(label=f"{one.no} {one.text[:40]}", url=reverse("plans:commitment", args=[one.pk]))
        for one in Commitment.objects.filter(pk__in=keys)
    }


def _beside(model: type[models.Model], part: str, word: object) -> Resolver:
    """Return a resolver of rows that belong to a commitment: they are shown on its page."""

    def found(keys: list[str]) -> dict[str, Shown]:
        rows = model._default_manager.filter(pk__in=keys).select_related("commitment")
        return {
            str(one.pk): Shown(
                label=f"{one.commitment.no} {word}", url=reverse("plans:commitment", args=[one.commitment_id]) + part
            )
            for one in rows
        }

    return found


resolves("plans.evidence")(_beside(Evidence, "#evidence", _("evidence")))
resolves("plans.change")(_beside(ChangeRequest, "#changes", _("change")))
resolves("plans.supervision")(_beside(Supervision, "#supervision", _("supervision notice")))
