"""Says the codes that stand in the worklog's facts in words."""

from xinglin.lib.regions import full_name, region_of

from .entries import Format
from .patterns import patterns
from .registers import Modality
from .words import QUANTITIES, Edition, Kind, Role

_KINDS = frozenset({"kind", "kinds", "parent"})


def in_words(field: str, code: str) -> str:
    """Return a code of a field in words, "" when it has none."""
    if field in _KINDS:
        kind = Kind.objects.filter(code=code).first()
        return str(kind) if kind else ""
    if field in ("region", "city"):
        return full_name(code=code) if region_of(code=code) else ""
    if field == "pattern":
        return str(patterns()[code]) if code in patterns() else ""
    if field in ("stage", "before", "grade"):
        found = (word for one in patterns().values() for word in (*one.stages, *one.grades) if word.code == code)
        return str(next(found, ""))
    if field in ("quantities", "uses"):
        return str(QUANTITIES[code][0]) if code in QUANTITIES else ""
    choices = {"format": Format, "role": Role, "modality": Modality, "state": Edition.State}.get(field)
    return str(dict(choices.choices).get(code, "")) if choices else ""
