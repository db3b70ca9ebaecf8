"""The facts the kernel itself states: about its own bookkeeping, never promised in a plan."""

from .facts import Fact, Vocabulary, states
from .refs import Code, Ref


@states("kernel.annex.forgotten", Vocabulary(zh="附件信息已删除", en="Annex forgotten", countable=False))
class AnnexForgotten(Fact):
    """The personal words of a fact were deleted on request; the chain keeps the proof that they existed."""

    fact: Ref
    reason: Code


@states("kernel.regulation.overridden", Vocabulary(zh="规则取值已改定", en="Regulation overridden", countable=False))
class RegulationOverridden(Fact):
    """The association set its own value for a dated parameter."""

    override: Ref
    regulation: Ref


@states("kernel.key.made", Vocabulary(zh="字段密钥已更换", en="Field key made", countable=False))
class KeyMade(Fact):
    """A new key became the current one for sealed fields, or for their blind indexes (cipher hmac)."""

    key: Code
    cipher: Code


@states("kernel.key.retired", Vocabulary(zh="旧字段密钥已停用", en="Field key retired", countable=False))
class KeyRetired(Fact):
    """A key that no row needs any more was taken out of the key file."""

    key: Code
