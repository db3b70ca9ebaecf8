"""Makes new keys for sealed fields and takes old ones away."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act, state
from xinglin.kernel.keyring import add_key, drop_keys, keyring
from xinglin.kernel.policy import Refusal
from xinglin.kernel.refs import Code

from ..facts import KeyMade, KeyRetired
from ..rotation import index_keys_in_use, keys_in_use


class NothingToRetire(Refusal):
    """Every older key is still needed by some row, or there is none."""


@act
def make_key(*, by: Actor, on: date, index: bool = False) -> str:
    """Make a new current key; rows move to it with `rotate_keys`."""
    made = add_key(index=index)
    state(KeyMade(key=Code(made), cipher=Code("hmac" if index else keyring().current.cipher)))
    return made


@act
def retire_keys(*, by: Actor, on: date) -> tuple[str, ...]:
    """Take keys that no row needs any more out of the key file: sealing keys and those of blind indexes."""
    ring = keyring()
    unused = set(ring.keys) - keys_in_use() - {ring.current.id} | set(ring.index_keys) - index_keys_in_use()
    if not unused:
        raise NothingToRetire(_("Every older key is still needed by some row."))
    drop_keys(unused=unused)
    for key in sorted(unused):
        state(KeyRetired(key=Code(key)))
    return tuple(sorted(unused))
