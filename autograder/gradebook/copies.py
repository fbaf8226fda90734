"""Which submissions are unusually alike: numbers for a person to judge, never a finding.

Each answer becomes a set of fingerprints: hashes of runs of ten tokens, in which comments, strings and the names
of variables do not count, so that renaming changes nothing. What was released, and what many in the class write,
is left out. Submissions with much in common are found by MinHash and locality-sensitive hashing (datasketch;
Broder, 1997), so that a class of thousands is not compared pair by pair; those found are compared exactly.
"""

from __future__ import annotations

import keyword
import re
import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from datasketch import MinHash, MinHashLSH
from numpy.typing import NDArray

from autograder.gradebook.items import wilson

Prints = NDArray[np.uint32]

_RUN = 10  # tokens
_KEEP_ONE_IN = 4  # fingerprints; Manber (1994) keeps those that are 0 modulo this
COMMON_SHARE, _COMMON_LEAST = 0.2, 5  # of the class: who shares this much shares an idiom
FEWEST = 12  # fingerprints below which a submission is not compared
ALIKE = 0.5  # Jaccard similarity from which a pair is looked at
_PERMUTATIONS = 96
_SAMPLE = 10_000  # pairs, for what is typical
_MOST_CANDIDATES = 60  # for one submission
_MOST_PAIRS = 30
_CODE = 60_000  # characters of one answer
_SKIPPED = re.compile(r'("""|\'\'\')[\s\S]*?(?:\1|\Z)|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|#[^\n]*')
_TOKEN = re.compile(r"[^\W\d]\w*|\d[\w.]*|[^\s\w]")


@dataclass(frozen=True)
class Pair:
    """Two submissions, compared.

    Attributes
    ----------
    similarity
        Shared fingerprints over all fingerprints of both (Jaccard), 0 to 1.
    shared, rare
        How many they share, and how many of those nobody else has (submissions with the same code count once).
    as_similar
        How many of the sampled pairs are as similar or more.
    questions
        Where the shared ones are, most first.
    """

    first: str
    second: str
    similarity: float
    shared: int
    of: int
    rare: int
    as_similar: int
    questions: tuple[str, ...]


@dataclass(frozen=True)
class Comparison:
    """All that can be said about a class.

    Attributes
    ----------
    n, short
        Submissions compared, and those that hold too little of their own to be compared.
    sample
        Similarities of random pairs, sorted; of all pairs where the class is small (`complete`).
    same
        Submissions whose own code is the same but for names, comments and layout.
    pairs, more
        The most similar pairs of differing submissions, and how many more are above `ALIKE`.
    """

    n: int
    short: int
    sample: NDArray[np.float64]
    complete: bool
    same: tuple[tuple[str, ...], ...]
    pairs: tuple[Pair, ...]
    more: int

    def quantile(self, share: float) -> float:
        return float(np.quantile(self.sample, share)) if len(self.sample) else 0.0

    def by_chance(self, pair: Pair) -> float:
        """Upper 95 % bound for the share of the class's pairs that are as similar as `pair`."""
        return wilson(pair.as_similar, len(self.sample))[1]


def fingerprints(code: str) -> Prints:
    """Sorted distinct fingerprints of Python code, which need not be valid."""
    tokens = _TOKEN.findall(_SKIPPED.sub(lambda match: "S" if match[0][0] in "\"'" else "", code[:_CODE]))
    if len(tokens) < _RUN:
        return np.empty(0, np.uint32)
    following = [*tokens[1:], ""]
    before = ["", *tokens[:-1]]
    named = [
        "V" if _is_variable(token, last, after) else token
        for token, last, after in zip(tokens, before, following, strict=True)
    ]
    ids = np.array([zlib.crc32(token.encode("utf-8", "replace")) for token in named], dtype=np.uint64)
    count = len(ids) - _RUN + 1
    hashes = np.zeros(count, np.uint64)
    for offset in range(_RUN):
        hashes = hashes * np.uint64(0x9E3779B97F4A7C15) + ids[offset : offset + count]
    hashes ^= hashes >> np.uint64(32)
    hashes *= np.uint64(0xD6E8FEB86659FD93)
    mixed = (hashes >> np.uint64(32)).astype(np.uint32)
    return np.unique(mixed[mixed % _KEEP_ONE_IN == 0])


def _is_variable(token: str, before: str, after: str) -> bool:
    """A name that is a writer's own choice: no keyword, attribute, or function that is called."""
    is_name = token[0] == "_" or token[0].isalpha()
    return (
        is_name
        and token != "S"
        and before != "."
        and after not in ("(", ".")
        and not keyword.iskeyword(token)
    )


def compare(
    answers: Mapping[str, Mapping[str, Prints]], released: Iterable[Prints], rng: np.random.Generator
) -> Comparison:
    """Compare a class.

    Parameters
    ----------
    answers
        Submission -> question -> fingerprints of the student's own code.
    released
        Fingerprints of what everybody was given.
    rng
        Draws the pairs from which the typical similarity is known.
    """
    names = list(answers)
    own = _uncommon([_joined(answers[name].values()) for name in names], _joined(released))
    kept = [i for i, prints in enumerate(own) if len(prints) >= FEWEST]
    groups: dict[bytes, list[int]] = defaultdict(list)
    for i in kept:
        groups[own[i].tobytes()].append(i)
    sample, complete = _sample([own[i] for i in kept], rng)
    distinct = [members[0] for members in groups.values()]
    owners = _owners(own, distinct)
    found = _pairs_alike(distinct, own)
    pairs = []
    for similarity, i, j in found[:_MOST_PAIRS]:
        shared = np.intersect1d(own[i], own[j], assume_unique=True)
        where = {q: len(np.intersect1d(p, shared)) for q, p in answers[names[i]].items()}
        questions = tuple(sorted((q for q in where if where[q]), key=lambda q: -where[q])[:5])
        rare = sum(owners[value] == 2 for value in shared.tolist())
        as_similar = int(np.sum(sample >= similarity - 1e-12))
        of = len(own[i]) + len(own[j]) - len(shared)
        pairs.append(Pair(names[i], names[j], similarity, len(shared), of, rare, as_similar, questions))
    same = sorted((tuple(names[i] for i in group) for group in groups.values() if len(group) > 1), key=len)
    return Comparison(
        len(kept),
        len(names) - len(kept),
        sample,
        complete,
        tuple(same[::-1]),
        tuple(pairs),
        len(found) - len(pairs),
    )


def _joined(prints: Iterable[Prints]) -> Prints:
    parts = list(prints)
    return np.unique(np.concatenate(parts)) if parts else np.empty(0, np.uint32)


def _uncommon(prints: Sequence[Prints], released: Prints) -> list[Prints]:
    """Fingerprints without the released ones and those of a large part of the class."""
    if not prints:
        return []
    values, counts = np.unique(np.concatenate(prints), return_counts=True)
    common = values[counts > max(_COMMON_LEAST, COMMON_SHARE * len(prints))]
    left_out = np.union1d(common, released)
    return [np.setdiff1d(one, left_out, assume_unique=True) for one in prints]


def _owners(prints: Sequence[Prints], kept: Sequence[int]) -> dict[int, int]:
    if not kept:
        return {}
    values, counts = np.unique(np.concatenate([prints[i] for i in kept]), return_counts=True)
    return dict(zip(values.tolist(), counts.tolist(), strict=True))


def _jaccard(first: Prints, second: Prints) -> float:
    shared = len(np.intersect1d(first, second, assume_unique=True))
    return shared / (len(first) + len(second) - shared)


def _sample(prints: Sequence[Prints], rng: np.random.Generator) -> tuple[NDArray[np.float64], bool]:
    """Similarities of all pairs, or of a random sample where they are many."""
    n = len(prints)
    complete = n * (n - 1) // 2 <= _SAMPLE
    if complete:
        chosen = [(i, j) for i in range(n) for j in range(i)]
    else:
        first = rng.integers(n, size=_SAMPLE)
        chosen = list(zip(first, (first + rng.integers(1, n, size=_SAMPLE)) % n, strict=True))
    return np.sort([_jaccard(prints[i], prints[j]) for i, j in chosen]), complete


def _pairs_alike(indices: Sequence[int], prints: Sequence[Prints]) -> list[tuple[float, int, int]]:
    """Pairs above `ALIKE`, most similar first. Hashing may miss a pair close to that bound."""
    index = MinHashLSH(threshold=ALIKE, num_perm=_PERMUTATIONS, weights=(0.3, 0.7))
    empty = MinHash(num_perm=_PERMUTATIONS, seed=1, hashfunc=int)
    found = []
    for i in indices:
        sketch = empty.copy()
        sketch.update_batch(prints[i].tolist())
        for j in sorted(index.query(sketch))[:_MOST_CANDIDATES]:
            similarity = _jaccard(prints[i], prints[j])
            if similarity >= ALIKE:
                found.append((similarity, j, i))
        index.insert(i, sketch, check_duplication=False)
    return sorted(found, key=lambda pair: (-pair[0], pair[1], pair[2]))
