"""Strings, regular expressions, dictionaries, sets and printing; several statements a test, and `env`."""

from __future__ import annotations

from tests.autograder.other_masters.building import Answers

MASTER = r"""
# %%
# ASSIGNMENT CONFIG
name: answers
export_cell: {pdf: false}
tests: {files: true, ok_format: false}
# %%
import re
from collections import Counter, defaultdict
text = "the cat saw the dog; the dog ran"
# %%
# BEGIN QUESTION
name: q1
points: 4
# %%
#: Count the words of `text` in `counts`; `index` maps each first letter to its words; `common` are the two most common.
# %%
# BEGIN SOLUTION
# %%
# BEGIN SOLUTION
words = re.findall(r"\w+", text)
counts = Counter(words)
index = defaultdict(set)
for word in words:
    index[word[0]].add(word)
common = counts.most_common(2)
# END SOLUTION
# %%
# END SOLUTION
# %%
# BEGIN TESTS
# %%
def test_counts(counts):
    assert counts["the"] == 3
    assert dict(counts) == {"the": 3, "cat": 1, "saw": 1, "dog": 2, "ran": 1}
# %%
# HIDDEN
def test_counter(counts, Counter):
    assert isinstance(counts, Counter) and counts["zebra"] == 0
    assert counts == Counter("the the the dog dog cat saw ran".split())
    assert sum(counts.values()) == 8 and counts.most_common(1) == [("the", 3)]
# %%
# HIDDEN
def test_index(index):
    assert index["d"] == {"dog"} and sorted(index) == ["c", "d", "r", "s", "t"]
    assert index == {"t": {"the"}, "c": {"cat"}, "s": {"saw"}, "d": {"dog"}, "r": {"ran"}}
# %%
def test_common(common):
    assert common == [("the", 3), ("dog", 2)]
    assert all(type(pair) is tuple for pair in common)
# %%
# END TESTS
# %%
# END QUESTION
# %%
# BEGIN QUESTION
name: q2
points: 3
# %%
#: `phone`, a compiled pattern for numbers such as 555-1234, and `numbers(text)`, all of them.
# %%
# BEGIN SOLUTION
# %%
phone = re.compile(r"\b(\d{3})-(\d{4})\b")  # SOLUTION
def numbers(text):
    return [m.group() for m in phone.finditer(text)]  # SOLUTION
# %%
# END SOLUTION
# %%
# BEGIN TESTS
# %%
def test_pattern(phone):
    assert phone.fullmatch("555-1234")
    assert not phone.search("5555-12345")
    assert phone.match("555-1234").group(2) == "1234"
# %%
# HIDDEN
def test_source(phone):
    import re
    assert isinstance(phone, re.Pattern)
    assert re.sub(phone.pattern, "*", "call 555-1234!") == "call *!"
    assert phone.search("x") is None
# %%
# HIDDEN
def test_numbers(numbers):
    assert numbers("555-1234 and 111-2222") == ["555-1234", "111-2222"]
    assert numbers("") == []
# %%
# END TESTS
# %%
# END QUESTION
# %%
# BEGIN QUESTION
name: q3
points: 4
# %%
#: `table(prices)` prints one line for each item; `caesar(s, k)`; `vowels(s)` is a set; a `mistake` raises `ValueError`.
# %%
# BEGIN SOLUTION
# %%
def table(prices):
    # BEGIN SOLUTION
    for name, price in prices.items():
        print(f"{name:<6}|{price:>8.2f}")
    # END SOLUTION
def caesar(s, k):
    # BEGIN SOLUTION
    if not isinstance(k, int):
        raise ValueError("k must be an integer")
    return "".join(chr((ord(c) - 97 + k) % 26 + 97) if c.isalpha() else c for c in s.lower())
    # END SOLUTION
def vowels(s):
    return set(s) & set("aeiou")  # SOLUTION
# %%
# END SOLUTION
# %%
# BEGIN TESTS
# %%
def test_print(table):
    import io
    from contextlib import redirect_stdout
    out = io.StringIO()
    with redirect_stdout(out):
        result = table({"tea": 2.5, "cake": 10})
    assert result is None
    assert out.getvalue() == "tea   |    2.50\ncake  |   10.00\n"
    assert out.getvalue().splitlines()[1].endswith("10.00")
# %%
# HIDDEN
def test_caesar(caesar):
    assert caesar("xyz", 3) == "abc"
    for k in range(30):
        assert caesar(caesar("hello, world", k), -k) == "hello, world"
# %%
# HIDDEN
def test_error(caesar):
    import unittest
    case = unittest.TestCase()
    with case.assertRaises(ValueError):
        caesar("a", "b")
    try:
        caesar("a", 1.5)
        assert False
    except ValueError as e:
        assert "integer" in str(e)
# %%
# HIDDEN
def test_vowels(vowels):
    assert vowels("education") == set("aeiou") and vowels("xyz") == set()
    assert isinstance(vowels("a"), (set, frozenset))
    assert "a" in vowels("cat") and vowels("cat") <= {"a", "e"}
# %%
# END TESTS
# %%
# END QUESTION
# %%
# BEGIN QUESTION
name: q4
points: 3
# %%
#: `Book`, a named tuple of title and year; `shelf`, a list of two books by year; `today`, a date.
# %%
# BEGIN SOLUTION
# %%
# BEGIN SOLUTION
from collections import namedtuple
from datetime import date, timedelta
from fractions import Fraction
from decimal import Decimal
Book = namedtuple("Book", "title year")
shelf = sorted([Book("Emma", 1815), Book("Beowulf", 1000)], key=lambda b: b.year)
today = date(2024, 2, 28) + timedelta(days=2)
half = Fraction(3, 6)
price = Decimal("0.10") + Decimal("0.20")
# END SOLUTION
# %%
# END SOLUTION
# %%
# BEGIN TESTS
# %%
def test_shelf(shelf, Book):
    assert shelf[0].title == "Beowulf" and shelf[-1].year == 1815
    assert Book("a", 1) == ("a", 1)
    assert Book(title="a", year=1).year == 1 and Book._fields == ("title", "year")
# %%
def test_names(env):
    assert "today" in env and env.get("nobody") is None
    assert env["today"].year == 2024
    assert len(env["shelf"]) == 2
# %%
# HIDDEN
def test_exact(today, half, price, shelf):
    import datetime
    from decimal import Decimal
    from fractions import Fraction
    assert today == datetime.date(2024, 3, 1) and isinstance(today, datetime.date)
    assert half == Fraction(1, 2) and half + 1 == Fraction(3, 2) and half == 0.5
    assert price == Decimal("0.3") and str(price) == "0.30"
    title, year = shelf[0]
    assert (title, year) == ("Beowulf", 1000)
# %%
# END TESTS
# %%
# END QUESTION
"""

FILES: dict[str, str] = {}

FULL = {"q1": 4, "q2": 3, "q3": 4, "q4": 3}

SUBMISSIONS = {
    "solution": Answers(FULL),
    "release": Answers(dict.fromkeys(FULL, 0), base="release"),
    "partly wrong": Answers(
        {"q1": 2, "q2": 1, "q3": 2, "q4": 2},
        {
            "q1": "counts = {}\nfor w in re.findall(r'\\w+', text):\n    counts[w] = counts.get(w, 0) + 1\n"
            "index = {w[0]: {w} for w in counts}\ncommon = sorted(counts.items(), key=lambda p: p[1])[::-1]",
            "q2": "phone = r'\\d{3}-\\d{4}'\ndef numbers(text):\n    return re.findall(phone, text)",
            "q3": "def table(prices):\n    for name, price in prices.items():\n        print(name, price)\n"
            "def caesar(s, k):\n    return ''.join(chr((ord(c) - 97 + k) % 26 + 97) if c.isalpha() else c for c in s)\n"
            "def vowels(s):\n    return {c for c in s if c in 'aeiou'}",
            "q4": "from collections import namedtuple\nfrom datetime import date\nBook = namedtuple('Book', ['title', 'year'])\n"
            "shelf = [Book('Beowulf', 1000), Book('Emma', 1815)]\ntoday = date(2024, 3, 1)\nhalf = 0.5\nprice = 0.1 + 0.2",
        },
    ),
    "a script": Answers(
        {"q1": 4, "q2": 1, "q3": 4, "q4": 3},
        {"q2": "phone = '555'\ndef numbers(text):\n    return re.findall(r'\\d{3}-\\d{4}', text)"},
        form="py",
    ),
    "an error and a gap": Answers(
        {"q1": 1, "q2": 3, "q3": 0, "q4": 1},
        {
            "q1": "counts = Counter(text.split())\ncommon = [('the', 3), ('dog', 2)]\nindex = counts.first",
            "q3": "def table(prices):\n  print(1)\n def caesar(): pass",
            "q4": "from collections import namedtuple\nBook = namedtuple('Book', 'title year')\n"
            "shelf = sorted([Book('Emma', 1815), Book('Beowulf', 1000)], key=lambda b: b[1])\ntoday = date(2024, 3, 1)",
        },
    ),
}
