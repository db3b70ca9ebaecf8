"""The form of a correction on one's own page."""

from typing import Any

from ..registrations import Registration
from .registering_forms import HandForm


class CorrectForm(HandForm):
    """A name or an address put right; a name of the directory is put right there."""

    def __init__(self, *args: Any, row: Registration, **kwargs: Any) -> None:
        known = {name: getattr(row, name) for name in self.base_fields}
        super().__init__(*args, **{"initial": known, **kwargs})
        self.fields["name"].disabled = row.person_id is not None
