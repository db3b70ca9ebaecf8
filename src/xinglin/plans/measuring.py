"""Counts what a measure finds among sealed facts, once from the start and then fact by fact.

Definition: the facts of the measure's type, happened within its span, matching its filter, that no later sealed
fact corrects. `count_afresh` states it in one query; `advance` keeps the tallies equal to it as facts arrive.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection, models, transaction
from django.db.models import Count, Exists, OuterRef, Sum
from django.db.models.expressions import RawSQL
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, TruncMonth

from xinglin.kernel.ledger.models import Head, SealedFact

from .documents import Plan
from .measures import Measure, Reach, Tally, TallyKey

# Past this many new facts one query a measure is faster than reading them one by one, for a few measures.
AFRESH_AFTER = 20_000
FEW = 30
_AMOUNT = models.DecimalField(max_digits=18, decimal_places=4)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What to count: the parts of a measure, saved or only proposed."""

    fact_type: str
    how: str
    field: str = ""
    filter: tuple[tuple[str, Any], ...] = ()
    base_filter: tuple[tuple[str, Any], ...] = ()
    from_on: date
    until_on: date

    @classmethod
    def of(cls, measure: Measure) -> "Asked":
        """Return what a saved measure asks."""
        return cls(
            fact_type=measure.fact_type,
            how=measure.how,
            field=measure.field,
            filter=tuple((name, value) for name, value in measure.filter),
            base_filter=tuple((name, value) for name, value in measure.base_filter),
            from_on=measure.from_on,
            until_on=measure.until_on,
        )

    def matches(self, fact: SealedFact) -> bool:
        """Say whether a fact counts for the numerator."""
        return self.in_span(fact) and holds(fact.body, self.filter)

    def in_base(self, fact: SealedFact) -> bool:
        """Say whether a fact counts for a ratio's denominator."""
        return self.how == Measure.How.RATIO and self.in_span(fact) and holds(fact.body, self.base_filter)

    @property
    def summed(self) -> bool:
        """Say whether a field is added up; a ratio adds up its field too, where it names one."""
        return self.how == Measure.How.SUM or (self.how == Measure.How.RATIO and bool(self.field))

    @property
    def latest(self) -> bool:
        """Say whether each fact states the figure anew (92 % by now), so that only the last one holds."""
        return self.how == Measure.How.LATEST

    def weight(self, fact: SealedFact) -> Decimal:
        """Return how much one matching fact adds."""
        return Decimal(str(fact.body.get(self.field) or 0)) if self.summed else Decimal(1)

    def in_span(self, fact: SealedFact) -> bool:
        """Say whether a fact is of this type and happened within the span."""
        return fact.type == self.fact_type and self.from_on <= fact.happened_on < self.until_on


def holds(body: dict[str, Any], conditions: Iterable[tuple[str, Any]]) -> bool:
    """Say whether each condition's field equals, or contains, its value."""
    return all(
        any(text_of(one) == text_of(wanted) for one in (value if isinstance(value, list) else [value]))
        for name, wanted in conditions
        for value in (body.get(name),)
    )


def text_of(value: Any) -> str | None:
    """Return a JSON value as the filter's text: numbers and flags are compared as they are written."""
    if value is None:
        return None
    return str(value).lower() if isinstance(value, bool) else str(value)


def effective(*, fact_type: str, upto: int | None = None) -> models.QuerySet[SealedFact]:
    """Return the sealed facts of a type that no later sealed fact corrects."""
    facts, later = SealedFact.objects.filter(type=fact_type), SealedFact.objects.filter(corrects=OuterRef("key"))
    if upto is not None:
        facts, later = facts.filter(position__lte=upto), later.filter(position__lte=upto)
    return facts.filter(~Exists(later))


def matching(facts: models.QuerySet[SealedFact], conditions: Iterable[tuple[str, Any]]) -> models.QuerySet[SealedFact]:
    """Keep the facts whose body has every field equal to, or containing, its value."""
    for name, wanted in conditions:
        text = text_of(wanted)
        if connection.vendor == "postgresql":
            sql = "(body ->> %s = %s OR (jsonb_typeof(body -> %s) = 'array' AND (body -> %s) ? %s))"
            values = [name, text, name, name, text]
        else:
            sql = (
                "EXISTS (SELECT 1 FROM json_each(body, %s) WHERE "
                "CASE type WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' ELSE CAST(value AS TEXT) END = %s)"
            )
            values = [f"$.{name}", text]
        facts = facts.filter(RawSQL(sql, values, output_field=models.BooleanField()))
    return facts


def counted(*, asked: Asked, upto: int | None = None) -> models.QuerySet[SealedFact]:
    """Return the facts behind a measure: what a reader sees when opening its figure."""
    facts = effective(fact_type=asked.fact_type, upto=upto)
    facts = facts.filter(happened_on__gte=asked.from_on, happened_on__lt=asked.until_on)
    return matching(facts, asked.filter)


def count_afresh(*, asked: Asked, upto: int | None = None) -> dict[date, tuple[Decimal, Decimal]]:
    """Return (value, base) by month, counted from the first fact; for distinct use `keys_afresh`."""
    found: dict[date, tuple[Decimal, Decimal]] = {}
    if asked.latest:
        return _latest_by_month(asked, upto)
    for month, value in _by_month(counted(asked=asked, upto=upto), asked):
        found[month] = (value, Decimal(0))
    if asked.how == Measure.How.RATIO:
        whole = Asked(
            fact_type=asked.fact_type,
            how=Measure.How.SUM if asked.field else Measure.How.COUNT,
            field=asked.field,
            filter=asked.base_filter,
            from_on=asked.from_on,
            until_on=asked.until_on,
        )
        for month, value in _by_month(counted(asked=whole, upto=upto), whole):
            found[month] = (found.get(month, (Decimal(0), Decimal(0)))[0], value)
    return found


def _latest_by_month(asked: Asked, upto: int | None) -> dict[date, tuple[Decimal, Decimal]]:
    rows = counted(asked=asked, upto=upto).order_by("happened_on", "position").values_list("happened_on", "body")
    return {on.replace(day=1): (Decimal(str(body.get(asked.field) or 0)), Decimal(0)) for on, body in rows}


def _by_month(facts: models.QuerySet[SealedFact], asked: Asked) -> list[tuple[date, Decimal]]:
    months = facts.annotate(month=TruncMonth("happened_on")).order_by().values("month")
    if asked.summed:
        months = months.annotate(value=Sum(Cast(KeyTextTransform(asked.field, "body"), _AMOUNT)))
    else:
        months = months.annotate(value=Count("pk"))
    return [(row["month"], Decimal(row["value"] or 0)) for row in months]


def keys_afresh(*, asked: Asked, upto: int | None = None) -> dict[tuple[str, date], int]:
    """Return how often each distinct key was seen in each month."""
    field = asked.field
    if connection.vendor == "postgresql":
        each = RawSQL(
            "jsonb_array_elements_text(CASE jsonb_typeof(body->%s) WHEN 'array' THEN body->%s "
            "WHEN NULL THEN '[]'::jsonb ELSE jsonb_build_array(body->%s) END)",
            [field] * 3,
            output_field=models.TextField(),
        )
        rows = (
            counted(asked=asked, upto=upto)
            .filter(body__has_key=field)
            .annotate(key_=each, month=TruncMonth("happened_on"))
            .order_by()
            .values_list("key_", "month")
        )
        counts: dict[tuple[str, date], int] = defaultdict(int)
        for key, month in rows.iterator(chunk_size=10_000):
            counts[key, month] += 1
        return dict(counts)
    counts = defaultdict(int)
    for body, on in counted(asked=asked, upto=upto).values_list("body", "happened_on").iterator(chunk_size=10_000):
        for key in _keys(body.get(field)):
            counts[key, on.replace(day=1)] += 1
    return dict(counts)


def _keys(value: Any) -> list[str]:
    if value is None:
        return []
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]


def total(*, asked: Asked, upto: int | None = None) -> Decimal:
    """Return one figure for what is asked, counted afresh: what a proposal would have counted."""
    if asked.how == Measure.How.DISTINCT:
        return Decimal(len({key for key, _ in keys_afresh(asked=asked, upto=upto)}))
    return figure(how=asked.how, months=count_afresh(asked=asked, upto=upto).values())


def figure(*, how: str, months: Iterable[tuple[Decimal, Decimal]]) -> Decimal:
    """Fold monthly values, in order, into one figure: a sum, a percentage, the last one, or whether it happened."""
    rows = list(months)
    if how == Measure.How.LATEST:
        return rows[-1][0] if rows else Decimal(0)
    value = sum((one for one, _ in rows), Decimal(0))
    if how == Measure.How.RATIO:
        base = sum((one for _, one in rows), Decimal(0))
        return (value * 100 / base).quantize(Decimal("0.01")) if base else Decimal(0)
    return min(value, Decimal(1)) if how == Measure.How.MET else value


def parts_of(*, asked: Asked, upto: int | None = None) -> tuple[Decimal, Decimal]:
    """Return the part and the whole behind a share."""
    rows = list(count_afresh(asked=asked, upto=upto).values())
    return sum((one for one, _ in rows), Decimal(0)), sum((one for _, one in rows), Decimal(0))


def head_size() -> int:
    """Return how many facts are sealed."""
    return Head.objects.values_list("size", flat=True).first() or 0


def rebuild(*, measures: Iterable[Measure], upto: int) -> None:
    """Count these measures from the start and replace their tallies."""
    for measure in measures:
        asked = Asked.of(measure)
        Tally.objects.filter(measure=measure).delete()
        TallyKey.objects.filter(measure=measure).delete()
        if measure.how == Measure.How.DISTINCT:
            TallyKey.objects.bulk_create(
                [
                    TallyKey(measure=measure, key=key, month=month, seen=seen)
                    for (key, month), seen in keys_afresh(asked=asked, upto=upto).items()
                ],
                batch_size=1000,
            )
        else:
            Tally.objects.bulk_create(
                [
                    Tally(measure=measure, month=month, value=value, base=base)
                    for month, (value, base) in count_afresh(asked=asked, upto=upto).items()
                ]
            )


def advance(*, plan: Plan) -> int:
    """Bring the tallies of a plan up to the last sealed fact and return that position; a closed plan stays."""
    if plan.state == Plan.State.CLOSED:
        return Reach.objects.filter(plan=plan).values_list("position", flat=True).first() or 0
    head = head_size()
    # Pages ask far more often than facts arrive: who only reads takes no lock.
    if Reach.objects.filter(plan=plan, position__gte=head).exists():
        return head
    return _advance(plan)


def stopped_at(*, plan: Plan) -> int | None:
    """Return the last fact that counts for a closed plan; None while whatever is sealed counts."""
    return advance(plan=plan) if plan.state == Plan.State.CLOSED else None


@transaction.atomic
def _advance(plan: Plan) -> int:
    reach = held(plan=plan)
    if Plan.objects.filter(pk=plan.pk, state=Plan.State.CLOSED).exists():
        return reach.position  # closed while we waited, or since the caller read the plan
    head = head_size()
    if reach.position >= head:
        return head
    measures = list(Measure.objects.filter(commitment__plan=plan))
    if head - reach.position > AFRESH_AFTER and len(measures) <= FEW:
        rebuild(measures=measures, upto=head)
    elif measures:
        for after in range(reach.position, head, AFRESH_AFTER):
            _read_on(measures, after, min(after + AFRESH_AFTER, head))
    reach.position = head
    reach.save(update_fields=["position"])
    return head


def held(*, plan: Plan) -> Reach:
    """Lock a plan's tallies: whoever writes tallies or takes measures away holds this row first."""
    return Reach.objects.select_for_update().get_or_create(plan=plan)[0]


@transaction.atomic
def build(*, measure: Measure) -> None:
    """Count a new or changed measure up to where its plan's tallies stand."""
    reach = held(plan=measure.commitment.plan)
    rebuild(measures=[measure], upto=reach.position)


class _Steps:
    """Collects how much each tally moves, so that each row is written once."""

    def __init__(self) -> None:
        self.values: dict[tuple[int, date], list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
        self.keys: dict[tuple[int, str, date], int] = defaultdict(int)
        self.anew: set[Measure] = set()  # whose figure was stated anew: no step leads from the old one to it

    def weigh(self, measure: Measure, asked: Asked, fact: SealedFact, sign: int) -> None:
        month = fact.happened_on.replace(day=1)
        if asked.matches(fact):
            if asked.how == Measure.How.DISTINCT:
                for key in _keys(fact.body.get(asked.field)):
                    self.keys[measure.pk, key, month] += sign
            elif asked.latest:
                self.anew.add(measure)
            else:
                self.values[measure.pk, month][0] += sign * asked.weight(fact)
        if asked.in_base(fact):
            self.values[measure.pk, month][1] += sign * asked.weight(fact)

    def write(self) -> None:
        """Add the steps to the rows, all in one statement a table; the caller holds the plan's Reach."""
        tallies = Tally.objects.filter(measure__in={at[0] for at in self.values})
        rows = {(row.measure_id, row.month): row for row in tallies}
        for at, (value, base) in self.values.items():
            row = rows.setdefault(at, Tally(measure_id=at[0], month=at[1]))
            row.value, row.base = row.value + value, row.base + base
        _put(Tally, [rows[at] for at in self.values], ["measure", "month"], ["value", "base"])
        known = TallyKey.objects.filter(measure__in={at[0] for at in self.keys}, key__in={at[1] for at in self.keys})
        keys = {(row.measure_id, row.key, row.month): row for row in known}
        for named, seen in self.keys.items():
            key = keys.setdefault(named, TallyKey(measure_id=named[0], key=named[1], month=named[2]))
            key.seen += seen
        _put(TallyKey, [keys[named] for named in self.keys], ["measure", "key", "month"], ["seen"])


class _Interested:
    """Finds the few measures a fact can move, by its type and the first condition they ask for."""

    def __init__(self, measures: Iterable[Measure]) -> None:
        self.fields: dict[str, set[str]] = defaultdict(set)
        self.by: dict[tuple[str, str, str | None], dict[int, tuple[Measure, Asked]]] = defaultdict(dict)
        for measure in measures:
            asked = Asked.of(measure)
            for conditions in (asked.filter, asked.base_filter) if asked.how == Measure.How.RATIO else (asked.filter,):
                name, wanted = conditions[0] if conditions else ("", "")
                self.fields[asked.fact_type].add(name)
                self.by[asked.fact_type, name, text_of(wanted)][measure.pk] = (measure, asked)

    def of(self, fact: SealedFact) -> Iterable[tuple[Measure, Asked]]:
        found: dict[int, tuple[Measure, Asked]] = {}
        for name in self.fields.get(fact.type, ()):
            value = fact.body.get(name) if name else ""
            for one in value if isinstance(value, list) else [value]:
                found |= self.by.get((fact.type, name, text_of(one)), {})
        return found.values()


def _put(model: type[Tally] | type[TallyKey], rows: list[Any], unique: list[str], moved: list[str]) -> None:
    """Write rows that may exist; their keys are sent without the primary key so that old ones are found by name."""
    for row in rows:
        row.pk = None
    model._default_manager.bulk_create(
        rows, batch_size=1000, update_conflicts=True, unique_fields=unique, update_fields=moved
    )


def _read_on(measures: list[Measure], after: int, head: int) -> None:
    interested = _Interested(measures)
    span = SealedFact.objects.filter(position__gt=after, position__lte=head)
    corrected = set(span.filter(corrects__isnull=False).values_list("corrects", flat=True))
    fresh = span.filter(type__in=interested.fields).order_by("position").defer("content", "link")
    first = _first_correctors(corrected, head)
    steps = _Steps()
    for fact in fresh.iterator():
        # A fact that another one of this span already corrects never counted.
        if fact.key in first:
            continue
        for measure, asked in interested.of(fact):
            steps.weigh(measure, asked, fact, 1)
    for old in SealedFact.objects.filter(key__in=corrected, position__lte=after).defer("content", "link"):
        if first[old.key] > after:
            for measure, asked in interested.of(old):
                steps.weigh(measure, asked, old, -1)
    steps.write()
    rebuild(measures=steps.anew, upto=head)


def _first_correctors(keys: set[Any], head: int) -> dict[Any, int]:
    rows = SealedFact.objects.filter(corrects__in=keys, position__lte=head).values_list("corrects", "position")
    first: dict[Any, int] = {}
    for key, position in rows:
        first[key] = min(position, first.get(key, position))
    return first
