"""Unusually similar submissions: what counts, what does not, and how sure the numbers are."""

from __future__ import annotations

import itertools
import re
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.gradebook.copies import FEWEST, compare, fingerprints

CALLS = ("np.sin", "np.cos", "np.exp", "np.dot", "sum", "len", "np.linalg.norm", "max", "abs", "np.where")
OPERATORS = ("+", "-", "*", "/", "@", "**")


def program(seed, lines=60):
    """Code that is like nobody else's."""
    rng = np.random.default_rng(seed)
    pick = lambda options: options[rng.integers(len(options))]  # noqa: E731 - a local shorthand
    text = "def answer(x, y):\n"
    for n in range(lines):
        text += f"    a{n} = {pick(CALLS)}(x, {rng.integers(99)}) {pick(OPERATORS)} {pick(CALLS)}(y) {pick(OPERATORS)} {rng.integers(9)}\n"
    return text


def compared(codes, released=(), seed=0):
    answers = {name: {"q1": fingerprints(code)} for name, code in codes.items()}
    return compare(answers, [fingerprints(code) for code in released], np.random.default_rng(seed))


def brute_force(codes):
    """Similarity of every pair, without what more than a fifth of the class has."""
    prints = {name: set(fingerprints(code).tolist()) for name, code in codes.items()}
    owners = Counter(value for one in prints.values() for value in one)
    own = {name: {v for v in one if owners[v] <= max(5, len(codes) / 5)} for name, one in prints.items()}
    return {
        frozenset(pair): len(own[pair[0]] & own[pair[1]]) / len(own[pair[0]] | own[pair[1]])
        for pair in itertools.combinations(codes, 2)
    }


def jaccard(one, other):
    one, other = set(fingerprints(one).tolist()), set(fingerprints(other).tolist())
    return len(one & other) / len(one | other)


@pytest.fixture(scope="module")
def crowd():
    return {f"s{seed:03}": program(seed) for seed in range(40)}


class TestFingerprints:
    @pytest.mark.parametrize(
        "change",
        [
            lambda code: re.sub(r"\bx\b", "vector", code.replace("a1", "first_result")),
            lambda code: code.replace("\n", "  # a comment, 'quoted'\n"),
            lambda code: code.replace(" = ", "   =   ").replace("\n", "\n\n"),
            lambda code: code.replace("def answer(x, y):\n", 'def answer(x, y):\n    """Other words."""\n'),
        ],
        ids=["names", "comments", "layout", "docstring"],
    )
    def test_a_disguise_changes_little(self, change):
        code = program(1).replace("answer(x, y):\n", 'answer(x, y):\n    """Words."""\n')
        assert jaccard(code, change(code)) > 0.9

    def test_other_code_is_other(self):
        assert jaccard(program(1), program(2)) < 0.1

    def test_another_function_or_number_counts(self):
        code = "y = np.sin(x) + 3 * np.cos(x) - np.exp(x) / 7\n" * 20
        assert jaccard(code, code.replace("sin", "tan")) < 1
        assert jaccard(code, code.replace("7", "8")) < 1

    def test_they_are_the_same_in_every_process(self):
        code = "y = np.sin(x) + 3 * np.cos(x) - np.exp(x) / 7 + 1"
        assert fingerprints(code).tolist() == [1025418036, 1061723448, 2965913180]

    @settings(max_examples=100, deadline=None)
    @given(st.text(max_size=300))
    def test_any_text_has_some(self, text):
        found = fingerprints(text)
        assert found.dtype == np.uint32 and list(found) == sorted(set(found.tolist()))

    @pytest.mark.parametrize(
        "text", ['"""' * 20_000, "'" * 60_000, "#" * 60_000, "(" * 60_000, "\\" * 60_000]
    )
    def test_hostile_text_takes_no_time(self, text):
        fingerprints(text)  # a slow regular expression would take minutes


class TestComparison:
    def test_a_class_without_copies_has_no_pair(self, crowd):
        found = compared(crowd)
        assert found.n == 40 and not found.pairs and not found.same and found.quantile(0.99) < 0.1

    def test_a_disguised_copy_is_found_with_its_numbers(self, crowd):
        lines = crowd["s007"].splitlines()
        lines[5:50:9] = ["    b = 1"] * 5
        found = compared({**crowd, "copy": "\n".join(lines).replace("a2", "tmp")})
        (pair,) = found.pairs
        assert {pair.first, pair.second} == {"s007", "copy"} and 0.5 < pair.similarity < 1
        assert pair.similarity == pytest.approx(pair.shared / pair.of)
        assert 50 < pair.rare < pair.shared and pair.questions == ("q1",)
        assert found.complete and pair.as_similar == 1  # itself, among all pairs

    def test_the_same_code_is_a_group_and_no_pair(self, crowd):
        found = compared(
            {**crowd, "twin": crowd["s003"].replace("a3", "z"), "third": crowd["s003"] + "# done"}
        )
        assert [set(group) for group in found.same] == [{"s003", "twin", "third"}] and not found.pairs

    def test_released_code_is_not_counted(self, crowd):
        given_code = program(999, lines=200)
        class_with_it = {name: given_code + code for name, code in itertools.islice(crowd.items(), 4)}
        assert compared(class_with_it).pairs
        assert not compared(class_with_it, released=[given_code]).pairs

    def test_what_a_large_part_of_the_class_writes_is_not_counted(self, crowd):
        idiom = program(999, lines=200)
        found = compared({name: idiom + code for name, code in crowd.items()})
        assert not found.pairs and found.quantile(0.99) < 0.1

    def test_short_answers_are_not_compared(self, crowd):
        short = {f"short{n}": "return np.sum(x ** 2) / 2 - np.dot(b, x) + np.log(x) * 3" for n in range(3)}
        assert len(fingerprints(short["short0"])) < FEWEST
        found = compared({**crowd, **short})
        assert found.short == 3 and found.n == 40 and not found.same

    def test_similarity_is_exact_and_as_brute_force_finds_it(self, crowd):
        mixed = {}
        for n in range(12):
            first, second = crowd[f"s{n:03}"].splitlines(), crowd[f"s{n + 12:03}"].splitlines()
            mixed[f"m{n}"] = "\n".join(first[: 61 - 2 * n] + second[: 2 * n])
        codes = {**{f"s{n:03}": crowd[f"s{n:03}"] for n in range(12)}, **mixed}
        expected = brute_force(codes)
        found = compared(codes)
        got = {frozenset((pair.first, pair.second)): pair.similarity for pair in found.pairs}
        assert all(value == pytest.approx(expected[pair]) for pair, value in got.items())
        clear = {pair for pair, value in expected.items() if 0.6 < value < 1}
        assert len(clear) > 5 and clear <= set(got) and found.same == (("s000", "m0"),)

    def test_the_result_does_not_depend_on_the_run(self, crowd):
        lines = crowd["s007"].splitlines()
        codes = {**crowd, "copy": "\n".join(lines[:50])}
        assert compared(codes).pairs == compared(codes).pairs

    def test_a_sample_bounds_what_chance_would_do(self):
        answers = {f"s{n}": {"q1": fingerprints(program(n, lines=20))} for n in range(150)}
        found = compare({**answers, "copy": answers["s0"]}, [], np.random.default_rng(0))
        assert not found.complete and len(found.sample) == 10_000
        pair = type("Pair", (), {"as_similar": 0})
        assert 3 / 10_000 < found.by_chance(pair) < 4 / 10_000  # about the rule of three

    @pytest.mark.parametrize("codes", [{}, {"a": program(1)}, {"a": "", "b": ""}])
    def test_tiny_classes_are_no_error(self, codes):
        assert not compared(codes).pairs
