"""States that a list left the house as a file."""

from datetime import date

from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act, state
from xinglin.kernel.confinement import open_to
from xinglin.kernel.policy import require
from xinglin.kernel.refs import Code

from ..facts import ListExported
from ..policy import may_export_list


@act
@open_to("supervisor", "system_admin", "security_admin", "audit_admin")
def export_list(
    *, by: Actor, on: date, table: str, rows: int, form: str, narrowed: bool, sensitive: bool = False,
) -> None:
    """State the export of a list before its first row is sent: what was not stated is not sent."""
    require(may_export_list(actor=by))
    state(ListExported(list=Code(table), rows=rows, format=Code(form), narrowed=narrowed, sensitive=sensitive))
