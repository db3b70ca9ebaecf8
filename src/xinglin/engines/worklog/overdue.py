"""Tells owners at night of register items that are past their date: each once for each due date."""

from datetime import date

from xinglin.directory import answers as directory
from xinglin.kernel.notices import notify, register_notice
from xinglin.kernel.refs import Ref
from xinglin.kernel.scheduler import nightly

from .expecting import missed
from .registers import Item

NOTICE = "worklog_overdue"


def register() -> None:
    """Register the words of the notice."""
    register_notice(NOTICE, app="xinglin.engines.worklog")


@nightly("worklog.overdue", at="05:10")
def tell_of_overdue(*, on: date) -> int:
    """Tell who answers for each item that is past its date; return how many notices are new.

    The key names item and date: a night run twice tells nobody twice, a missed night is made up,
    and an item with a new date that passes too is told of again.
    """
    late = Item.objects.filter(due_on__lt=on, track__closed_on=None).select_related("track")
    return sum(_tell(item, on) for item in late if missed(item, on=on))


def _tell(item: Item, on: date) -> int:
    people = answering(item=item, on=on)
    if not people:
        return 0
    return notify(
        to=people, template=NOTICE, key=f"{item.pk}/{item.due_on}", about=item.ref,
        context={"title": str(item)[:120], "register": item.track.title, "due": item.due_on, "stage": str(item.at)})


def answering(*, item: Item, on: date) -> list[Ref]:
    """Return who answers for an item: its person, else the leaders of its owner, else of the register's keeper."""
    if item.owner:
        return [Ref(item.owner)]
    for organisation in filter(None, (item.organisation, item.track.organisation)):
        if leaders := [one.person for one in directory.leaders_of(organisation, on=on)]:
            return leaders
    return []
