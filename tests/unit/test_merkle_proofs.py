"""Proofs over the tree, against a second implementation (pymerkle) on leaves of our own, and what must be refused."""

from __future__ import annotations

import functools

import pytest
from pymerkle import InclusionProof, InmemoryTree, InvalidProof
from pymerkle import verify_consistency as their_consistency
from pymerkle import verify_inclusion as their_inclusion
from pymerkle.core import _consistency_path_layout

from daemon.model.merkle import Frontier, leaf_hash, node_hash
from daemon.model.merkle_proofs import (
    consistency_ranges,
    inclusion_ranges,
    subtree_roots,
    verify_consistency,
    verify_inclusion,
)

MOST = 33
LEAVES = [f"leaf {n}".encode() for n in range(MOST)]
HASHES = [leaf_hash(leaf) for leaf in LEAVES]


def root_of(size: int) -> bytes:
    tree = Frontier()
    for leaf in LEAVES[:size]:
        tree.append(leaf)
    return tree.root()


@pytest.fixture(scope="module")
def theirs() -> InmemoryTree:
    """pymerkle hashes as RFC 6962 does: 0x00 before a leaf, 0x01 before two nodes, SHA-256."""
    tree = InmemoryTree(algorithm="sha256")
    tree.append_entries(LEAVES)
    return tree


def test_both_implementations_see_the_same_trees(theirs: InmemoryTree) -> None:
    assert [theirs.get_root(size) for size in range(MOST + 1)] == [root_of(size) for size in range(MOST + 1)]
    assert [theirs.get_leaf(n + 1) for n in range(MOST)] == HASHES


def test_every_inclusion_proof_is_the_other_implementations_and_each_accepts_the_others(theirs: InmemoryTree) -> None:
    for size in range(1, MOST + 1):
        for index in range(size):
            path = subtree_roots(HASHES, inclusion_ranges(index, size))
            proof = theirs.prove_inclusion(index + 1, size)
            assert proof.path == [HASHES[index], *path]  # theirs begins with the leaf itself
            assert verify_inclusion(HASHES[index], index, size, proof.path[1:], root_of(size))
            ours = InclusionProof("sha256", True, size, index + 1, proof.rule, [HASHES[index], *path])
            their_inclusion(HASHES[index], root_of(size), ours, index=index + 1, size=size)


def test_consistency_proofs_are_the_other_implementations_in_the_form_of_rfc_6962(theirs: InmemoryTree) -> None:
    """Theirs goes down to a single leaf where RFC 6962 stops at a whole subtree: folded together, the nodes must be ours."""
    for new in range(1, MOST + 1):
        for old in range(1, new + 1):
            proof = theirs.prove_consistency(old, new)
            their_consistency(root_of(old), root_of(new), proof, prior_size=old, later_size=new)
            nodes = dict(zip(_consistency_path_layout(old, new)[2], proof.path, strict=True))
            path = [folded(nodes, each) for each in consistency_ranges(old, new)]
            assert subtree_roots(HASHES, consistency_ranges(old, new)) == path
            assert verify_consistency(old, root_of(old), new, root_of(new), path)


def folded(nodes: dict[tuple[int, int], bytes], leaves: tuple[int, int]) -> bytes:
    inside = [node for (start, end), node in sorted(nodes.items()) if leaves[0] <= start and end <= leaves[1]]
    return functools.reduce(node_hash, inside)


def test_both_implementations_refuse_the_same_roots(theirs: InmemoryTree) -> None:
    for old, new in ((1, 2), (3, 7), (4, 7), (6, 8), (8, 33)):
        proof, path = theirs.prove_consistency(old, new), subtree_roots(HASHES, consistency_ranges(old, new))
        for wrong in ((root_of(old + 1), root_of(new)), (root_of(old), root_of(new - 1))):
            with pytest.raises(InvalidProof):
                their_consistency(*wrong, proof)
            assert not verify_consistency(old, wrong[0], new, wrong[1], path)


def test_the_examples_of_rfc_6962() -> None:
    """Section 2.1.3: the tree of seven leaves, with its nodes a to l."""
    a, b, c, d, e, f, j = HASHES[:7]
    g, h, i = node_hash(a, b), node_hash(c, d), node_hash(e, f)
    k = node_hash(g, h)
    node_l = node_hash(i, j)
    inclusion = {0: [b, h, node_l], 3: [c, g, node_l], 4: [f, j, k], 6: [i, k]}
    for index, path in inclusion.items():
        assert subtree_roots(HASHES, inclusion_ranges(index, 7)) == path
    consistency = {3: [c, d, g, node_l], 4: [node_l], 6: [i, j, k]}
    for old, path in consistency.items():
        assert subtree_roots(HASHES, consistency_ranges(old, 7)) == path


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_there_is_no_proof_of_a_leaf_that_is_not_there(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="leaf"):
        inclusion_ranges(index, size)
    assert not verify_inclusion(HASHES[0], index, size, [], HASHES[0])


@pytest.mark.parametrize(("old", "new"), [(0, 3), (4, 3), (-1, 0)])
def test_there_is_no_proof_between_trees_that_are_none(old: int, new: int) -> None:
    with pytest.raises(ValueError, match="trees"):
        consistency_ranges(old, new)
    assert not verify_consistency(old, HASHES[0], new, HASHES[0], [])


def test_too_few_leaves_are_said() -> None:
    with pytest.raises(ValueError, match="fewer"):
        subtree_roots(HASHES[:6], inclusion_ranges(0, 7))


def test_a_proof_reads_no_leaf_behind_its_tree() -> None:
    leaves = iter(HASHES)
    subtree_roots(leaves, inclusion_ranges(2, 7))
    assert next(leaves) == HASHES[7]
