"""Views of the open ledger: checkpoints and proofs for everybody, contents for staff."""

import base64
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language

from xinglin.kernel.facts import fact_types
from xinglin.kernel.ledger import checkpoints, standalone
from xinglin.kernel.ledger.keys import public_key
from xinglin.kernel.ledger.models import Checkpoint, Head, SealedFact
from xinglin.kernel.policy import YES, Verdict, no
from xinglin.kernel.refs import Shown, shown

from ..web import allow, signed_in

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


def label_of(type_: str) -> str:
    """Return what a fact type is called in the reader's language."""
    known = fact_types().get(type_)
    if known is None:
        return type_
    return known.VOCABULARY.zh if (get_language() or "").startswith("zh") else known.VOCABULARY.en


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
            "key": base64.b64encode(public_key()).decode(),
            "holds": standalone.signature_holds(chosen.note, public_key()),
        }
    return render(request, "openledger/checkpoint.html", context)


def _rows() -> list[Row]:
    found = list(Checkpoint.objects.order_by("-size")[: SHOWN_CHECKPOINTS + 1])
    key = public_key()
    return [
        Row(
            checkpoint=one,
            holds=standalone.signature_holds(one.note, key),
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


def key(request: HttpRequest) -> HttpResponse:
    """Hand out the public key (base64)."""
    return _file(base64.b64encode(public_key()).decode() + "\n", "ledger.pub")


def public_proof(request: HttpRequest, position: int) -> JsonResponse:
    """Return what anyone may know of a fact: its kind, its dates, its leaf and the path to the root."""
    sealed = SealedFact.objects.filter(position=position).first()
    if sealed is None:
        raise Http404
    head = Head.objects.get()
    try:
        found = checkpoints.proof(key=sealed.key)
    except checkpoints.NotSealed:
        return JsonResponse({"waiting": True, "position": position})
    return JsonResponse(
        {
            "position": position,
            "what": label_of(sealed.type),
            "happened_on": sealed.happened_on.isoformat(),
            "recorded_at": sealed.recorded_at.isoformat(timespec="seconds"),
            "path": found["path"],
            "leaf": standalone.leaf_hash(sealed.content.encode(), head.algorithm).hex(),
            "checkpoint": found["checkpoint"],
            "public_key": found["public_key"],
        }
    )


def consistency(request: HttpRequest, old: int, new: int) -> JsonResponse:
    """Return the path proving that an older ledger is the beginning of a newer one."""
    head = Head.objects.first()
    if head is None or not 0 < old < new <= head.size:
        raise Http404
    return JsonResponse({"old": old, "new": new, "path": checkpoints.consistency(old=old, new=new)})


def may_read_fact(actor: Any) -> Verdict:
    """Contents of facts are read by staff, leaders and supervisors; the public sees that they exist."""
    readers = {
        "office",
        "secretary_general",
        "leader",
        "supervisor",
        "audit_admin",
        "department",
        "department_head",
        "branch_secretary",
        "branch_chair",
        "house",
    }
    return YES if actor.roles & readers else no("")


@signed_in
def fact(request: HttpRequest, position: int) -> HttpResponse:
    """Show one fact to staff: what was said, by whom, what it led to, and its proof."""
    allow(may_read_fact(request.actor))
    one = get_object_or_404(SealedFact, position=position)
    names = [str(value) for value in _flat(one.body.values())]
    known = shown([*names, one.actor])
    fields = [(_field(one.type, name), _said(value, known)) for name, value in one.body.items()]
    return render(
        request,
        "openledger/fact.html",
        {
            "fact": one,
            "what": label_of(one.type),
            "fields": fields,
            "actor": known.get(one.actor, Shown(label=one.actor)),
            "corrected": SealedFact.objects.filter(corrects=one.key).first(),
            "corrects": SealedFact.objects.filter(key=one.corrects).first() if one.corrects else None,
            "same_act": SealedFact.objects.filter(act=one.act).exclude(pk=one.pk).order_by("position")[:20],
            "led_to": SealedFact.objects.filter(cause=one.key).order_by("position")[:20],
        },
    )


def _flat(values: Any) -> list[Any]:
    return [one for value in values for one in (value if isinstance(value, list) else [value])]


def _field(type_: str, name: str) -> str:
    known = fact_types().get(type_)
    if known:
        for one in (*known.VOCABULARY.dimensions, *known.VOCABULARY.quantities):
            if one.field == name:
                return one.zh if (get_language() or "").startswith("zh") else one.en
    return name


def _said(value: Any, known: dict[str, Shown]) -> list[Shown]:
    return [known.get(str(one), Shown(label=str(one))) for one in (value if isinstance(value, list) else [value])]


@signed_in
def full_proof(request: HttpRequest, position: int) -> HttpResponse:
    """Hand out the proof with the fact's content, for checking offline."""
    allow(may_read_fact(request.actor))
    one = get_object_or_404(SealedFact, position=position)
    try:
        found = checkpoints.proof(key=one.key)
    except checkpoints.NotSealed:
        checkpoints.make_checkpoint()
        found = checkpoints.proof(key=one.key)
    response = JsonResponse(found, json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Content-Disposition"] = f'attachment; filename="proof-{position}.json"'
    return response
