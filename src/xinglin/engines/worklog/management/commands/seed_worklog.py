"""Introduces the kinds of work an association begins with."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand

from xinglin.engines.worklog.actions.words import NothingNew, seed_vocabulary
from xinglin.kernel import clock
from xinglin.kernel.actors import house

# Kinds are in use from here, so that earlier years can be logged afterwards.
FIRST_DAY = date(2015, 1, 1)


class Command(BaseCommand):
    """Introduce the shipped kinds of work; run again, it adds only new ones."""

    help = "设立预置的工作种类，已有的不动 / introduce the shipped kinds of work"

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the act, or say that nothing was missing."""
        try:
            new = seed_vocabulary(by=house("set_up"), on=clock.today(), from_on=FIRST_DAY)
        except NothingNew as nothing:
            self.stdout.write(str(nothing))
        else:
            self.stdout.write(f"{len(new)} 种 / kinds")
