"""What the office chooses to count a commitment by: a term, narrowed by a value, or as a share of another term."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from xinglin.kernel.facts import fact_types
from xinglin.kernel.policy import Refusal
from xinglin.kernel.vocabulary import Term

from .commitments import Commitment
from .measures import Measure
from .measuring import Asked

SERIES, EDITION = "series", "edition"  # how facts name a numbered series and which of its editions it was
SHARES = {Measure.How.RATIO, Measure.How.LATEST}
PROMISED = ("kind", "unit", "edition")  # a measure chosen for one of another kind counts something else
Condition = tuple[str, str]


class AnyEdition(Refusal):
    """An edition would be fulfilled by any other meeting."""

    field = "term"


class NoShare(Refusal):
    """A percentage cannot be counted so."""

    field = "term"


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A term, how it is counted, by what it is narrowed, and of which term it is a share."""

    term: Term
    how: str
    extra: tuple[Condition, ...] = ()
    base: Term | None = None
    said: str = ""  # the narrowing in words

    @property
    def filter(self) -> tuple[Condition, ...]:
        """Return what all counted facts have in common."""
        return (*self.term.filter, *self.extra)

    @property
    def label(self) -> str:
        """Return what the measure is called from now on."""
        name = f"{self.term.zh}（{self.said}）" if self.said else self.term.zh
        return f"{name} ÷ {self.base.zh}" if self.base else name

    def asked(self, *, year: int) -> Asked:
        """Return what this would ask in one calendar year."""
        return Asked(
            fact_type=self.term.fact, how=self.how, field=self.term.field or "", filter=self.filter,
            base_filter=tuple(self.base.filter) if self.base else (),
            from_on=date(year, 1, 1), until_on=date(year + 1, 1, 1),
        )


def edition_of(
    *, commitment: Commitment, term: Term, extra: Sequence[tuple[str, Any]] = ()
) -> tuple[Condition, ...]:
    """Return what an edition demands of a series' facts besides: its number, where the plan prints one."""
    known = {name for name, _value in (*term.filter, *extra)}
    if commitment.kind != Commitment.Kind.EDITION or SERIES not in known or EDITION in known or not commitment.edition:
        return ()
    return ((EDITION, str(commitment.edition)),)


def edition_said(extra: tuple[Condition, ...]) -> str:
    """Return the edition in words."""
    return next((gettext("edition %(n)s") % {"n": value} for name, value in extra if name == EDITION), "")


def names_its_series(*, term: Term, extra: Sequence[tuple[str, Any]] = ()) -> bool:
    """Say whether only one series counts; facts that know no series are never mistaken for another edition."""
    known = fact_types().get(term.fact)
    fields = {one.field for one in known.VOCABULARY.dimensions} if known else set()
    return SERIES not in fields or any(name == SERIES for name, _value in (*term.filter, *extra))


def ask_again(*, commitment: Commitment, stood: Mapping[str, Any]) -> None:
    """Take the main measure for not chosen when the commitment promises something else than stood there before."""
    if any(stood[name] != getattr(commitment, name) for name in PROMISED):
        commitment.measures.filter(main=True).update(confirmed_on=None)


def require_possible(
    *, commitment: Commitment, term: Term, how: str, base: Sequence[tuple[str, Any]], extra: Sequence[tuple[str, Any]]
) -> None:
    """Refuse a measure that would say something else than the commitment (AnyEdition, NoShare)."""
    if commitment.kind == Commitment.Kind.EDITION and not names_its_series(term=term, extra=extra):
        raise AnyEdition(_("Any meeting of this kind would fulfil it. Choose the series; its edition is added."))
    if commitment.kind == Commitment.Kind.PERCENT and how not in SHARES:
        raise NoShare(_("Percentages are not added up. Say of what it is a share, or count by evidence."))
    if how == Measure.How.RATIO and {tuple(one) for one in base} == {*term.filter, *(tuple(one) for one in extra)}:
        raise NoShare(_("A share needs a whole that is not the part itself. Choose another one."), field="base")
