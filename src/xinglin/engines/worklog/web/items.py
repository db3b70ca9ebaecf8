"""One item of a register: its stages, what the next one needs, its documents and its facts."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xinglin.kernel import clock
from xinglin.kernel.files import keep
from xinglin.kernel.policy import Refusal
from xinglin.shell.web import allow, done, perform, signed_in

from ..actions.evidence import prove_item
from ..actions.registers import amend_item, list_items, move_item
from ..expecting import flags, grade_of
from ..policy import may_keep_items, may_read_register
from ..registers import Item, Track
from .choosing import region_name
from .files import evidence_of
from .forms import EvidenceForm
from .item_forms import ItemForm, MoveForm
from .lists import flag_words
from .timeline import timeline, waiting


def _stages(item: Item) -> list[tuple[object, str]]:
    """Return the stages of an item with a mark: passed, here, ahead; the way out stands last."""
    stages = [one for one in item.track.stage_list if one.done or not one.closed or one.code == item.stage]
    at = next(place for place, one in enumerate(stages) if one.code == item.stage)
    return [(one, "done" if place < at or (place == at and one.done) else ("here" if place == at else ""))
            for place, one in enumerate(stages)]


def _address(key: int) -> str:
    return reverse("worklog:item", args=[key])


@signed_in
def item(request: HttpRequest, key: int) -> HttpResponse:
    """Show one item, and move it to another stage."""
    allow(may_read_register(actor=request.actor))
    one = get_object_or_404(Item.objects.told(), pk=key)
    form = MoveForm(request.POST or None, item=one, on=clock.today())
    if request.method == "POST" and form.is_valid():
        outcome = perform(request, move_item, form, item=one, **{
            name: value for name, value in form.cleaned_data.items() if value})
        if outcome.ok:
            return done(request, _("Now: %(stage)s.") % {"stage": outcome.answer.at}, _address(key))
        one = get_object_or_404(Item.objects.told(), pk=key)
    return page(request, one, move_form=form)


def page(request: HttpRequest, one: Item, **forms: object) -> HttpResponse:
    """Draw the page of an item."""
    on = clock.today()
    return render(request, "worklog/item.html", {
        "item": one, "stages": _stages(one), "light": flag_words(one, on), "flags": flags(one, on=on),
        "grade": grade_of(one), "region": region_name(one.region), "evidence": evidence_of(one),
        "entries": one.entries.told().exclude(state="withdrawn"), "children": one.children.told(),
        "befores": [row.before for row in one.befores.select_related("before")],
        "said": timeline(one.ref), "unsealed": waiting(one.ref), "asks": one.track.pattern.asks,
        "may_keep": may_keep_items(actor=request.actor, track=one.track, organisation=one.organisation),
        "evidence_form": EvidenceForm(prefix="evidence"), "move_form": MoveForm(item=one, on=on), **forms})


@signed_in
def add(request: HttpRequest, key: int) -> HttpResponse:
    """Put an item on a register."""
    track = get_object_or_404(Track, pk=key)
    allow(may_keep_items(actor=request.actor, track=track))
    form = ItemForm(request.POST or None, track=track, actor=request.actor, on=clock.today())
    if request.method == "POST" and form.is_valid():
        outcome = perform(request, list_items, form, track=track, items=[form.said()])
        if outcome.ok:
            return done(request, _("Listed."), reverse("worklog:track", args=[key]))
    return render(request, "worklog/form.html", {
        "form": form, "title": _("Add: %(noun)s") % {"noun": track.pattern.noun}, "submit": _("Put on the register"),
        "back": reverse("worklog:track", args=[key]), "back_label": track.title, "say": ""})


@signed_in
def amend(request: HttpRequest, key: int) -> HttpResponse:
    """Change what a register says about an item."""
    one = get_object_or_404(Item.objects.told(), pk=key)
    allow(may_keep_items(actor=request.actor, track=one.track, organisation=one.organisation))
    form = ItemForm(request.POST or None, track=one.track, actor=request.actor, item=one, on=clock.today(),
                    initial=ItemForm.initial_of(one))
    if request.method == "POST" and form.is_valid() and perform(
            request, amend_item, form, item=one, words=form.said()).ok:
        return done(request, _("Changed."), _address(key))
    return render(request, "worklog/form.html", {
        "form": form, "title": _("Change: %(item)s") % {"item": one}, "submit": _("Save"), "back": _address(key),
        "back_label": str(one), "say": ""})


@require_POST
@signed_in
def evidence(request: HttpRequest, key: int) -> HttpResponse:
    """Attach a document to an item."""
    one = get_object_or_404(Item.objects.told(), pk=key)
    form = EvidenceForm(request.POST, request.FILES, prefix="evidence")
    if form.is_valid():
        try:
            files = [keep(content=form.cleaned_data["evidence"])]
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            if perform(request, prove_item, form, item=one, evidence=files).ok:
                return done(request, _("Attached."), _address(key))
    return page(request, one, evidence_form=form)
