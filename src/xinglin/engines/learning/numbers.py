"""Reads numbers of projects as E6 writes them, and says in words what is wrong with one."""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml
from django.utils.translation import get_language
from django.utils.translation import gettext as _

NATIONAL, REPEAT = "国", "备"
# Marks of the provinces: their one-character names.
PROVINCES = frozenset("京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川蜀贵黔云滇藏陕秦甘陇青宁新兵江")
_FORM = re.compile(r"(\d{4})-(\d{2})-(\d{2})-(\d{3})[（(](.+?)[）)]")
_WIDTHS = str.maketrans("０１２３４５６７８９－—–(", "0123456789---（", "")


class WrongNumber(ValueError):
    """A number is not written as numbers of projects are; the message says where."""


@dataclass(frozen=True, kw_only=True)
class Number:
    """A number in its parts: year, subject of two levels, serial, mark."""

    year: int
    subject: str
    serial: int
    mark: str

    @property
    def text(self) -> str:
        """Return it as it is printed."""
        return f"{self.year}-{self.subject}-{self.serial:03d}（{self.mark}）"


@lru_cache(maxsize=1)
def subjects() -> dict[str, tuple[str, str]]:
    """Return the first-level subjects: code → 中文, English."""
    content = yaml.safe_load(Path(__file__).with_name("subjects.yaml").read_text("utf-8"))
    return {code: (zh, en) for code, (zh, en) in content.items()}


def subject_label(code: str) -> str:
    """Return what a subject such as 03-01 is called, by its first level; a code that is unknown shows itself."""
    zh, en = subjects().get(code[:2], (code, code))
    return zh if (get_language() or "zh").startswith("zh") else en


def number_of(text: str) -> Number:
    """Return the parts of a number, narrow or wide characters alike (WrongNumber says what is wrong)."""
    plain = "".join(text.split()).translate(_WIDTHS).replace(")", "）")
    found = _FORM.fullmatch(plain)
    if found is None:
        raise WrongNumber(_("A number is year-subject-subject-serial and a mark, such as 2026-03-01-001（国）."))
    year, first, second, serial, mark = found.groups()
    if first not in subjects():
        raise WrongNumber(_("%(code)s is no first-level subject; 01 to %(last)s are.") % {
            "code": first, "last": max(subjects())})
    if serial == "000":
        raise WrongNumber(_("Serials begin with 001."))
    if mark not in {NATIONAL, REPEAT} and mark not in PROVINCES:
        raise WrongNumber(_("The mark is 国, 备 or a province's one-character name; “%(mark)s” is none.") % {
            "mark": mark})
    return Number(year=int(year), subject=f"{first}-{second}", serial=int(serial), mark=mark)


def fits(number: Number, *, year: int, subject: str, level: str, repeat: bool) -> str:
    """Return why a number does not belong to a project of this year, subject and level; "" when it does."""
    if number.year != year:
        return _("The number is of %(other)d, the project of %(year)d.") % {"other": number.year, "year": year}
    if number.subject != subject:
        return _("The number says subject %(other)s, the project was filed under %(subject)s.") % {
            "other": number.subject, "subject": subject}
    if repeat != (number.mark == REPEAT):
        return _("A repeat bears the mark 备.") if repeat else _("Only a repeat bears the mark 备.")
    if not repeat and (level == "national") != (number.mark == NATIONAL):
        return _("National projects bear the mark 国, others that of their province.")
    return ""
