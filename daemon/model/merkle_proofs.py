"""Proofs over the RFC 6962 tree: that a leaf is in it (2.1.1), and that it only grew (2.1.2).

A proof is the roots of a few ranges of leaves. Which ranges follows from the sizes alone; their roots are computed in one pass over the
leaves' hashes, in order, with memory for O(log n) of them. Verification is that of RFC 9162 2.1.3.2 and 2.1.4.2, which says step by
step what RFC 6962 leaves to the reader: it shares nothing with how proofs are made, so that each is a check of the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from daemon.model.merkle import HASH_BYTES, Frontier, node_hash


class Leaves(NamedTuple):
    """A range of leaves: from `start` up to, not including, `end`."""

    start: int
    end: int


def inclusion_ranges(index: int, size: int) -> list[Leaves]:
    """The subtrees whose roots are PATH(index, D[size]) of RFC 6962 2.1.1, from the leaf's sibling up.

    ValueError unless 0 <= index < size.
    """
    if not 0 <= index < size:
        raise ValueError("no such leaf")
    start, end = 0, size
    down: list[Leaves] = []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            down.append(Leaves(middle, end))
            end = middle
        else:
            down.append(Leaves(start, middle))
            start = middle
    return down[::-1]


def consistency_ranges(old: int, new: int) -> list[Leaves]:
    """The subtrees whose roots are PROOF(old, D[new]) of RFC 6962 2.1.2, in its order. ValueError unless 1 <= old <= new."""
    if not 1 <= old <= new:
        raise ValueError("no such trees")
    start, end = 0, new
    down: list[Leaves] = []
    while end != old:
        middle = start + _split(end - start)
        if old <= middle:
            down.append(Leaves(middle, end))
            end = middle
        else:
            down.append(Leaves(start, middle))
            start = middle
    # SUBPROOF's b: where the subtree that is left is the whole old tree, its root is known to whoever verifies.
    return [*([Leaves(start, end)] if start else []), *down[::-1]]


def _split(width: int) -> int:
    """The largest power of two smaller than the width (which is 2 or more)."""
    return 1 << (width - 1).bit_length() - 1


def subtree_roots(leaf_hashes: Iterable[bytes], ranges: Sequence[Leaves]) -> list[bytes]:
    """The roots of ranges that do not overlap, in the order given, from the hashes of all leaves, read once.

    ValueError if there are fewer leaves than the ranges reach. What follows the last range is not read.
    """
    roots: dict[Leaves, bytes] = {}
    leaves, at = iter(leaf_hashes), 0
    for each in sorted(ranges):
        tree = Frontier()
        for leaf in leaves:
            at += 1
            if at > each.start:
                tree.append_hash(leaf)
            if at == each.end:
                break
        if at != each.end:
            raise ValueError("fewer leaves than the proof is about")
        roots[each] = tree.root()
    return [roots[each] for each in ranges]


def verify_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether the path shows that the leaf of this hash is number `index` of the tree of `size` leaves with this root.

    RFC 9162 2.1.3.2, with its numbers.
    """
    if not 0 <= index < size or not _are_hashes([leaf, *path, root]):  # 1
        return False
    fn, sn, computed = index, size - 1, leaf  # 2, 3
    for node in path:  # 4
        if sn == 0:  # 4.1
            return False
        if fn & 1 or fn == sn:  # 4.2
            computed = node_hash(node, computed)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            computed = node_hash(computed, node)
        fn, sn = fn >> 1, sn >> 1  # 4.3
    return sn == 0 and computed == root  # 5


def verify_consistency(old: int, old_root: bytes, new: int, new_root: bytes, path: Sequence[bytes]) -> bool:
    """Whether the path shows that the tree of `old` leaves is the beginning of that of `new`, given both roots.

    RFC 9162 2.1.4.2, with its numbers; of equal sizes the roots must be equal and the path empty. From no leaves at all every
    tree has grown: no path shows it, and False is the answer.
    """
    if not 1 <= old <= new or not _are_hashes([old_root, *path, new_root]):
        return False
    if old == new:
        return not path and old_root == new_root
    if not path:  # 1
        return False
    nodes = [old_root, *path] if old & (old - 1) == 0 else list(path)  # 2
    fn, sn = old - 1, new - 1  # 3
    while fn & 1:  # 4
        fn, sn = fn >> 1, sn >> 1
    fr = sr = nodes[0]  # 5
    for node in nodes[1:]:  # 6
        if sn == 0:  # 6.1
            return False
        if fn & 1 or fn == sn:  # 6.2
            fr, sr = node_hash(node, fr), node_hash(node, sr)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node_hash(sr, node)
        fn, sn = fn >> 1, sn >> 1  # 6.3
    return sn == 0 and fr == old_root and sr == new_root  # 7


def _are_hashes(nodes: Sequence[bytes]) -> bool:
    return all(len(node) == HASH_BYTES for node in nodes)
