"""Stated rows: the ones that matter, which only an act may change."""

from collections.abc import Iterable
from typing import Any

from django.db import models

from .acts import OutsideAct, inside_act


def _demand(what: str) -> None:
    if not inside_act():
        raise OutsideAct(f"{what}: stated rows change only inside an act")


class StatedQuerySet(models.QuerySet):
    """Refuses every bulk writer outside an act."""

    def update(self, **kwargs: Any) -> int:
        _demand(f"{self.model.__name__}.update")
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        _demand(f"{self.model.__name__}.delete")
        return super().delete()

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        _demand(f"{self.model.__name__}.bulk_create")
        return super().bulk_create(objs, *args, **kwargs)

    def bulk_update(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> int:
        _demand(f"{self.model.__name__}.bulk_update")
        return super().bulk_update(objs, *args, **kwargs)


class Stated(models.Model):
    """Base of rows that change only inside an act; `PERSONAL` names the fields about a person."""

    PERSONAL: tuple[str, ...] = ()

    objects = StatedQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        _demand(f"{type(self).__name__}.save")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        _demand(f"{type(self).__name__}.delete")
        return super().delete(*args, **kwargs)
