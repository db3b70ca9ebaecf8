"""What readers see of the kernel's own refs: files, series, overrides, jobs, parts of the house."""

from django.urls import reverse
from django.utils.translation import gettext as _

from xinglin.kernel.files import StoredFile
from xinglin.kernel.jobs import Job
from xinglin.kernel.numbering import IssuedNumber, NumberSeries
from xinglin.kernel.refs import Shown, resolves
from xinglin.kernel.regulations import RegulationOverride, UnknownRegulation, regulation

from ..drawing import JOB_LABELS
from ..units import speaks_chinese


def size_of(count: int) -> str:
    """Return a size in KB or MB, as people say it."""
    return f"{count / 2**20:,.1f} MB" if count >= 2**20 else f"{max(count // 1024, 1):,} KB"


@resolves("kernel.file")
def _files(keys: list[str]) -> dict[str, Shown]:
    """Name a file by kind and size: its own name may be personal and is shown where it is attached."""
    rows = StoredFile.objects.filter(pk__in=keys)
    return {row.pk: Shown(label=_("%(type)s file, %(size)s") % {"type": row.type.upper(), "size": size_of(row.size)},
                          url=reverse("operations:content", args=[row.pk])) for row in rows}


@resolves("kernel.series")
def _series(keys: list[str]) -> dict[str, Shown]:
    rows = NumberSeries.objects.filter(pk__in=keys)
    return {row.pk: Shown(label=row.label, url=f"{reverse('operations:numbers')}?series={row.pk}") for row in rows}


@resolves("kernel.number")
def _numbers(keys: list[str]) -> dict[str, Shown]:
    rows = IssuedNumber.objects.filter(pk__in=[key for key in keys if key.isdigit()])
    return {str(row.pk): Shown(label=row.text, url=reverse("operations:number", args=[row.pk])) for row in rows}


@resolves("kernel.regulation")
def _rules(keys: list[str]) -> dict[str, Shown]:
    return {key: shown for key in keys if (shown := _rule(key))}


def _rule(key: str) -> Shown | None:
    try:
        rule = regulation(key)
    except UnknownRegulation:
        return None
    return Shown(label=rule.zh if speaks_chinese() else rule.en, url=reverse("shell:regulation", args=[key]))


@resolves("kernel.override")
def _overrides(keys: list[str]) -> dict[str, Shown]:
    rows = RegulationOverride.objects.filter(pk__in=[key for key in keys if key.isdigit()])
    rules = {row.pk: _rule(row.regulation) for row in rows}
    return {str(row.pk): Shown(
        label=_("%(rule)s: %(value)s from %(day)s") % {
            "rule": rule.label if (rule := rules[row.pk]) else row.regulation, "value": row.value,
            "day": row.from_on.isoformat()},
        url=f"{rule.url}#o{row.pk}" if rule else "") for row in rows}


@resolves("kernel.job")
def _jobs(keys: list[str]) -> dict[str, Shown]:
    rows = Job.objects.filter(pk__in=[key for key in keys if key.isdigit()])
    return {str(row.pk): Shown(label=str(JOB_LABELS.get(row.kind, row.kind)), url=reverse("shell:job", args=[row.pk]))
            for row in rows}


@resolves("kernel.house")
def _house(keys: list[str]) -> dict[str, Shown]:
    return {key: Shown(label=_("the system itself")) for key in keys}
