"""Reads what banks export, with title rows, two-row headings and footers: each row a receipt, or why it is none."""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from xinglin.lib.money import NotAnAmount, yuan
from xinglin.lib.tables import Table, as_text, read_table
from xinglin.lib.text import folded

# What banks call their columns; the first that is there is taken, of remarks all.
COLUMNS: dict[str, tuple[str, ...]] = {
    "paid_on": ("交易日期", "记账日期", "入账日期", "交易时间", "记账时间", "交易日", "日期", "date"),
    "income": ("贷方金额", "贷方发生额", "收入金额", "贷方", "收入", "存入金额", "转入金额", "存入", "转入",
               "贷方发生额收入", "收入贷方", "credit"),
    "outgoing": ("借方金额", "借方发生额", "支出金额", "借方", "支出", "转出金额", "转出", "debit"),
    "amount": ("交易金额", "发生额", "金额", "amount"),
    "side": ("借贷标志", "借贷方向", "收支标志", "借贷", "收支", "收付标志", "交易方向"),
    "payer": ("对方户名", "对方名称", "对方账户名称", "对方单位名称", "对方单位", "付款人名称", "付款人户名",
              "付款方户名", "付款方名称", "付款人", "付款方", "户名"),
    "account": ("对方账号", "对方账户", "付款人账号", "付款方账号", "对方卡号", "账号"),
    "serial": ("交易流水号", "流水号", "银行流水号", "核心流水号", "交易序号", "唯一流水号", "企业流水号"),
    "remark": ("附言", "用途", "摘要", "备注", "交易附言", "摘要附言", "交易摘要", "附加信息"),
}
_IN = re.compile(r"贷|收入|收$|转入|来账|^[cC+]")
_FOOTER = re.compile(r"合计|总计|小计|总笔数|笔数|本页|承前页|期末余额|期初余额|打印|制表")
_DAY = re.compile(r"(20\d\d)\D?(\d{1,2})\D?(\d{1,2})(?!\d{3})")


@dataclass(frozen=True, kw_only=True)
class BankRow:
    """One receipt of a statement, or why the row is none."""

    number: int
    paid_on: date | None = None
    amount: Decimal | None = None
    payer: str = ""
    account: str = ""
    remark: str = ""
    serial: str = ""  # what it is booked under: the bank's own when the file has it once, else a digest
    own: str = ""  # the bank's own, as it stands in the file
    trouble: str = ""

    @property
    def is_named(self) -> bool:
        """Whether the bank's own serial names this row and no other."""
        return bool(self.own) and self.serial == self.own

    def digest(self, *, place: int = 1) -> str:
        """Return a serial made of all that the row says, when its own names others too; equal rows have places."""
        said = "|".join(map(str, (self.own, self.paid_on, self.amount, self.payer, self.account, self.remark)))
        return f"row-{hashlib.sha256(f'{said}|{place}'.encode()).hexdigest()[:24]}"


@dataclass(frozen=True, kw_only=True)
class BankSheet:
    """A statement as it was read: receipts and troubles, and how many rows were none of ours to book."""

    rows: tuple[BankRow, ...]
    outgoing: int = 0
    footers: int = 0
    missing: str = ""  # a column without which nothing can be booked


def read_bank_sheet(*, content: bytes) -> BankSheet:
    """Read a statement (TableRefused when it is no table)."""
    table = read_table(file=content, expected=[name for names in COLUMNS.values() for name in names])
    places = {field: found for field, names in COLUMNS.items()
              if (found := _places(table, names, several=field == "remark"))}
    if "paid_on" not in places or not ({"income", "amount"} & places.keys()):
        return BankSheet(rows=(), missing=_("the day") if "paid_on" not in places else _("what came in"))
    read = [_row(row.number, {field: [row.cells[at] for at in at_all] for field, at_all in places.items()},
                 [as_text(value=cell) for cell in row.cells]) for row in table.rows]
    rows = [one for one in read if isinstance(one, BankRow)]
    return BankSheet(rows=tuple(_with_serials(rows)), outgoing=read.count("outgoing"), footers=read.count("footer"))


def _places(table: Table, names: Sequence[str], *, several: bool) -> list[int]:
    """Return the columns of these names, alone or below a merged heading, with or without a unit in brackets."""
    own = [_plain(column) for column in table.columns]
    parts = [{name, *(_plain(part) for part in column.split("/"))}
             for name, column in zip(own, table.columns, strict=True)]
    exact = [at for name in names for at, column in enumerate(own) if column == folded(text=name)]
    loose = [at for name in names for at, part in enumerate(parts) if folded(text=name) in part]
    return list(dict.fromkeys(exact + loose if several else exact or loose))


def _plain(name: str) -> str:
    return folded(text=re.sub(r"[(（\[【].*?[)）\]】]", "", name))


def _row(number: int, cells: dict[str, list[Any]], everything: list[str]) -> BankRow | str:
    words = "".join(everything)
    day = _day(cells["paid_on"][0])
    if day is None and (_FOOTER.search(words) or not any(map(_looks_paid, cells.get("income") or cells["amount"]))):
        return "footer"
    said = {field: _text(cells.get(field, [None])[0]) for field in ("payer", "account", "serial", "side")}
    remark = " ".join(dict.fromkeys(filter(None, map(_text, cells.get("remark", ())))))
    row = BankRow(number=number, paid_on=day, payer=said["payer"], account=said["account"], serial=said["serial"],
                  remark=remark)
    amount, trouble = _came_in(cells, said["side"])
    if amount is None and not trouble:
        return "outgoing"
    if day is None:
        return replace(row, amount=amount, trouble=_("The day cannot be read."))
    if trouble or amount is None or amount <= 0:
        return replace(row, trouble=trouble or _("A reversal: look at it by hand."))
    return replace(row, amount=amount)


def _looks_paid(cell: Any) -> bool:
    return cell is not None and any(mark.isdigit() for mark in as_text(value=cell))


def _came_in(cells: dict[str, list[Any]], side: str) -> tuple[Decimal | None, str]:
    """Return what came in, None for a row of money that went out, and what is wrong with the figure."""
    try:
        if "income" in cells:
            amount = _amount(cells["income"][0])
            return (amount or None), ""
        amount = _amount(cells["amount"][0])
        if not amount:
            return None, ""
        if side:
            return (amount if _IN.search(side) else None), ""
        return (amount if amount > 0 else None), ""
    except NotAnAmount:
        return Decimal(0), _("The amount cannot be read.")


def _amount(cell: Any) -> Decimal:
    text = _text(cell)
    if text in ("", "-", "--", "—"):
        return Decimal(0)
    return yuan(text, rounded=isinstance(cell, Decimal | float))


def _text(cell: Any) -> str:
    return unicodedata.normalize("NFKC", as_text(value=cell)).strip() if cell is not None else ""


def _day(cell: Any) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    found = _DAY.match(_text(cell))
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def _with_serials(rows: Sequence[BankRow]) -> list[BankRow]:
    """Give rows without a serial of their own a digest of what they say; the second of two equal rows gets another."""
    often = Counter(row.serial for row in rows)
    seen: Counter[str] = Counter()
    answer = []
    for row in (replace(one, own=one.serial) for one in rows):
        if row.own and often[row.own] == 1:
            answer.append(row)
            continue
        said = row.digest()
        seen[said] += 1
        answer.append(replace(row, serial=row.digest(place=seen[said])))
    return answer


def payer_folded(name: str) -> str:
    """Return a payer's name as two banks would write it alike."""
    return "".join(unicodedata.normalize("NFKC", name).split()).replace("(", "（").replace(")", "）")
