"""How projects, attendances, credits and duties follow when two entries of the directory are one person."""

from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xinglin.directory.merging import Joining, Mover, moving_refs, register_merge

from .certificates import Openness
from .credits import Attendance, Award, Bar, Claim, Duty, TestResult
from .projects import Project, Session, Teacher

# Table → column that names a person, and the columns by which a second row of the same would be refused.
FOLLOW: tuple[tuple[type[Model], str, tuple[str, ...]], ...] = (
    (Project, "leader", ()), (Session, "lecturer", ()), (Teacher, "person", ("project",)), (Attendance, "person", ()),
    (TestResult, "person", ("project", "taken_on")), (Award, "person", ("project", "kind")), (Claim, "person", ()),
    (Duty, "person", ("from_on",)), (Openness, "person", ()))


def _rows(model: type[Model], field: str, key: str) -> Any:
    return model._default_manager.filter(**{f"{field}_id": int(key)})


def _preview(joining: Joining) -> list[str]:
    count = sum(_rows(model, field, joining.loser.key).count() for model, field, _same in FOLLOW)
    return [_("%(count)d records of projects and credits") % {"count": count}] if count else []


def _move(joining: Joining) -> Any:
    moved = {}
    for model, field, same in FOLLOW:
        rows = _rows(model, field, joining.loser.key)
        taken = set(_rows(model, field, joining.winner.key).values_list(*same)) if same else set()
        keys = [one["pk"] for one in rows.values("pk", *same) if tuple(one[name] for name in same) not in taken] if (
            same) else list(rows.values_list("pk", flat=True))
        if model is Openness and _rows(model, field, joining.winner.key).exists():
            keys = []
        rows.filter(pk__in=keys).update(**{f"{field}_id": int(joining.winner.key)})
        moved[model.__name__] = keys
    return moved


def _back(joining: Joining, moved: Any) -> None:
    for model, field, _same in FOLLOW:
        rows = _rows(model, field, joining.winner.key).filter(pk__in=moved[model.__name__])
        rows.update(**{f"{field}_id": int(joining.loser.key)})


register_merge("learning.records", Mover(kind="learning.records", label=gettext_lazy("CME projects and credits"),
                                         preview=_preview, move=_move, back=_back))
register_merge("learning.bars", moving_refs(kind="learning.bars", label=gettext_lazy("Bars from applying"), model=Bar,
                                            field="about"))
