"""How registrations, attendances, invitations and what else names people follows when two entries are one person."""

from django.utils.translation import gettext_lazy as _

from xinglin.directory.merging import moving_refs, moving_rows, register_merge

from .abstracts import Abstract
from .attendances import Attendance
from .caring import Care
from .faculty import Invitation
from .healthdays import HealthDayOwner
from .holders import FormerHolder
from .orders import Order
from .programme import Speaking
from .registrations import Draft, Registration

register_merge("events.records", moving_rows(
    kind="events.records", label=_("Registrations and parts in events"), follow=(
    (Registration, "person", ("event",)), (Order, "person", ()), (Attendance, "person", ()),
    (FormerHolder, "person", ()), (Invitation, "person", ("event",)), (Speaking, "person", ("session", "part")),
    (Abstract, "person", ("event", "title")), (Care, "person", ("reason", "year")), (HealthDayOwner, "owner", ()))))
register_merge("events.guests", moving_refs(
    kind="events.guests", label=_("Guests they registered"), model=Registration, field="asker"))
register_merge("events.begun", moving_refs(
    kind="events.begun", label=_("Registrations begun or waiting"), model=Draft, field="who"))
register_merge("events.places", moving_refs(
    kind="events.places", label=_("Places under their name"), model=Registration, field="who"))
