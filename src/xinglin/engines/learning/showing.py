"""Says codes of the facts of learning in words."""


from xinglin.shell import naming

from .credits import Channel, Duty, Kind, Role
from .numbers import subject_label
from .projects import Level, Sort, State

_CHOICES = {"level": (Level,), "sort": (Sort,), "before": (State,), "after": (State,), "channel": (Channel,),
            "role": (Role,), "kind": (Kind,), "what": (Duty.What,)}


def in_words(field: str, code: str) -> str:
    """Return a code of learning's facts in words, "" when it has none."""
    if field == "specialty":
        return subject_label(code)
    for one in _CHOICES.get(field, ()):
        if code in one.values:
            return str(one(code).label)
    return ""


naming.register_codes("learning", in_words)
