"""The editor of a list of prices: rows of pools, tickets, questions and vouchers, read from and written to a draft."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from xinglin.shell.forms import DateField, Form, MoneyField, NumberField

from ..meetings import Event, Format
from ..offers import Audience, Channel

KINDS = (("text", _("One line")), ("long", _("Several lines")), ("choice", _("One of several")),
         ("many", _("Some of several")), ("yes_no", _("Yes or no")), ("number", _("A number")), ("date", _("A day")))
SPARE = 2
TICKET = ("code", "title", "title_en", "audience", "channel", "pools", "voucher_needed")
PRICES = (("amount", False, False), ("member_amount", True, False), ("early_amount", False, True),
          ("early_member", True, True))


class HeadForm(Form):
    """When the sale runs and how long one may take to pay."""

    opens_at = forms.DateTimeField(label=_("Sale opens"), help_text=_("Such as 2026-03-02 09:00."))
    closes_at = forms.DateTimeField(label=_("Sale closes"))
    pay_days = NumberField(label=_("Days to pay a transfer"), whole=True, min_value=1, max_value=90, initial=7)
    queue_rate = NumberField(label=_("Fair queue: people let in a second"), min_value=0, required=False, initial=0,
                             help_text=_("0: no queue. With one, the order before the opening is drawn by lot."))
    note = forms.CharField(label=_("Note under the list"), max_length=300, required=False)


class RowForm(Form):
    """One row; an empty one is left out."""

    key = "title"
    code = forms.CharField(required=False, widget=forms.HiddenInput, max_length=40)

    @property
    def is_blank(self) -> bool:
        """Whether nothing was written into the row."""
        return not str(self.data.get(self.add_prefix(self.key), "") or "").strip()


class PoolRow(RowForm):
    """So many places of one sort."""

    title = forms.CharField(label=_("Places of"), max_length=80)
    capacity = NumberField(label=_("Number of places"), whole=True, min_value=1)
    room = forms.CharField(label=_("Room"), max_length=60, required=False)


class TicketRow(RowForm):
    """One class of registration with its prices."""

    title = forms.CharField(label=_("Ticket"), max_length=80)
    title_en = forms.CharField(label=_("English title"), max_length=120, required=False)
    audience = forms.ChoiceField(label=_("For whom"), choices=Audience.choices)
    channel = forms.ChoiceField(label=_("Hall or stream"), choices=Channel.choices)
    pools = forms.MultipleChoiceField(label=_("Takes places of"), widget=forms.CheckboxSelectMultiple)
    days = forms.MultipleChoiceField(label=_("Admits on"), widget=forms.CheckboxSelectMultiple, required=False,
                                     help_text=_("None ticked: on every day."))
    amount = MoneyField(label=_("Price"))
    member_amount = MoneyField(label=_("Members' price"), required=False)
    early_amount = MoneyField(label=_("Early price"), required=False)
    early_member = MoneyField(label=_("Members' early price"), required=False)
    early_until = DateField(label=_("Early until before"), required=False)
    voucher_needed = forms.BooleanField(label=_("With a voucher only"), required=False)


class QuestionRow(RowForm):
    """One question of the form."""

    key = "zh"
    zh = forms.CharField(label=_("Question"), max_length=80)
    en = forms.CharField(label=_("English title"), max_length=120, required=False)
    kind = forms.ChoiceField(label=_("Kind of answer"), choices=KINDS)
    required = forms.BooleanField(label=_("Must be answered"), required=False)
    when = forms.ChoiceField(label=_("Asked when"), required=False)
    choices = forms.CharField(label=_("Answers to choose"), required=False, widget=forms.Textarea(attrs={"rows": 3}),
                              help_text=_("A line each: 中文 | English | price | places | title of the session one has "
                                          "with it; all but the first may be empty."))
    sessions: Mapping[str, int] = {}

    def clean_choices(self) -> str:
        """Want a price in yuan, a whole number of places and a session of the programme, where they are written."""
        text = str(self.cleaned_data["choices"])
        for line in text.splitlines():
            _zh, _en, amount, places, session, *_more = _cells(line)
            if amount and _amount(amount) is None:
                raise forms.ValidationError(_("“%(line)s”: the third part is a price in yuan."), params={"line": line})
            if places and not (places.isdecimal() and 0 < len(places) < 7):
                raise forms.ValidationError(_("“%(line)s”: the fourth part is a number of places."),
                                            params={"line": line})
            if session and session not in self.sessions:
                raise forms.ValidationError(_("“%(line)s”: no session of the programme has this title."),
                                            params={"line": line})
        return text


class VoucherRow(RowForm):
    """One voucher."""

    key = "word"
    word = forms.CharField(label=_("Voucher code"), max_length=40)
    title = forms.CharField(label=_("For whom it is"), max_length=80)
    ticket = forms.ChoiceField(label=_("Ticket"), required=False)
    percent = NumberField(label=_("Off, per cent"), whole=True, min_value=0, max_value=100, initial=0)
    amount = MoneyField(label=_("Off, yuan"), required=False)
    uses = NumberField(label=_("Times"), whole=True, min_value=1, initial=1)
    until_on = DateField(label=_("Until before"), required=False)


ROWS: dict[str, type[RowForm]] = {"pools": PoolRow, "tickets": TicketRow, "questions": QuestionRow,
                                  "vouchers": VoucherRow}


class Editor:
    """All forms of one list; `content` is what they say, as JSON values of a sheet."""

    def __init__(
        self, content: Mapping[str, Any], data: Mapping[str, Any] | None = None, *,
        sessions: Mapping[str, int] | None = None, days: Sequence[date] = (),
    ) -> None:
        self.before, self.sessions, self.days = content, sessions or {}, days
        self.head = HeadForm(data, initial=_shown_head(content))
        self.rows = {name: list(self._rows(name, kind, data)) for name, kind in ROWS.items()}

    def _rows(self, name: str, kind: type[RowForm], data: Mapping[str, Any] | None) -> Iterator[RowForm]:
        there = _initials(self.before, name, {key: title for title, key in self.sessions.items()})
        sent = str(data.get(f"{name}-count", "")) if data else ""
        count = min(int(sent), 100) if sent.isdecimal() else len(there) + SPARE
        for number in range(max(count, 1)):
            row = kind(data, prefix=f"{name}-{number}", initial=there[number] if number < len(there) else None)
            self._choices(row)
            yield row

    def _choices(self, row: RowForm) -> None:
        fields: Any = row.fields
        if isinstance(row, TicketRow):
            fields["pools"].choices = [(one["code"], one["title"]) for one in self.before["pools"]]
            fields["days"].choices = [(one.isoformat(), one.isoformat()) for one in self.days]
            if len(self.days) < 2:
                del fields["days"]
        if isinstance(row, VoucherRow):
            fields["ticket"].choices = [("", _("Any ticket")), *(
                (one["code"], one["title"]) for one in self.before["tickets"])]
        if isinstance(row, QuestionRow):
            row.sessions = self.sessions
            pairs = [(f"{one['code']}|{choice['code']}", f"{one['zh']}：{choice['zh']}")
                     for one in self.before.get("questions", ()) for choice in one.get("choices", ())]
            fields["when"].choices = [("", _("Always")), *pairs]

    @property
    def failed(self) -> bool:
        """Whether something is to be corrected."""
        return self.head.failed or any(row.failed for rows in self.rows.values() for row in rows if not row.is_blank)

    def is_valid(self) -> bool:
        """Check every row that says something."""
        checks = [self.head.is_valid()]
        for rows in self.rows.values():
            checks += [row.is_valid() for row in rows if not row.is_blank]
        return all(checks)

    def said(self, name: str) -> list[dict[str, Any]]:
        """Return the rows of one table that say something, each with a code of its own."""
        rows = [row.cleaned_data for row in self.rows[name] if not row.is_blank]
        taken = {one["code"] for one in rows if one["code"]}
        for one in rows:
            if not one["code"]:
                one["code"] = next(code for number in range(1, 999) if (code := f"{name[0]}{number}") not in taken)
                taken.add(one["code"])
        return rows

    @property
    def content(self) -> dict[str, Any]:
        """The list as JSON values."""
        head, tickets = self.head.cleaned_data, self.said("tickets")
        return {
            "opens_at": head["opens_at"].isoformat(), "closes_at": head["closes_at"].isoformat(), "note": head["note"],
            "pay_days": head["pay_days"], "queue_rate": float(head["queue_rate"] or 0),
            "pools": [{name: one[name] for name in ("code", "title", "capacity", "room")}
                      for one in self.said("pools")],
            "tickets": [{**{name: one[name] for name in TICKET}, "days": one.get("days", [])} for one in tickets],
            "prices": [line for one in tickets for line in _prices(one)],
            "questions": [_question(one, self.before, self.sessions) for one in self.said("questions")],
            "vouchers": [_voucher(one) for one in self.said("vouchers")]}


def _prices(ticket: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    until = ticket["early_until"]
    for name, members, early in PRICES:
        amount = ticket[name]
        if amount is None or (early and until is None):
            continue
        yield {"ticket": ticket["code"], "amount": f"{amount:.2f}", "members": members,
               "label": "早鸟价" if early else "", "until_on": until.isoformat() if early else None}


def _cells(line: str) -> list[str]:
    return [*(cell.strip() for cell in line.replace("｜", "|").split("|")), "", "", "", ""]


def _question(
    said: Mapping[str, Any], before: Mapping[str, Any], sessions: Mapping[str, int],
) -> dict[str, Any]:
    old = next((one for one in before.get("questions", ()) if one["code"] == said["code"]), {})
    codes = {choice["zh"]: choice["code"] for choice in old.get("choices", ())}
    choices = []
    for line in said["choices"].splitlines():
        cells = _cells(line)
        if cells[0]:
            code = codes.get(cells[0]) or _fresh(set(codes.values()) | {one["code"] for one in choices})
            choices.append({"code": code, "zh": cells[0], "en": cells[1], "amount": _amount(cells[2]),
                            "places": int(cells[3]) if cells[3] else None, "session": sessions.get(cells[4])})
    when = said["when"].split("|") if said["when"] else None
    return {"code": said["code"], "kind": said["kind"], "zh": said["zh"], "en": said["en"],
            "required": said["required"], "when": when, "choices": choices}


def _fresh(taken: set[str]) -> str:
    return next(code for number in range(1, 999) if (code := f"a{number}") not in taken)


def _amount(text: str) -> str | None:
    try:
        return f"{Decimal(text.strip('¥元')):.2f}" if text else None
    except InvalidOperation:
        return None


def _voucher(said: Mapping[str, Any]) -> dict[str, Any]:
    return {"code": said["word"].strip().upper(), "title": said["title"], "ticket": said["ticket"],
            "percent": said["percent"], "amount": f"{said['amount'] or 0:.2f}", "uses": said["uses"],
            "until_on": said["until_on"].isoformat() if said["until_on"] else None}


def _shown_head(content: Mapping[str, Any]) -> dict[str, Any]:
    times = {name: timezone.localtime(datetime.fromisoformat(content[name])).strftime("%Y-%m-%d %H:%M")
             for name in ("opens_at", "closes_at")}
    return {**times, **{name: content.get(name) for name in ("pay_days", "queue_rate", "note")}}


def _initials(content: Mapping[str, Any], name: str, sessions: Mapping[int, str]) -> list[dict[str, Any]]:
    if name == "tickets":
        return [{**one, **_shown_prices(one["code"], content["prices"])} for one in content["tickets"]]
    if name == "vouchers":
        return [{**one, "word": one["code"], "code": f"v{number}"}
                for number, one in enumerate(content.get("vouchers", ()), start=1)]
    if name == "questions":
        return [{**one, "when": "|".join(one["when"]) if one.get("when") else "", "choices": "\n".join(
            _line(choice, sessions) for choice in one.get("choices", ()))} for one in content.get("questions", ())]
    return list(content[name])


def _line(choice: Mapping[str, Any], sessions: Mapping[int, str]) -> str:
    cells = [choice["zh"], choice.get("en") or "", choice.get("amount") or "", str(choice.get("places") or ""),
             sessions.get(choice.get("session") or 0, "")]
    return " | ".join(cells).rstrip(" |")


def _shown_prices(code: str, prices: list[Mapping[str, Any]]) -> dict[str, Any]:
    answer: dict[str, Any] = {}
    for line in prices:
        if line["ticket"] != code:
            continue
        early = bool(line.get("until_on"))
        name = next(name for name, members, soon in PRICES if (members, soon) == (line.get("members", False), early))
        answer[name] = line["amount"]
        if early:
            answer["early_until"] = line["until_on"]
    return answer


def first_content(event: Event, *, at: datetime) -> dict[str, Any]:
    """Return what a list begins with: a hall or a stream of the expected size, free of charge."""
    opens = timezone.localtime(at).replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=1)
    last = timezone.make_aware(datetime.combine(event.from_on - timedelta(days=1), time(18)))
    pools, tickets = [], []
    if event.format != Format.ONLINE:
        pools.append({"code": "hall", "title": "会场", "capacity": event.heads or 100, "room": ""})
        tickets.append({"code": "full", "title": "参会代表", "title_en": "Delegate", "audience": "everyone",
                        "channel": "on_site", "pools": ["hall"], "days": []})
    if event.format != Format.ON_SITE:
        pools.append({"code": "stream", "title": "线上", "capacity": event.heads_online or 1000, "room": ""})
        tickets.append({"code": "online", "title": "线上参会", "title_en": "Online", "audience": "everyone",
                        "channel": "online", "pools": ["stream"], "days": []})
    return {"opens_at": opens.isoformat(), "closes_at": max(last, opens + timedelta(hours=1)).isoformat(),
            "pay_days": 7, "queue_rate": 0, "note": "", "pools": pools, "tickets": tickets,
            "prices": [{"ticket": one["code"], "amount": "0.00"} for one in tickets], "questions": [], "vouchers": []}
