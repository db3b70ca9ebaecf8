"""Judge the numbers of tables, whose words stand in the head and in the first cells."""

from collections.abc import Iterable, Sequence

from xinglin.plans.reading.clauses import clauses_of
from xinglin.plans.reading.deadlines import due_dates_in
from xinglin.plans.reading.judging import Bench, Findings, add_quantity
from xinglin.plans.reading.modes import FUTURE, PAST, Sections, Tense
from xinglin.plans.reading.outline import Outline
from xinglin.plans.reading.quantities import Quantity
from xinglin.plans.reading.rejoin import Passage
from xinglin.plans.reading.tables import BareNumber, Row, bare_numbers_of


def judge_rows(
    *,
    rows: Iterable[Row],
    passages: Sequence[Passage],
    text: str,
    outline: Outline,
    sections: Sections,
    plan_year: int,
    findings: Findings,
) -> None:
    """Add the bare numbers of table cells, read with the heads of their columns."""
    for row in rows:
        passage = passages[row.passage]
        tense = sections.at(passage.start)
        clauses = clauses_of(passage.characters, passage.cells)
        due = list(due_dates_in(clauses.text, plan_year, passage.cells)) if plan_year else []
        bench = Bench(passage, clauses, [tense] * len(clauses.clause_starts), due, text, outline, plan_year, findings)
        for number in bare_numbers_of(row):
            _add(bench, row, number, tense)


def _add(bench: Bench, row: Row, number: BareNumber, tense: Tense) -> None:
    name = row.name
    if number.is_past or (number.year and number.year < bench.plan_year):
        tense = Tense(PAST, number.year or tense.year, "the head of its column")
    elif number.year and number.year >= bench.plan_year:
        tense = Tense(FUTURE, number.year, "the head of its column")
    cell = number.cell
    quantity = Quantity(
        start=cell.start,
        end=cell.end,
        value_min=number.value_min,
        value_max=number.value_max,
        unit=number.unit,
        is_percent=number.unit == "%",
        is_chinese=False,
        about=False,
        bounded=number.value_min != number.value_max,
        printed=cell.text,
    )
    start = min(name.start, cell.start) if name else cell.start
    thing = name.text if name else cell.head
    add_quantity(bench, quantity, (start, cell.end), thing, "percent" if number.unit == "%" else "count", tense)
