"""Patterns of document numbers, such as 沪交医〔{year}〕{serial}号."""

from string import Formatter


def pattern_holds(*, pattern: str) -> bool:
    """Say whether a pattern consists of words, at most one {year} and one {serial} or {serial:04}."""
    try:
        fields = [(name, spec) for _words, name, spec, _kind in Formatter().parse(pattern) if name is not None]
        pattern.format(year=2026, serial=1)
    except (ValueError, LookupError, AttributeError):
        return False
    names = [name for name, _spec in fields]
    plain = all(not spec or (name == "serial" and spec.isdigit()) for name, spec in fields)
    return plain and names.count("serial") == 1 and names.count("year") == len(names) - 1 <= 1
