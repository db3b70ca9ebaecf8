"""Acts on organisations: found, correct, rename and move them."""

from datetime import date

from django.utils.translation import gettext as _

from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act, state
from xinglin.kernel.policy import require
from xinglin.kernel.refs import Code, Ref

from .. import checks, lists, policy
from ..facts import OrganisationCorrected, OrganisationFounded, OrganisationMoved, OrganisationRenamed
from ..finding import organisation_of
from ..indexing import organisation_sort_key, reindex_organisation
from ..organisations import Organisation, OrganisationChange
from ..ours import keeping_ours
from ..refusals import CreditCodeTaken, NotFound, NothingChanged, PartOfItself

# Deeper than association, branch, committee, group is an error in the data.
DEPTH = 12


@act
def found_organisation(
    *, by: Actor, on: date, name: str, kind: str, short_name: str = "", level: str = "", region: str = "",
    credit_code: str = "", parent: Ref | None = None, from_on: date | None = None, order: int = 0,
) -> Ref:
    """Enter an organisation, new or existing since `from_on`; return its ref."""
    code = checks.checked_code(kind, among=lists.organisation_kinds, field="kind")
    require(policy.may_change_organisation(actor=by, kinds={code}))
    if not code:
        raise NotFound(_("Choose the kind of organisation."), field="kind")
    above = organisation_of(parent) if parent else None
    row = Organisation(
        name=checks.checked_name(name), short_name=short_name.strip(), kind=code, parent=above, from_on=from_on,
        order=order,
        level=checks.checked_code(level, among=lists.organisation_levels, field="level"),
        region=checks.checked_region(region), credit_code=_free_code(credit_code))
    row.sort_key = organisation_sort_key(row.name)
    with keeping_ours(on=on):
        row.save()
    reindex_organisation(row)
    state(OrganisationFounded(organisation=row.ref, kind=Code(code), parent=above.ref if above else None,
                              from_on=from_on), happened_on=from_on)
    return row.ref


def _free_code(credit_code: str, *, beside: Organisation | None = None) -> str:
    code = checks.checked_credit_code(credit_code)
    others = Organisation.objects.filter(credit_code=code, until_on=None).exclude(pk=beside.pk if beside else None)
    if code and (other := others.first()):
        raise CreditCodeTaken(_("%(name)s bears this code already.") % {"name": other.name}, organisation=other.ref)
    return code


@act
def correct_organisation(
    *, by: Actor, on: date, organisation: Ref, short_name: str | None = None, kind: str | None = None,
    level: str | None = None, region: str | None = None, credit_code: str | None = None, from_on: date | None = None,
    order: int | None = None,
) -> None:
    """Put right what was entered wrongly; a new name is a renaming, another parent a move. None leaves as it is."""
    require(policy.may_change_organisation(actor=by))
    row = organisation_of(organisation, locked=True)
    said = {
        "short_name": None if short_name is None else short_name.strip(),
        "kind": checks.checked_code(kind, among=lists.organisation_kinds, field="kind") or None if kind else None,
        "level": None if level is None else checks.checked_code(level, among=lists.organisation_levels, field="level"),
        "region": None if region is None else checks.checked_region(region),
        "credit_code": None if credit_code is None else _free_code(credit_code, beside=row),
        "from_on": from_on, "order": order,
    }
    changed = {field: value for field, value in said.items() if value is not None and value != getattr(row, field)}
    if not changed:
        raise NothingChanged(_("Nothing differs from what the directory says already."))
    if "kind" in changed:
        require(policy.may_change_organisation(actor=by, kinds={row.kind, str(changed["kind"])}))
    for field, value in changed.items():
        setattr(row, field, value)
    checks.require_span(from_on=row.from_on, until_on=row.until_on)
    with keeping_ours(on=on):
        row.save()
    reindex_organisation(row)
    state(OrganisationCorrected(organisation=row.ref, what=tuple(Code(one) for one in sorted(changed)),
                                kind=Code(row.kind) if "kind" in changed else None,
                                from_on=row.from_on if "from_on" in changed else None))


@act
def rename_organisation(
    *, by: Actor, on: date, organisation: Ref, name: str, changed_on: date, short_name: str | None = None,
    decision: str = "",
) -> None:
    """Give an organisation another name from a day on; the former name stays true for the days before."""
    require(policy.may_change_organisation(actor=by))
    row = organisation_of(organisation, locked=True)
    new = checks.checked_name(name)
    if new == row.name:
        raise NothingChanged(_("It bears this name already."), field="name")
    OrganisationChange(organisation=row, kind=OrganisationChange.Kind.RENAMED, changed_on=changed_on,
                       decision=decision, old_name=row.name, new_name=new).save()
    row.name, row.sort_key = new, organisation_sort_key(new)
    row.short_name = row.short_name if short_name is None else short_name.strip()
    row.save()
    reindex_organisation(row)
    state(OrganisationRenamed(organisation=row.ref), happened_on=changed_on)


@act
def move_organisation(
    *, by: Actor, on: date, organisation: Ref, parent: Ref | None, changed_on: date, decision: str = "",
) -> None:
    """Let an organisation belong to another one, or to none, from a day on."""
    row = organisation_of(organisation, locked=True)
    # The parts come along: a hospital's office moved under our association would become one of ours.
    require(policy.may_change_organisation(actor=by, kinds=Organisation.objects.kinds_within(row.pk)))
    above = organisation_of(parent, locked=True) if parent else None
    if above == row.parent:
        raise NothingChanged(_("It belongs there already."), field="parent")
    _require_no_circle(row, above)
    OrganisationChange(organisation=row, kind=OrganisationChange.Kind.MOVED, changed_on=changed_on, decision=decision,
                       old_parent=row.parent, new_parent=above).save()
    row.parent = above
    with keeping_ours(on=on):
        row.save()
    state(OrganisationMoved(organisation=row.ref, parent=above.ref if above else None), happened_on=changed_on)


def _require_no_circle(row: Organisation, above: Organisation | None) -> None:
    step, seen = above, 0
    while step is not None:
        seen += 1
        if step == row or seen > DEPTH:
            raise PartOfItself(_("%(above)s is itself a part of %(name)s.") % {"above": above, "name": row.name})
        step = step.parent
