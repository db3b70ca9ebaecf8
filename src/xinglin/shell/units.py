"""Measure words: Chinese as they are, English as nouns in singular and plural."""

from decimal import Decimal

from django.utils.translation import get_language

# Measure word → English singular and plural. A word with one meaning in lists of this trade only.
_ENGLISH: dict[str, tuple[str, str]] = {
    "人": ("person", "people"), "名": ("person", "people"), "位": ("person", "people"),
    "人次": ("attendance", "attendances"), "场": ("session", "sessions"), "场次": ("session", "sessions"),
    "次": ("time", "times"), "个": ("item", "items"), "项": ("item", "items"), "件": ("case", "cases"),
    "条": ("entry", "entries"), "家": ("organisation", "organisations"), "期": ("issue", "issues"),
    "届": ("edition", "editions"), "份": ("copy", "copies"), "篇": ("article", "articles"),
    "本": ("volume", "volumes"), "册": ("volume", "volumes"), "部": ("work", "works"), "门": ("course", "courses"),
    "节": ("lesson", "lessons"), "学时": ("hour", "hours"), "课时": ("hour", "hours"), "小时": ("hour", "hours"),
    "分钟": ("minute", "minutes"), "秒": ("second", "seconds"), "天": ("day", "days"), "日": ("day", "days"),
    "工作日": ("working day", "working days"), "周": ("week", "weeks"), "个月": ("month", "months"),
    "年": ("year", "years"), "分": ("point", "points"), "学分": ("credit", "credits"), "元": ("yuan", "yuan"),
    "万元": ("×10,000 yuan", "×10,000 yuan"), "页": ("page", "pages"), "行": ("row", "rows"),
    "张": ("sheet", "sheets"), "枚": ("piece", "pieces"), "台": ("set", "sets"), "套": ("set", "sets"),
    "批": ("batch", "batches"), "类": ("kind", "kinds"), "种": ("kind", "kinds"), "级": ("level", "levels"),
    "席": ("seat", "seats"), "票": ("vote", "votes"), "处": ("place", "places"), "例": ("case", "cases"),
    "章": ("chapter", "chapters"), "步": ("step", "steps"), "列": ("column", "columns"), "号": ("", ""),
    "支": ("team", "teams"), "篇次": ("article", "articles"), "单位": ("unit", "units"),
}


def speaks_chinese() -> bool:
    """Say whether the reader's language is Chinese."""
    return (get_language() or "zh").startswith("zh")


def unit_word(unit: str, number: object = 2) -> str:
    """Return the unit in the reader's language, in the number's grammatical number."""
    if speaks_chinese() or unit not in _ENGLISH:
        return str(unit)
    one, many = _ENGLISH[unit]
    return one if number in (1, Decimal(1), "1") else many


def grouped(number: object, places: int | None = None) -> str:
    """Return a number with thousands commas; `places` fixes the decimals, else they stay as they are."""
    if number is None or number == "":
        return "—"
    value = number if isinstance(number, int | Decimal) else Decimal(str(number))
    if places is not None:
        return f"{value:,.{places}f}"
    return f"{value:,}" if isinstance(value, int) else f"{value:,f}"


def marks() -> tuple[str, str]:
    """Return what stands between two parts of a sentence and at its end."""
    return ("；", "。") if speaks_chinese() else ("; ", ".")
