"""The Merkle tree hash of RFC 6962 section 2.1, grown one leaf at a time.

Only the frontier is kept: the roots of the perfect subtrees that the leaves so far add up to, one for each bit that is
set in their count. An append merges like a binary counter's carry: O(log n) time, O(log n) memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

HASH_BYTES = 32
# RFC 6962 2.1: the prefixes keep a leaf from passing for an inner node (second preimages).
_LEAF, _NODE = b"\x00", b"\x01"


def leaf_hash(data: bytes) -> bytes:
    """SHA-256(0x00 || data)."""
    return sha256(_LEAF + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 || left || right)."""
    return sha256(_NODE + left + right).digest()


class Frontier:
    """A Merkle tree of `size` leaves, as much of it as further leaves and the root need.

    `nodes` are subtree roots of HASH_BYTES each, the largest subtree first, one per bit set in `size`;
    ValueError if they are not.
    """

    def __init__(self, size: int = 0, nodes: Sequence[bytes] = ()) -> None:
        if size < 0 or len(nodes) != size.bit_count() or any(len(node) != HASH_BYTES for node in nodes):
            raise ValueError("not a frontier")
        self.size = size
        self.nodes = list(nodes)

    def append(self, data: bytes) -> None:
        """Add one leaf holding `data`."""
        self.append_hash(leaf_hash(data))

    def append_hash(self, leaf: bytes) -> None:
        """Add one leaf, given as its hash."""
        node, carry = leaf, self.size
        while carry & 1:
            node = node_hash(self.nodes.pop(), node)
            carry >>= 1
        self.nodes.append(node)
        self.size += 1

    def extend(self, leaves: Sequence[bytes]) -> None:
        """Add leaves, given as their hashes: what `append_hash` does, level by level for all of them at once."""
        size, waiting, kept = self.size, self.nodes[::-1], list[bytes]()
        level, at = list(leaves), iter(waiting)
        self.size += len(level)
        while level or size:
            if size & 1:
                level.insert(0, next(at))
            if len(level) & 1:
                kept.append(level.pop())
            # `node_hash`, spelled out: half of all the time that a long trail takes to hash is in such calls.
            level = [sha256(_NODE + level[n] + level[n + 1]).digest() for n in range(0, len(level), 2)]
            size >>= 1
        self.nodes = kept[::-1]

    def root(self) -> bytes:
        """The tree's hash; of no leaves at all, SHA-256 of nothing (RFC 6962 2.1)."""
        if not self.nodes:
            return sha256().digest()
        *larger, root = self.nodes
        for node in reversed(larger):
            root = node_hash(node, root)
        return root

    def copy(self) -> Frontier:
        """The same tree, to be grown apart."""
        return Frontier(self.size, self.nodes)
