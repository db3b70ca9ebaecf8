"""The facts about the keys of sealed fields."""

from .facts import Fact, Vocabulary, states
from .refs import Code


@states("kernel.key.made", Vocabulary(zh="字段密钥已更换", en="Field key made", countable=False))
class KeyMade(Fact):
    """A new key became the current one for sealed fields, or for their blind indexes (cipher hmac)."""

    key: Code
    cipher: Code


@states("kernel.key.retired", Vocabulary(zh="旧字段密钥已停用", en="Field key retired", countable=False))
class KeyRetired(Fact):
    """A key that no row needs any more was taken out of the key file."""

    key: Code
