"""Read the dates by which, or in which, something is to be done."""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace

from xinglin.lib.numerals import read_numeral

_NUMBER = r"\d{1,2}|[一二三四五六七八九十]{1,2}"
_YEAR = r"(?:(?P<year>20\d{2})年|(?P<relative>今年|本年|当年|明年|去年|上年)(?:度)?)?"
_BEFORE = r"(?P<before>之前|以前|前|以内|内|结束前)?"
_DATE = re.compile(
    rf"{_YEAR}(?:"
    rf"(?:(?P<from>{_NUMBER})月?(?:[-—–~～至到]))?(?P<month>{_NUMBER})月(?:份)?"
    r"(?:(?P<day>\d{1,2})(?:[-—–~～至到]\d{1,2})?[日号])?(?P<part>底|末|初|上旬|中旬|下旬)?"
    r"|(?P<half>上半年|下半年)|第?(?P<quarter>[一二三四1-4])季度(?:末|底)?|(?P<threequarters>前三季度)"
    r"|(?P<yearend>年底|年末|年内|年终(?!考|总|决|检|慰|评|盘|审|奖)|岁末)"
    rf"){_BEFORE}"
    r"|(?P<endyear>20\d{2})年?(?P<end>底|末|年底|年末)(?:之前|以前|前)?|(?:到|至)(?P<toyear>20\d{2})年(?!\d|的)"
)
# A day that has a name, a starting day, the day of a past act or of a document.
_NAMED_DAY = re.compile(
    r"(?:是|为)?(?:第.{1,3}[个届])?“?(?:中国医师节|国际护士节|护士节|世界|国际|"
    r"全国\S{1,6}日|联合国)|起|以来|发布|印发的|施行的"
)
_SPAN_OF_YEARS = re.compile(r"(?:[一二两三四五六七八九十百几数半]|(?<!\d)\d{1,2})$")  # 五年内再犯
_NOT_BEFORE = re.compile(r"(?:自|从|截至|截止|围绕|结合)$")


@dataclass(frozen=True, slots=True)
class DueDate:
    """A printed date at a place in a passage."""

    start: int
    end: int
    iso: str
    is_bound: bool  # 前, 底, 内: by then, not on then
    year: int


def due_dates_in(text: str, plan_year: int, cells: tuple[tuple[int, int], ...] = ()) -> Iterator[DueDate]:
    """Yield every printed date that can bound a deed, as the last day it allows; cells of a row are read apart."""
    for first, last in cells or ((0, len(text)),):
        for due in _due_dates(text[first:last], plan_year):
            yield replace(due, start=due.start + first, end=due.end + first)


def _due_dates(text: str, plan_year: int) -> Iterator[DueDate]:
    for match in _DATE.finditer(text):
        if _NAMED_DAY.match(text, match.end()) or _NOT_BEFORE.search(text[max(0, match.start() - 4) : match.start()]):
            continue
        if match.start() and text[match.start() - 1] in "个每第近":
            continue
        if match["yearend"] and _SPAN_OF_YEARS.search(text[max(0, match.start() - 3) : match.start()]):
            continue
        year = _year(match, plan_year)
        iso = _iso(match, year)
        if iso:
            bound = bool(
                match["before"] or match["part"] in ("底", "末") or match["yearend"] or match["end"] or match["toyear"]
            )
            yield DueDate(match.start(), match.end(), iso, bound, year)


def _year(match: re.Match[str], plan_year: int) -> int:
    printed = match["year"] or match["endyear"] or match["toyear"]
    if printed:
        return int(printed)
    return plan_year - 1 if match["relative"] in ("去年", "上年") else plan_year


def _iso(match: re.Match[str], year: int) -> str | None:
    if match["month"]:
        return _month_end(match, year)
    if match["half"]:
        return f"{year}-06-30" if match["half"] == "上半年" else f"{year}-12-31"
    if match["threequarters"]:
        return f"{year}-09-30"
    if match["quarter"]:
        month = 3 * int(read_numeral(text=match["quarter"]) or 0)
        return f"{year}-{month:02d}-{monthrange(year, month)[1]:02d}"
    return f"{year}-12-31"


def _month_end(match: re.Match[str], year: int) -> str | None:
    month = int(read_numeral(text=match["month"]) or 0)
    if not 1 <= month <= 12:
        return None
    last = monthrange(year, month)[1]
    day = int(match["day"]) if match["day"] else {"初": 10, "上旬": 10, "中旬": 20}.get(match["part"] or "", last)
    return f"{year}-{month:02d}-{day:02d}" if 1 <= day <= last else None
