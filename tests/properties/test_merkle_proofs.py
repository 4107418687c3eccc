"""Proofs hold for every tree, and nothing else does."""

from __future__ import annotations

from hypothesis import assume, given
from hypothesis import strategies as st

from daemon.model.merkle import Frontier, leaf_hash
from daemon.model.merkle_proofs import (
    consistency_ranges,
    inclusion_ranges,
    subtree_roots,
    verify_consistency,
    verify_inclusion,
)
from daemon.model.tlog_proof import EventProof, GrowthProof, parse_proof

SIZES = st.integers(1, 300)
NODES = st.binary(min_size=32, max_size=32)


def hashes_of(size: int, salt: bytes = b"") -> list[bytes]:
    return [leaf_hash(b"%d" % n + salt) for n in range(size)]


def root_of(hashes: list[bytes]) -> bytes:
    tree = Frontier()
    for each in hashes:
        tree.append_hash(each)
    return tree.root()


def spoiled(data: st.DataObject, path: list[bytes]) -> list[bytes]:
    """Another path: one node changed, dropped, put in or swapped."""
    at = data.draw(st.integers(0, max(0, len(path) - 1)))
    kinds = ["put in", *(["changed", "dropped", "swapped"] if path else [])]
    match data.draw(st.sampled_from(kinds)):
        case "put in":
            return [*path[:at], data.draw(NODES), *path[at:]]
        case "changed":
            return [*path[:at], data.draw(NODES), *path[at + 1 :]]
        case "dropped":
            return [*path[:at], *path[at + 1 :]]
        case _:
            other = data.draw(st.integers(0, len(path) - 1))
            path = list(path)
            path[at], path[other] = path[other], path[at]
            return path


@given(SIZES, st.data())
def test_a_leaf_is_proven_where_it_is_and_nowhere_else(size: int, data: st.DataObject) -> None:
    hashes = hashes_of(size)
    index, elsewhere = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, size + 3))
    path, root = subtree_roots(hashes, inclusion_ranges(index, size)), root_of(hashes)
    assert verify_inclusion(hashes[index], index, size, path, root)
    assert not verify_inclusion(leaf_hash(b"another"), index, size, path, root)
    assert not verify_inclusion(hashes[index], index, size, path, leaf_hash(b"another"))
    assert verify_inclusion(hashes[index], elsewhere, size, path, root) == (elsewhere == index)
    other = spoiled(data, path)
    assert verify_inclusion(hashes[index], index, size, other, root) == (other == path)


@given(SIZES, SIZES, st.data())
def test_a_tree_that_grew_is_proven_and_one_that_was_rewritten_is_not(one: int, two: int, data: st.DataObject) -> None:
    old, new = sorted((one, two))
    hashes = hashes_of(new)
    path = subtree_roots(hashes, consistency_ranges(old, new))
    roots = root_of(hashes[:old]), root_of(hashes)
    assert verify_consistency(old, roots[0], new, roots[1], path)
    other = spoiled(data, path)
    assert verify_consistency(old, roots[0], new, roots[1], other) == (other == path)
    changed = data.draw(st.integers(0, old - 1))
    rewritten = [*hashes[:changed], leaf_hash(b"another"), *hashes[changed + 1 :]]
    forged = subtree_roots(rewritten, consistency_ranges(old, new))
    assert not verify_consistency(old, roots[0], new, root_of(rewritten), forged)
    assert not verify_consistency(old, leaf_hash(b"another"), new, roots[1], path)


@given(SIZES, SIZES, NODES)
def test_sizes_that_are_not_the_proofs_are_refused(old: int, new: int, node: bytes) -> None:
    assume(old < new)
    hashes = hashes_of(new)
    path, roots = subtree_roots(hashes, consistency_ranges(old, new)), (root_of(hashes[:old]), root_of(hashes))
    assert not verify_consistency(old, roots[0], new, roots[1], [*path, node])
    assert not verify_consistency(new, roots[1], old, roots[0], path)
    assert not verify_consistency(old, roots[0][:31], new, roots[1], path)


@given(st.integers(0, 10**15), st.lists(NODES, max_size=50), st.binary(max_size=400))
def test_a_proof_comes_back_from_its_text(number: int, path: list[bytes], line: bytes) -> None:
    note = "origin\n5\ncm9vdA==\n\n— origin AAAA\n"
    for proof in (EventProof(number, path, line, note), GrowthProof(number, path, note)):
        assert parse_proof(proof.text()) == proof


@given(st.text(max_size=300) | st.binary(max_size=300).map(lambda data: data.decode(errors="replace")))
def test_no_text_at_all_breaks_the_parser(untrusted: str) -> None:
    for text in (untrusted, "c2sp.org/tlog-proof@v1\n" + untrusted, "old 3\n" + untrusted):
        proof = parse_proof(text)
        assert proof is None or proof.text() == text
