"""The Merkle tree of RFC 9162, kept in tiles of 256 hashes so that proofs read a handful of rows."""

from collections.abc import Callable, Iterator, Sequence

from .standalone import node_hash

WIDTH_BITS = 8
WIDTH = 1 << WIDTH_BITS
SIZE = 32

Reader = Callable[[int, int], bytes]


def fold(hashes: Sequence[bytes], algorithm: str) -> bytes:
    """Return the root over a power of two of hashes."""
    row = list(hashes)
    while len(row) > 1:
        row = [node_hash(row[i], row[i + 1], algorithm) for i in range(0, len(row), 2)]
    return row[0]


def largest_power_below(size: int) -> int:
    """Return the largest power of two smaller than size (size ≥ 2)."""
    return 1 << (size - 1).bit_length() - 1


class Tree:
    """Reads nodes, roots and proofs of a tree whose tiles a reader returns by (level, number)."""

    def __init__(self, *, read: Reader, algorithm: str):
        self._read, self._algorithm = read, algorithm
        self._tiles: dict[tuple[int, int], bytes] = {}
        self._nodes: dict[tuple[int, int], bytes] = {}

    def node(self, *, height: int, index: int) -> bytes:
        """Return the root of the complete subtree of 2**height leaves that starts at leaf index × 2**height."""
        if (height, index) in self._nodes:
            return self._nodes[height, index]
        level, rest = divmod(height, WIDTH_BITS)
        first = index << rest
        number, offset = first >> WIDTH_BITS, first & (WIDTH - 1)
        if (level, number) not in self._tiles:
            self._tiles[level, number] = self._read(level, number)
        tile = self._tiles[level, number]
        row = [tile[i * SIZE : (i + 1) * SIZE] for i in range(offset, offset + (1 << rest))]
        value = fold(row, self._algorithm)
        self._nodes[height, index] = value
        return value

    def span(self, start: int, end: int) -> bytes:
        """Return the root over leaves start to end (end exclusive), MTH(D[start:end])."""
        size = end - start
        if size & (size - 1) == 0 and start % size == 0:
            return self.node(height=size.bit_length() - 1, index=start // size)
        middle = start + largest_power_below(size)
        return node_hash(self.span(start, middle), self.span(middle, end), self._algorithm)

    def inclusion(self, *, index: int, size: int) -> list[bytes]:
        """Return the path that proves leaf `index` is in the tree of `size` leaves."""
        return list(self._inclusion(index, 0, size))

    def _inclusion(self, index: int, start: int, end: int) -> Iterator[bytes]:
        if end - start <= 1:
            return
        middle = start + largest_power_below(end - start)
        if index < middle:
            yield from self._inclusion(index, start, middle)
            yield self.span(middle, end)
        else:
            yield from self._inclusion(index, middle, end)
            yield self.span(start, middle)

    def consistency(self, *, old: int, new: int) -> list[bytes]:
        """Return the path that proves the tree of `old` leaves is a prefix of that of `new`."""
        return list(self._consistency(old, 0, new, True)) if 0 < old < new else []

    def _consistency(self, old: int, start: int, end: int, known: bool) -> Iterator[bytes]:
        if old == end:
            if not known:
                yield self.span(start, end)
            return
        middle = start + largest_power_below(end - start)
        if old <= middle:
            yield from self._consistency(old, start, middle, known)
            yield self.span(middle, end)
        else:
            yield from self._consistency(old, middle, end, False)
            yield self.span(start, middle)


def grow(*, size: int, leaves: Sequence[bytes], read: Reader, algorithm: str) -> dict[tuple[int, int], bytes]:
    """Return the tiles that change when leaves are appended to a tree of `size` leaves."""
    changed: dict[tuple[int, int], bytes] = {}
    level, before, added = 0, size, list(leaves)
    while added:
        promoted = []
        number = before >> WIDTH_BITS
        tile = bytearray(read(level, number) if before & (WIDTH - 1) else b"")
        for one in added:
            tile += one
            if len(tile) == WIDTH * SIZE:
                changed[level, number] = bytes(tile)
                promoted.append(fold([bytes(tile[i : i + SIZE]) for i in range(0, len(tile), SIZE)], algorithm))
                number, tile = number + 1, bytearray()
        if tile:
            changed[level, number] = bytes(tile)
        level, before, added = level + 1, before >> WIDTH_BITS, promoted
    return changed
