"""What an organiser offers, as frozen values: pools, tickets, questions, prices, vouchers; kept as JSON."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, TypeVar

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from xinglin.kernel.policy import Problem
from xinglin.mechanics.questionnaires.definition import Questionnaire, kept_questionnaire

from .offers import Audience, Channel, Offer, RegistrationForm

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class PoolLine:
    """So many places of one sort: the hall, the stream."""

    code: str
    title: str
    capacity: int
    room: str = ""  # the room whose seats bound it (K8)


@dataclass(frozen=True, kw_only=True)
class TicketLine:
    """One class of registration and the pools its places come from."""

    code: str
    title: str
    title_en: str = ""
    audience: str = Audience.EVERYONE
    channel: str = Channel.ON_SITE
    pools: tuple[str, ...] = ()
    days: tuple[str, ...] = ()
    voucher_needed: bool = False


@dataclass(frozen=True, kw_only=True)
class ChoiceLine:
    """One answer to choose; with an amount or a number of places it becomes an option."""

    code: str
    zh: str
    en: str = ""
    amount: Decimal | None = None
    places: int | None = None
    session: int | None = None  # which session of the programme one has with it; its places are the session's

    @property
    def is_option(self) -> bool:
        """Whether it costs something, has few places, or is a session."""
        return self.amount is not None or self.places is not None or self.session is not None


@dataclass(frozen=True, kw_only=True)
class QuestionLine:
    """One question of the registration form."""

    code: str
    kind: str  # of the mechanic questionnaires
    zh: str
    en: str = ""
    required: bool = False
    when: tuple[str, str] | None = None  # question, answer
    choices: tuple[ChoiceLine, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PriceLine:
    """What a ticket costs, whom, from when until before another day."""

    ticket: str
    amount: Decimal
    label: str = ""
    members: bool = False
    from_on: date | None = None
    until_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class VoucherLine:
    """A code that takes off so much, or opens a ticket, so many times."""

    code: str
    title: str
    ticket: str = ""
    percent: int = 0
    amount: Decimal = Decimal(0)
    uses: int = 1
    until_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A whole list as it is to be published."""

    opens_at: datetime
    closes_at: datetime
    pools: tuple[PoolLine, ...]
    tickets: tuple[TicketLine, ...]
    prices: tuple[PriceLine, ...]
    questions: tuple[QuestionLine, ...] = ()
    vouchers: tuple[VoucherLine, ...] = ()
    queue_rate: float = 0  # people a second let in at the opening; 0: no queue
    pay_days: int = 7
    note: str = ""

    def options(self) -> Iterator[tuple[QuestionLine, ChoiceLine]]:
        """Yield the answers that cost something or have few places, with their questions."""
        for question in self.questions:
            for choice in question.choices:
                if choice.is_option:
                    yield question, choice

    def plain_choices(self) -> set[tuple[str, str]]:
        """Return question and code of the choices that are no options."""
        return {(question.code, choice.code) for question in self.questions for choice in question.choices
                if not choice.is_option}

    @property
    def content(self) -> dict[str, Any]:
        """The list as JSON values."""
        answer = _json(asdict(self))
        assert isinstance(answer, dict)
        return answer


def _json(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _json(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_json(one) for one in value]
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal | str) else value


def sheet_of(content: Mapping[str, Any]) -> Sheet:
    """Return a list from JSON values (KeyError, ValueError where they are not one)."""
    return Sheet(
        opens_at=_moment(content["opens_at"]), closes_at=_moment(content["closes_at"]),
        pools=tuple(_line(PoolLine, one) for one in content["pools"]),
        tickets=tuple(_line(TicketLine, one, pools=tuple(one.get("pools", ())), days=tuple(one.get("days", ())))
                      for one in content["tickets"]),
        prices=tuple(_line(PriceLine, one, amount=Decimal(one["amount"]), **_days(one)) for one in content["prices"]),
        questions=tuple(_question(one) for one in content.get("questions", ())),
        vouchers=tuple(_line(VoucherLine, one, amount=Decimal(one.get("amount", 0)), until_on=_day(one.get("until_on")))
                       for one in content.get("vouchers", ())),
        queue_rate=float(content.get("queue_rate", 0)), pay_days=int(content.get("pay_days", 7)),
        note=content.get("note", ""))


def _line(kind: type[T], said: Mapping[str, Any], **parsed: Any) -> T:
    names = {one.name for one in fields(kind)}  # type: ignore[arg-type]
    return kind(**{**{name: value for name, value in said.items() if name in names}, **parsed})


def _question(said: Mapping[str, Any]) -> QuestionLine:
    choices = tuple(_line(ChoiceLine, one, amount=None if one.get("amount") is None else Decimal(one["amount"]))
                    for one in said.get("choices", ()))
    when = said.get("when")
    return _line(QuestionLine, said, choices=choices, when=(when[0], when[1]) if when else None)


def _moment(text: str) -> datetime:
    found = parse_datetime(text)
    if found is None:
        raise ValueError(f"{text!r} is no moment")
    return found


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _days(said: Mapping[str, Any]) -> dict[str, date | None]:
    return {name: _day(said.get(name)) for name in ("from_on", "until_on")}


def form_content(sheet: Sheet) -> dict[str, Any] | None:
    """Return the questionnaire of a list, None when it asks nothing."""
    if not sheet.questions:
        return None
    return {"code": "registration", "zh": "报名表", "en": "Registration form", "sections": [
        {"code": "more", "zh": "补充信息", "en": "More", "questions": [_asked(one) for one in sheet.questions]}]}


def _asked(one: QuestionLine) -> dict[str, Any]:
    asked: dict[str, Any] = {"code": one.code, "kind": one.kind, "zh": one.zh, "en": one.en or one.zh,
                             "required": one.required}
    if one.choices:
        asked["options"] = [{"code": choice.code, "zh": _priced(choice.zh, choice), "en": _priced(
            choice.en or choice.zh, choice)} for choice in one.choices]
    if one.when:
        asked["show_when"] = {one.when[0]: one.when[1]}
    return asked


def _priced(words: str, choice: ChoiceLine) -> str:
    return f"{words} ¥{choice.amount:g}" if choice.amount else words


@lru_cache(maxsize=128)
def form_of(digest: str) -> Questionnaire:
    """Return the form of a list by its digest; what was kept under one never changes."""
    return kept_questionnaire(RegistrationForm.objects.get(pk=digest).content)


def sheet_in(offer: Offer) -> Sheet:
    """Return a published list as values."""
    return sheet_of(offer.content)


def without_session(sheet: Sheet, session: int) -> Sheet:
    """Return a list without the answers that name a session, and without questions that ask nothing any more."""
    kept: list[QuestionLine] = []
    gone: set[tuple[str, str]] = set()
    for question in sheet.questions:
        choices = tuple(one for one in question.choices if one.session != session)
        if (question.choices and not choices) or question.when in gone:
            choices = ()
        else:
            kept.append(replace(question, choices=choices))
        gone |= {(question.code, one.code) for one in question.choices if one not in choices}
    return replace(sheet, questions=tuple(kept))


def wrong_in(sheet: Sheet) -> list[Problem]:
    """Return everything wrong in a list, each beside its field."""
    found = [*_times(sheet), *_tickets(sheet), *_prices(sheet), *_vouchers(sheet)]
    for name, codes in (("pools", [one.code for one in sheet.pools]), ("tickets", [one.code for one in sheet.tickets]),
                        ("questions", [one.code for one in sheet.questions]),
                        ("vouchers", [one.code for one in sheet.vouchers])):
        for code in {one for one in codes if codes.count(one) > 1}:
            found.append(Problem(field=name, message=_("“%(code)s” stands twice.") % {"code": code}))
    return found


def _times(sheet: Sheet) -> Iterator[Problem]:
    if sheet.closes_at <= sheet.opens_at:
        yield Problem(field="closes_at", message=_("It closes before it opens."))
    if not 1 <= sheet.pay_days <= 90:
        yield Problem(field="pay_days", message=_("Give 1 to 90 days to pay."))
    if sheet.queue_rate < 0:
        yield Problem(field="queue_rate", message=_("Write how many people a second are let in, or 0."))


def _tickets(sheet: Sheet) -> Iterator[Problem]:
    pools = {one.code for one in sheet.pools}
    if not sheet.tickets:
        yield Problem(field="tickets", message=_("Offer at least one ticket."))
    for one in sheet.tickets:
        if not one.pools or not set(one.pools) <= pools:
            yield Problem(field="tickets", message=_("“%(ticket)s” takes its places from no pool.") % {
                "ticket": one.title})
        if one.audience not in Audience.values or one.channel not in Channel.values:
            yield Problem(field="tickets", message=_("“%(ticket)s”: say whom it is for and where it admits to.") % {
                "ticket": one.title})
        if not any(price.ticket == one.code for price in sheet.prices):
            yield Problem(field="prices", message=_("“%(ticket)s” has no price; write 0 when it is free.") % {
                "ticket": one.title})
    for pool in sheet.pools:
        if pool.capacity < 1:
            yield Problem(field="pools", message=_("“%(pool)s” has no places.") % {"pool": pool.title})


def _prices(sheet: Sheet) -> Iterator[Problem]:
    codes = {one.code: one.title for one in sheet.tickets}
    for one in sheet.prices:
        if one.ticket not in codes:
            yield Problem(field="prices", message=_("There is no ticket “%(code)s”.") % {"code": one.ticket})
        elif one.amount < 0 or one.amount != one.amount.quantize(Decimal("0.01")):
            yield Problem(field="prices", message=_("“%(ticket)s”: write yuan and fen, such as 800 or 800.50.") % {
                "ticket": codes[one.ticket]})
        elif one.from_on and one.until_on and one.until_on <= one.from_on:
            yield Problem(field="prices", message=_("“%(ticket)s”: a price ends before it begins.") % {
                "ticket": codes[one.ticket]})
    for question, choice in sheet.options():
        if (choice.amount or 0) < 0 or choice.places == 0:
            yield Problem(field="questions", message=_("“%(choice)s” of “%(question)s”: wrong price or places.") % {
                "choice": choice.zh, "question": question.zh})


def _vouchers(sheet: Sheet) -> Iterator[Problem]:
    for one in sheet.vouchers:
        if not 0 <= one.percent <= 100 or one.amount < 0 or one.uses < 1:
            yield Problem(field="vouchers", message=_("“%(code)s”: 0 to 100 per cent, and at least one use.") % {
                "code": one.code})
        if one.ticket and one.ticket not in {ticket.code for ticket in sheet.tickets}:
            yield Problem(field="vouchers", message=_("There is no ticket “%(code)s”.") % {"code": one.ticket})
