"""`xinglin ledger`: verify the chain, sign a checkpoint, print a proof."""

import json
import sys
import time
import uuid
from argparse import Namespace
from typing import Any

from .booting import boot

WHAT = {
    "altered": "内容或链接被改动 / content or link was altered",
    "missing": "缺少事实 / a fact is missing",
    "index": "时间线索引与内容不符 / the index of timelines differs from content",
    "tile": "树叶与内容不符 / tree leaf differs from content",
    "columns": "查询列与内容不符 / query columns differ from content",
    "checkpoint": "检查点与账本不符 / a checkpoint differs from the ledger",
    "signature": "检查点签名不成立 / a checkpoint's signature fails",
    "annex": "附件与链上摘要不符 / an annex differs from its digest",
}


def add(subjects: Any) -> None:
    """Add the commands of this subject."""
    parser = subjects.add_parser("ledger", help="事实账本：校验、检查点、证明 / ledger: verify, checkpoint, proof")
    verbs = parser.add_subparsers(metavar="VERB", required=True)
    one = verbs.add_parser("verify", help="从头校验，指出第一处不符 / verify all, name the first broken position")
    one.set_defaults(run=verify)
    one = verbs.add_parser("checkpoint", help="签发检查点并打印 / sign a checkpoint and print it")
    one.set_defaults(run=checkpoint)
    one = verbs.add_parser("proof", help="打印一条事实的包含证明 / print the inclusion proof of a fact")
    one.add_argument("ref", help="事实的键，可写 kernel.fact:KEY 或第几条 / key, kernel.fact:KEY, or its position")
    one.add_argument("--annex", action="store_true", help="连同附件（含个人信息）/ with the annex (personal words)")
    one.set_defaults(run=proof)
    one = verbs.add_parser("consistency", help="证明留存的旧检查点仍成立 / prove that a kept checkpoint still holds")
    one.add_argument("old", type=int, help="留存的检查点到第几条 / facts under the kept checkpoint")
    one.set_defaults(run=consistency)
    one = verbs.add_parser("forget", help="删除一条事实的个人信息 / delete a fact's personal words")
    one.add_argument("ref", help="事实的键，可写 kernel.fact:KEY 或第几条 / key, kernel.fact:KEY, or its position")
    one.add_argument("--reason", required=True, choices=("request", "expired", "mistake"),
                     help="本人要求、保存期满、误录 / asked for, time over, never to be recorded")
    one.set_defaults(run=forget)
    one = verbs.add_parser("seal", help="封存等待的事实 / seal what waits")
    one.set_defaults(run=seal)


def verify(given: Namespace) -> int:
    """Verify the whole ledger."""
    boot()
    from xinglin.kernel.ledger.models import Checkpoint
    from xinglin.kernel.ledger.verify import verify as read_again

    begun = time.perf_counter()
    found = read_again(progress=lambda read: print(f"\r{read:,}", end="", file=sys.stderr))
    seconds = time.perf_counter() - begun
    print(file=sys.stderr)
    if found.holds:
        print(f"账本完整：{found.facts:,} 条，用时 {seconds:.1f} 秒 / the ledger holds: {found.facts:,} facts")
        if (keys := Checkpoint.objects.values("key").distinct().count()) > 1:
            print(f"检查点先后由 {keys} 把密钥签署 / {keys} keys signed the checkpoints, one after another")
        return 0
    print(f"第 {found.broken_at} 条不成立：{WHAT[found.what]} / broken at position {found.broken_at}", file=sys.stderr)
    return 1


def checkpoint(given: Namespace) -> int:
    """Seal, sign and print a checkpoint."""
    boot()
    from xinglin.kernel.ledger.checkpoints import make_checkpoint
    from xinglin.kernel.ledger.sealer import seal_all

    seal_all()
    made = make_checkpoint()
    if made is None:
        print("账本还是空的 / the ledger is empty", file=sys.stderr)
        return 1
    print(made.note, end="")
    return 0


def proof(given: Namespace) -> int:
    """Print the proof of one fact as JSON."""
    boot()
    from xinglin.kernel.ledger import checkpoints
    from xinglin.kernel.ledger.models import SealedFact

    try:
        answer = checkpoints.proof(key=_key(given.ref), with_annex=given.annex)
    except (ValueError, SealedFact.DoesNotExist):
        print(f"没有这条事实 / no such fact: {given.ref}", file=sys.stderr)
        return 1
    except checkpoints.NotSealed:
        print(
            "还没有检查点盖住这条事实，先运行 xinglin ledger checkpoint / no checkpoint covers it yet", file=sys.stderr
        )
        return 1
    print(json.dumps(answer, ensure_ascii=False, indent=1))
    return 0


def _key(text: str) -> uuid.UUID:
    """Return the key of a fact named by key, ref or position (ValueError, SealedFact.DoesNotExist)."""
    from xinglin.kernel.ledger.models import SealedFact

    text = text.removeprefix("kernel.fact:")
    return SealedFact.objects.get(position=int(text)).key if text.isdigit() else uuid.UUID(text)


def consistency(given: Namespace) -> int:
    """Print the proof that the ledger of an older checkpoint is the beginning of the newest one."""
    boot()
    from xinglin.kernel.ledger import checkpoints

    try:
        answer = checkpoints.consistency(old=given.old)
    except checkpoints.NotSealed:
        print("没有盖住这么多条的检查点 / no checkpoint covers so many facts", file=sys.stderr)
        return 1
    print(json.dumps(answer, ensure_ascii=False, indent=1))
    return 0


def forget(given: Namespace) -> int:
    """Delete the personal words of one fact; the house does it for who sits at the console."""
    boot()
    from xinglin.kernel import clock
    from xinglin.kernel.actions.forgetting import NothingToForget, forget_annex
    from xinglin.kernel.actors import house
    from xinglin.kernel.ledger.models import SealedFact

    try:
        forget_annex(by=house("console"), on=clock.today(), key=_key(given.ref), reason=given.reason)
    except (ValueError, SealedFact.DoesNotExist):
        print(f"没有这条事实 / no such fact: {given.ref}", file=sys.stderr)
        return 1
    except NothingToForget as refused:
        print(f"{refused} / nothing left to delete", file=sys.stderr)
        return 1
    print("已删除；事实与证明保留 / deleted; the fact and its proof stay")
    return 0


def seal(given: Namespace) -> int:
    """Seal everything that waits."""
    boot()
    from xinglin.kernel.ledger.sealer import seal_all

    print(seal_all())
    return 0
