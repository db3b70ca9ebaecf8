"""Sets which requirement holds for somebody, bars from applying after fraud, and keeps what holders let others see."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from xinglin.directory.models import Person
from xinglin.kernel import regulations
from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act, state
from xinglin.kernel.confinement import open_to
from xinglin.kernel.policy import Refusal, require
from xinglin.kernel.refs import Code, Ref
from xinglin.lib.periods import years_after

from ..bars import barred
from ..certificates import Openness
from ..credits import Bar, Duty
from ..facts import BarImposed, DutySet, OpennessChosen
from ..policy import may_claim, may_keep


class NothingChanges(Refusal):
    """It is so already."""


class WrongTerm(Refusal):
    """A bar lasts as long as the rule says."""

    field, regulation = "years", "E2.bar_most"


@act
def set_duty(*, by: Actor, on: date, person: Person, what: str, from_on: date) -> Duty:
    """Set the requirement under which somebody stands from a day on."""
    require(may_keep(actor=by, on=on))
    last = Duty.objects.filter(person=person, from_on__lte=from_on).order_by("-from_on").first()
    if last and last.what == what:
        raise NothingChanges(_("This requirement holds already."), field="what")
    row, _new = Duty.objects.update_or_create(person=person, from_on=from_on, defaults={"what": what})
    state(DutySet(person=person.ref, what=Code(what), from_on=from_on))
    return row


@act
def impose_bar(*, by: Actor, on: date, about: Ref, years: int, reason: str) -> Bar:
    """Bar a person or a branch from applying for one to three years: fraud (E2)."""
    require(may_keep(actor=by, on=on))
    least, most = (int(regulations.value(f"E2.bar_{one}", on=on)) for one in ("least", "most"))
    if not least <= years <= most:
        raise WrongTerm(_("A bar lasts %(least)d to %(most)d years.") % {"least": least, "most": most})
    if other := barred(about, on=on):
        raise NothingChanges(_("Barred until %(day)s already.") % {"day": other.until_on}, field="about")
    row = Bar.objects.create(about=about, from_on=on, until_on=years_after(day=on, years=years), reason=reason)
    state(BarImposed(bar=Ref(f"learning.bar:{row.pk}"), about=about, from_on=on, until_on=row.until_on, reason=reason))
    return row


@act
@open_to("member")
def choose_openness(*, by: Actor, on: date, person: Person, shown: bool) -> Openness:
    """Let the public page of one's certificates show the full name, or no longer."""
    require(may_claim(actor=by, person=person.ref))
    row = Openness.objects.filter(person=person).first()
    if (row.shown if row else False) == shown:
        raise NothingChanges(_("It is so already."))
    row, _new = Openness.objects.update_or_create(person=person, defaults={"shown": shown, "chosen_on": on})
    state(OpennessChosen(person=person.ref, shown=shown))
    return row
