"""Checks a draft summary against the ledger: every figure agrees, differs, is counted twice, or has no evidence."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from xinglin.kernel import clock
from xinglin.kernel.policy import Refusal
from xinglin.kernel.vocabulary import Term

from ..documents import Plan
from ..measuring import Asked, head_size
from ..reading import read_file
from ..reading.model import Reading
from ..spoken import spoken
from .closeness import Printed, agrees
from .counting import count_all
from .doubles import Counted, Double, doubles_of, repeats
from .finding import AGREES, DIFFERS, DOUBLE, NO_EVIDENCE, NOT_MEASURABLE, RESULTS, Finding, link_of
from .matching import Claim, Matched, claims_of, match, terms_of_plan
from .wording import amount, number

_AROUND = 8  # characters beside the figure in which 超, 近, 余 may stand


class NoYearToCheck(Refusal):
    """The draft names no year and none was given."""


def check_draft(
    *, reading: Reading, year: int, on: date, plan: Plan | None = None, size: int | None = None,
    known: Iterable[Term] | None = None,
) -> list[Finding]:
    """Return what each figure of a draft looks like in the ledger, in the order of the text.

    `plan` lends its confirmed measures, `size` is how many sealed facts are asked (all), `known` the vocabulary.
    """
    size = head_size() if size is None else size
    own = terms_of_plan(plan=plan) if plan else []
    vocabulary = list(known) if known is not None else spoken(on=on)
    matched = match(claims=claims_of(reading=reading, year=year), known=vocabulary, own=own)
    rows = _all_counted([one for one in matched if one.term is not None], size)
    verdicts = [agrees(printed=_printed(one.matched.claim), counted=one.value, on=on) for one in rows]
    doubles = doubles_of(rows=rows, agreeing=[good for good, _why in verdicts], size=size)
    places = {id(one.matched): at for at, one in enumerate(rows)}
    answer = []
    for one in matched:
        at = places.get(id(one))
        if at is None:
            answer.append(_finding(one.claim, result=NOT_MEASURABLE, why="percent" if one.claim.kind == "percent"
                                   else "no_word"))
        else:
            repeated = repeats(at=at, rows=rows)
            whole = _whole_of(at, rows, verdicts)
            answer.append(_judged(rows[at], verdicts[at], doubles.get(at), size, repeated=repeated, whole=whole))
    return answer


def _whole_of(at: int, rows: Sequence[Counted], verdicts: Sequence[tuple[bool, str]]) -> tuple[str, ...]:
    """Return the figure that claims all the facts of which this one claims a part that nobody recorded apart."""
    if verdicts[at][0] or _more(rows[at]):
        return ()
    same = [place for place, one in enumerate(rows) if place != at and one.asked == rows[at].asked]
    return tuple(rows[place].words for place in same if verdicts[place][0])[:1]


def _all_counted(matched: Sequence[Matched], size: int) -> list[Counted]:
    """Return the ledger's figure for each matched claim, all read in one go."""
    asked = [_asked(one) for one in matched]
    counts = count_all(questions=asked, size=size)
    return [
        Counted(matched=one, asked=question, value=counts[question].value(question.how), facts=counts[question].facts)
        for one, question in zip(matched, asked, strict=True)
    ]


def _asked(one: Matched) -> Asked:
    assert one.term is not None
    from_on, until_on = one.claim.period
    return Asked(fact_type=one.term.fact, how=one.how, field=one.term.field or "", filter=tuple(one.term.filter),
                 from_on=from_on, until_on=until_on)


def _printed(claim: Claim) -> Printed:
    """Return the figure with the words around it; the whole quote may hold another figure's 超."""
    value = claim.figure.value_min if claim.figure.value_min is not None else claim.figure.value_max
    text = claim.text.replace(",", "")
    place = text.find(str(value))
    words = text[max(place - _AROUND, 0) : place + len(str(value)) + _AROUND] if place >= 0 else text
    return Printed(low=claim.low, high=claim.high, words=words)


def _judged(
    row: Counted, verdict: tuple[bool, str], double: Double | None, size: int, *, repeated: bool, whole: tuple[str, ...]
) -> Finding:
    good, why = verdict
    if double is not None and not repeated:
        return _finding(row.matched.claim, result=DOUBLE, row=row, size=size, why=double.why, others=double.others,
                        regulation=double.regulation)
    if good:
        return _finding(row.matched.claim, result=AGREES, row=row, size=size, why="repeated" if repeated else why)
    if not row.value:
        return _finding(row.matched.claim, result=NO_EVIDENCE, row=row, size=size, why="no_facts")
    if whole:
        return _finding(row.matched.claim, result=NO_EVIDENCE, row=row, size=size, why="part_of", others=whole)
    return _finding(row.matched.claim, result=DIFFERS, row=row, size=size, why="more" if _more(row) else "less")


def _more(row: Counted) -> bool:
    """Say whether the draft claims more than the ledger counts."""
    claim = row.matched.claim
    return row.value < (claim.low if claim.low is not None else claim.high or Decimal(0))


def _finding(claim: Claim, *, result: str, row: Counted | None = None, size: int = 0, **given: Any) -> Finding:
    figure, term = claim.figure, row.matched.term if row else None
    if row is not None and term is not None:
        given |= {
            "term": term.key, "label": term.zh, "ledger": row.value, "query": link_of(asked=row.asked, size=size),
            "facts": row.facts,
        }
    return Finding(
        result=result, quote=figure.quote.replace("*", ""), sentence=claim.sentence.replace("*", ""),
        path=tuple(figure.path), start=figure.start, end=figure.end, claimed=claimed_words(claim),
        object=claim.object, unit=claim.unit, value_min=claim.low, value_max=claim.high,
        from_on=claim.period[0], until_on=claim.period[1], **given,
    )


def claimed_words(claim: Claim) -> str:
    """Return what the draft claims: 31 场, 多于 100,000 人次, 近 1,000 名."""
    low, high, unit = claim.low, claim.high, claim.unit
    if low is not None and high is not None:
        return amount(low, unit) if low == high else f"{number(low)}—{amount(high, unit)}"
    if low is not None:
        return f"≥ {amount(low, unit)}"
    return f"≤ {amount(high, unit)}" if high is not None else ""


def counts_of(findings: Sequence[Finding]) -> dict[str, int]:
    """Return how many findings there are of each result, what needs a hand first."""
    return {code: sum(1 for one in findings if one.result == code) for code in RESULTS}


def year_of(*, reading: Reading) -> int:
    """Return the year a document reports: the one of most of its figures, else the first it names."""
    years = [int(one.period[:4]) for one in reading.figures if one.period and one.period[:4].isdigit()]
    if years:
        return max(sorted(set(years)), key=years.count)
    if reading.years:
        return min(reading.years)
    raise NoYearToCheck(_("The draft names no year. Say which year it reports."), field="year")


def run_check(*, path: Path, year: int | None = None) -> dict[str, Any]:
    """Check a file from the command line and return plain values: the year, the ledger's size, counts, findings."""
    reading = read_file(path=path)
    year = year or year_of(reading=reading)
    plan = Plan.objects.filter(year=year).exclude(state=Plan.State.DRAFT).first()
    size = head_size()
    findings = check_draft(reading=reading, year=year, on=clock.today(), plan=plan, size=size)
    return {
        "file": path.name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest(), "title": reading.title,
        "year": year, "size": size, "plan": plan.title if plan else None, "counts": counts_of(findings),
        "findings": [one.as_json() for one in findings],
    }
