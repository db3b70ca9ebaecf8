"""Views of the open ledger: checkpoints and proofs for everybody, contents for staff."""

import base64
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from xinglin.kernel.actions.forgetting import forget_annex
from xinglin.kernel.ledger import checkpoints, standalone
from xinglin.kernel.ledger.keys import public_key
from xinglin.kernel.ledger.models import Annex, Checkpoint, Head, SealedFact
from xinglin.kernel.refs import Shown, shown
from xinglin.kernel.rights import may_forget_annex

from ..naming import code_label, fact_label, field_label
from ..web import allow, done, perform, signed_in
from .forms import ForgetForm
from .policy import is_public, may_read_fact

SHOWN_CHECKPOINTS = 20


@dataclass(frozen=True, kw_only=True)
class Row:
    """A checkpoint in the list: its size, how many facts it added, and whether its signature holds."""

    checkpoint: Checkpoint
    added: int
    holds: bool

    @property
    def root(self) -> str:
        """Return the root as hex, short enough to compare by eye."""
        text = bytes(self.checkpoint.root).hex()
        return f"{text[:4]} {text[4:8]} …… {text[-8:-4]} {text[-4:]}"


def latest(request: HttpRequest, size: int | None = None) -> HttpResponse:
    """Show a checkpoint, the last one unless named, and what it proves."""
    chosen = get_object_or_404(Checkpoint, size=size) if size else Checkpoint.objects.order_by("-size").first()
    context: dict[str, Any] = {"checkpoint": chosen, "rows": _rows()}
    if chosen:
        said = standalone.read_note(chosen.note)
        before = Checkpoint.objects.filter(size__lt=chosen.size).order_by("-size").first()
        context |= {
            "said": said,
            "root": _spaced(bytes(chosen.root).hex()),
            "algorithm": said.get("hash", "sha256").upper(),
            "before": _spaced(bytes(before.root).hex()) if before else "",
            "signature": _spaced(base64.b64decode(said["signature"]).hex()[8:40]) + " ……",
            "key": base64.b64encode(bytes(chosen.key)).decode(),
            "holds": checkpoints.signature_stands(chosen),
            "newest": Checkpoint.objects.order_by("-size").first(),
        }
    return render(request, "openledger/checkpoint.html", context)


def _rows() -> list[Row]:
    found = list(Checkpoint.objects.order_by("-size")[: SHOWN_CHECKPOINTS + 1])
    return [
        Row(
            checkpoint=one,
            holds=checkpoints.signature_stands(one),
            added=one.size - (found[index + 1].size if index + 1 < len(found) else 0),
        )
        for index, one in enumerate(found[:SHOWN_CHECKPOINTS])
    ]


def _spaced(text: str) -> str:
    return " ".join(text[i : i + 4] for i in range(0, len(text), 4))


def _file(content: bytes | str, name: str, kind: str = "text/plain; charset=utf-8") -> HttpResponse:
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def note(request: HttpRequest, size: int) -> HttpResponse:
    """Hand out the signed text of a checkpoint."""
    return _file(get_object_or_404(Checkpoint, size=size).note, f"checkpoint-{size}.txt")


def verifier(request: HttpRequest) -> HttpResponse:
    """Hand out the stand-alone verifier, the very file this site uses."""
    return _file(Path(standalone.__file__).read_bytes(), "xinglin_verify.py", "text/x-python")


def key(request: HttpRequest, size: int | None = None) -> HttpResponse:
    """Hand out the public key of a checkpoint, or today's (base64)."""
    given = bytes(get_object_or_404(Checkpoint, size=size).key) if size else public_key()
    return _file(base64.b64encode(given).decode() + "\n", "ledger.pub")


def public_proof(request: HttpRequest, position: int) -> JsonResponse:
    """Return what anyone may know of a fact: its leaf, the path to the root, and of what counts its kind and dates."""
    sealed = SealedFact.objects.filter(position=position).first()
    if sealed is None:
        raise Http404
    head = Head.objects.get()
    try:
        found = checkpoints.proof(key=sealed.key)
    except checkpoints.NotSealed:
        return JsonResponse({"waiting": True, "position": position})
    said = {
        "what": fact_label(sealed.type),
        "happened_on": sealed.happened_on.isoformat(),
        "recorded_at": sealed.recorded_at.isoformat(timespec="seconds"),
    }
    return JsonResponse(
        {
            "position": position,
            "path": found["path"],
            "leaf": standalone.leaf_hash(sealed.content.encode(), head.algorithm).hex(),
            "checkpoint": found["checkpoint"],
            "public_key": found["public_key"],
            # Of bookkeeping and security nobody outside learns what happened when.
            **(said if is_public(type_=sealed.type) else {}),
        }
    )


def consistency(request: HttpRequest, old: int, new: int) -> HttpResponse:
    """Hand out the proof that an older ledger is the beginning of the one under a newer checkpoint."""
    try:
        found = checkpoints.consistency(old=old, new=new)
    except checkpoints.NotSealed:
        raise Http404 from None
    return _file(json.dumps(found, indent=1), f"consistency-{old}-{new}.json", "application/json")


@signed_in
def fact(request: HttpRequest, position: int) -> HttpResponse:
    """Show one fact to who may read it: what was said, by whom, what it led to, and its proof."""
    one = _readable(request, position)
    names = [str(value) for value in _flat(one.body.values())]
    known = shown([*names, one.actor])
    fields = [(field_label(one.type, name), _said(one.type, name, value, known)) for name, value in one.body.items()]
    return render(
        request,
        "openledger/fact.html",
        {
            "fact": one,
            "what": fact_label(one.type),
            "fields": fields,
            "actor": known.get(one.actor, Shown(label=one.actor)),
            "corrected": SealedFact.objects.filter(corrects=one.key).first(),
            "corrects": SealedFact.objects.filter(key=one.corrects).first() if one.corrects else None,
            "same_act": _beside(request, SealedFact.objects.filter(act=one.act).exclude(pk=one.pk)),
            "led_to": _beside(request, SealedFact.objects.filter(cause=one.key)),
            "annexed": Annex.objects.filter(key=one.key).exists(),
            "may_forget": may_forget_annex(actor=request.actor),
        },
    )


def _readable(request: HttpRequest, position: int) -> SealedFact:
    one = get_object_or_404(SealedFact, position=position)
    allow(may_read_fact(actor=request.actor, fact=one))
    return one


def _beside(request: HttpRequest, facts: QuerySet[SealedFact]) -> list[tuple[SealedFact, str]]:
    """Return the facts beside one that the reader may open, with what they are called."""
    found = facts.order_by("position")[:20]
    return [(one, fact_label(one.type)) for one in found if may_read_fact(actor=request.actor, fact=one)]


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def forget(request: HttpRequest, position: int) -> HttpResponse:
    """Show the personal words of a fact and, by POST, delete them; the fact and its proof stay."""
    allow(may_forget_annex(actor=request.actor))
    one = get_object_or_404(SealedFact, position=position)
    form = ForgetForm(request.POST or None)
    if form.is_valid():
        outcome = perform(request, forget_annex, form, key=one.key, reason=form.cleaned_data["reason"])
        if outcome.ok:
            return done(request, _("The words are deleted; the proof stays."), reverse("ledger:fact", args=[position]))
    annex = Annex.objects.filter(key=one.key).first()
    words = json.loads(annex.text) if annex else {}
    named = [(field_label(one.type, name), said) for name, said in words.items()]
    context = {"form": form, "fact": one, "what": fact_label(one.type), "annex": named}
    return render(request, "openledger/forget.html", context, status=422 if form.failed else 200)


def _flat(values: Any) -> list[Any]:
    return [one for value in values for one in (value if isinstance(value, list) else [value])]


def _said(type_: str, field: str, value: Any, known: dict[str, Shown]) -> list[Shown]:
    """Return the values of a field in words: refs by their labels, codes as their engine says them."""
    values = value if isinstance(value, list) else [value]
    return [known[one] if isinstance(one, str) and ":" in one else Shown(label=_words(type_, field, one))
            for one in values]


def _words(type_: str, field: str, value: Any) -> str:
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    return code_label(type_, field, str(value)) if isinstance(value, str) else str(value)


@signed_in
def full_proof(request: HttpRequest, position: int) -> HttpResponse:
    """Hand out the proof with the fact's content, for checking offline."""
    one = _readable(request, position)
    try:
        found = checkpoints.proof(key=one.key)
    except checkpoints.NotSealed:
        checkpoints.make_checkpoint()
        found = checkpoints.proof(key=one.key)
    response = JsonResponse(found, json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Content-Disposition"] = f'attachment; filename="proof-{position}.json"'
    return response
