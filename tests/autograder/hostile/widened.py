"""Attacks on what tests of classes, seeds, tables and text need: operators, constructors, exceptions, generators.

The assignment has one question for each of these, of the kind that plain otter masters have.
"""

from __future__ import annotations

import json
from functools import cache

from autograder.batch.bundle import Bundle
from tests.autograder.hostile.attack import Attack
from tests.autograder.hostile.world import as_bundle

_CASE = """
@test_case(points=1, hidden={hidden})
def test_{name}_{number}({arguments}):
{body}
"""

# question: constants of its test file, then (arguments, body) of each case. The last one is hidden.
_QUESTIONS: dict[str, tuple[str, list[tuple[str, str]]]] = {
    "product": (
        "",
        [
            ("Vector", "assert Vector(1, 2) * 3 == Vector(3, 6) and 3 in Vector(3, 6)"),
            (
                "Vector, dot",
                "got = dot(Vector(1, 2), Vector(3, 4))\nzero = Vector(0, 0)\nassert got == 11 and zero == Vector(0, 0)",
            ),
        ],
    ),
    "ranks": (
        "",
        [("rank", "assert rank(5) > rank(4) >= rank(3) and rank(2) == rank(2) and rank(1) != rank(2)")],
    ),
    "errors": (
        "",
        [
            (
                "spend, TooPoor",
                "import unittest\nwith unittest.TestCase().assertRaises(TooPoor):\n    spend(9)\n    raise AssertionError('no error')",
            )
        ],
    ),
    "seeded": (
        "",
        [
            (
                "norm",
                "import numpy as np\nnp.random.seed(5)\nfor _ in range(3):\n    norm(np.zeros(1))\n    x = np.random.rand(4)\n"
                "    np.testing.assert_allclose(norm(x), np.sqrt(x @ x))",
            ),
            (
                "noisy",
                "import numpy as np\nrng = np.random.default_rng(5)\nnoisy(rng, np.zeros(2))\nx, y = rng.normal(size=3), rng.integers(0, 3)\n"
                "same = np.random.default_rng(5)\nsame.normal(size=2)\nassert (x == same.normal(size=3)).all() and y == same.integers(0, 3)",
            ),
        ],
    ),
    "constants": (
        "DATA = [1.0, 2.0, 4.0]",
        [
            ("mean", "assert isinstance(mean(DATA), float)"),
            ("mean", "assert abs(mean(DATA) - sum(DATA) / max(len(DATA), 1)) < 1e-9"),
        ],
    ),
    "texts": (
        "",
        [
            ("Point", "assert repr(Point(1, 2)) == 'Point(1, 2)'\nassert eval(repr(Point(1, 2))).x == 1"),
            ("Point", "assert eval(repr(Point(3, 4))).x == 3"),
            ("formula", "expected = 42\nassert eval(formula()) == expected"),
            (
                "half",
                "import typing\nimport numpy as np\nassert typing.get_type_hints(half)['return'] is float\n"
                "np.testing.assert_allclose(half(3.0), 1.5)",
            ),
            ("saved", "import pickle\nassert pickle.loads(saved()) == {'a': 1}"),
        ],
    ),
    "rows": (
        "",
        [
            (
                "query",
                "import pandas as pd\ntable = pd.DataFrame({'a': [1, 2, 3]})\nassert len(table.query(query())) == 2",
            ),
            (
                "query",
                "import pandas as pd\ntable, limit = pd.DataFrame({'a': [1, 2, 3, 4]}), 1\n"
                "assert len(table.query('a > @limit')) == 3\nassert table.query(query()).a.sum() == 9",
            ),
        ],
    ),
    "values": (
        "",
        [("value", "assert value() == 5"), ("value", "got = value()\nassert got != 6, got\nassert got == 5")],
    ),
}
POINTS = {name: float(len(cases)) for name, (_, cases) in _QUESTIONS.items()}

ANSWERS = {
    "product": """
class Vector:
    def __init__(self, x, y): self.x, self.y = x, y
    def __mul__(self, k): return Vector(k * self.x, k * self.y)
    def __eq__(self, other): return (self.x, self.y) == (other.x, other.y)
    def __contains__(self, value): return value in (self.x, self.y)
def dot(a, b): return a.x * b.x + a.y * b.y
""",
    "ranks": "def rank(n): return n",
    "errors": "class TooPoor(Exception): pass\ndef spend(n): raise TooPoor('no money')",
    "seeded": "import numpy as np\ndef norm(x): return np.linalg.norm(x)\ndef noisy(rng, x): return x + rng.normal(size=x.shape)",
    "constants": "def mean(xs): return sum(xs) / len(xs)",
    "texts": """
import pickle
class Point:
    def __init__(self, x, y): self.x, self.y = x, y
    def __repr__(self): return f"Point({self.x}, {self.y})"
def half(x: float) -> "float": return x / 2
def saved(): return pickle.dumps({'a': 1})
def formula(): return '6 * 7'
""",
    "rows": "def query(): return 'a > 1'",
    "values": "def value(): return 5",
}


@cache
def bundle() -> Bundle:
    """The assignment as an autograder zip."""
    files = {"otter_config.json": json.dumps({"lang": "python", "assignment_name": "widened"})}
    for name, (constants, cases) in _QUESTIONS.items():
        text = f"from otter.test_files import test_case\nOK_FORMAT = False\nname = {name!r}\npoints = {len(cases)}\n{constants}\n"
        for number, (arguments, body) in enumerate(cases):
            indented = "".join(f"    {line}\n" for line in body.splitlines())
            hidden = len(cases) > 1 and number == len(cases) - 1
            text += _CASE.format(name=name, number=number, arguments=arguments, body=indented, hidden=hidden)
        files[f"tests/{name}.py"] = text
    return as_bundle("widened", files)


def cells(**replaced: str) -> list[str]:
    """The right answers, or what replaces them, one cell each."""
    return [replaced.get(name, answer) for name, answer in ANSWERS.items()]


_LIAR = """
class Liar:
    def yes(self, *args): return True
    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __contains__ = __bool__ = yes
    def me(self, *args): return self
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __abs__ = __neg__ = me
    def __hash__(self): return 0
liar = Liar()
"""
_VECTOR = ANSWERS["product"]

# Sends its own reply to a call, or its own random state with every reply.
_REPLIES = """
import sys
World = sys.modules['autograder.sandbox.student'].World
answer = World.answer
def forged(self, request, buffers):
    if request['o'] != 'call':
        return answer(self, request, buffers)
    self.channel.send({'r': DOCUMENT}, [])
World.answer = forged
"""


def _value(
    name: str, source: str, points: float = 0.0, *, says: str = "For the instructor|case did not|stopped|:"
) -> Attack:
    return Attack(name, "widened", answers={"values": source}, points={"values": points}, says=says)


def _reply(name: str, document: str) -> Attack:
    # Right where nothing is forged, so that full marks tell that the attack did not run.
    source = f"{ANSWERS['values']}\n{_REPLIES.replace('DOCUMENT', document)}"
    # Every call of every question is answered so.
    return Attack(
        name, "widened", answers={"values": source}, points={"values": 0.0}, spoils_itself=True, says=":"
    )


# The state of a type in a pickle says that an array's bytes are addresses of objects.
_ADDRESSES = """
import pickle
import numpy as np
class Made:
    def __init__(self, function, arguments, state): self.parts = function, arguments, state
    def __reduce__(self): return self.parts
kind = Made(np.dtype, ('O8', False, True), (3, '|', None, None, None, -1, -1, 0))
array = Made(np._core.multiarray._reconstruct, (np.ndarray, (0,), b'b'), (1, (1,), kind, False, b'A' * 8))
pickled = pickle.dumps(array)
def saved(): return pickled
"""


ATTACKS = (
    Attack(
        "a pickle of an array of addresses",
        "widened",
        answers={"texts": ANSWERS["texts"] + _ADDRESSES},
        points={"texts": 4.0},
        says="loads a pickle",
    ),
    *(
        Attack(
            f"an expression that pandas evaluates and that {what}",
            "widened",
            answers={"rows": f"def query(): return {text!r}"},
            points={"rows": 0.0},
            says="For the instructor",
        )
        for what, text in {
            "runs a command": "a > 1 and @pd.io.common.os.system('true') == 0",
            "changes a library": "a > 1 or @pd.testing.__dict__.setdefault('x', 1) == 1",
            "calls a method": "a.gt(1)",
        }.items()
    ),
    Attack(
        "an answer that is made once more by the test's own constructor",
        "widened",
        answers={
            "product": _LIAR
            + "class Vector(Liar):\n    def __new__(cls, *args): return liar\ndef dot(a, b): return liar"
        },
        points={"product": 0.0},
        says="claim to equal everything",
    ),
    Attack(
        "a function that is a class under another name",
        "widened",
        answers={"product": f"{_LIAR}\nclass Vector(Liar):\n    def __init__(self, *args): pass\ndot = Vector"},
        points={"product": 1.0},
        says="claim to equal everything",
    ),
    Attack(
        "objects that stand in any order to each other",
        "widened",
        answers={"ranks": f"{_LIAR}\ndef rank(n): return Liar()"},
        points={"ranks": 0.0},
        says="claim to equal everything",
    ),
    *(
        Attack(
            f"{kind} for an exception of one's own",
            "widened",
            answers={"errors": f"{kind_of}\ndef spend(n): return None"},
            points={"errors": 0.0},
            says="no error",
        )
        for kind, kind_of in {
            "AssertionError": "TooPoor = AssertionError",
            "Exception": "TooPoor = Exception",
            "a subclass of AssertionError": "class TooPoor(AssertionError): pass",
            "one by the name of another": "TooPoor = type('AssertionError', (Exception,), {})",
        }.items()
    ),
    Attack(
        "random states that make the test draw zeros",
        "widened",
        answers={
            "seeded": """
import sys
import numpy as np
student = sys.modules['autograder.sandbox.student']
zeros = ['MT19937', np.zeros(624, np.uint32), 624, 0, 0.0]
state = [np.zeros(624, np.uint32), 624, 0, 0.0, np.append(np.zeros(624, np.uint32), np.uint32(624)), None]
class World(student.World):
    pass
answer = student.World.answer
def forged(self, request, buffers):
    send = self.channel.send
    def with_zeros(reply, more=(), **kwargs):
        encoder = student.Encoder(lambda value: None)
        encoder.buffers = more = list(more)
        return send({**reply, 'z': encoder.encode(state)}, more, **kwargs)
    self.channel.send = with_zeros
    try:
        answer(self, request, buffers)
    finally:
        self.channel.send = send
student.World.answer = forged
def norm(x): return 0.0
def noisy(rng, x):
    bits = rng.bit_generator.state
    bits['state'] = {'state': 0, 'inc': 0}
    rng.bit_generator.state = bits
"""
        },
        points={"seeded": 0.0},
        says="Not equal to tolerance",
    ),
    Attack(
        "a generator that is set to another stream",
        "widened",
        answers={
            "seeded": "import numpy as np\ndef norm(x): return np.linalg.norm(x)\ndef noisy(rng, x):\n"
            "    rng.bit_generator.state = np.random.default_rng(6).bit_generator.state"
        },
        points={"seeded": 1.0},
        says=r"\A",
    ),
    Attack(
        "constants of a test emptied for the case after",
        "widened",
        answers={"constants": "def mean(xs):\n    was, xs[:] = len(xs), []\n    return 9.0 if was else 0.0"},
        points={"constants": 1.0},
        says=r"\A",
    ),
    Attack(
        "text that is code",
        "widened",
        answers={
            "texts": """
import os, pickle
PATCH = "[setattr(__import__('numpy').testing, 'assert_allclose', lambda *a, **k: None), float][1]"
class Point:
    def __init__(self, x, y): self.x, self.y = x, y
    def __repr__(self): return "type('Point', (), {'x': type('Any', (), {'__eq__': lambda a, b: True})()})()"
def half(x) -> PATCH: return 7.0
class Saved:
    def __reduce__(self): return (dict, ([('a', 1)],))
    def __eq__(self, other): return True
def saved(): return pickle.dumps(Saved())
def formula(): return 'expected'
"""
        },
        points={"texts": 0.0},
        says="runs text as code",
    ),
    _value("an object whose text raises an error", "class V:\n    def __str__(self): raise ValueError\n    __repr__ = __str__\n    def __ne__(self, other): return False\ndef value(): return V()"),
    _value("an object whose text ends the program", "class V:\n    def __str__(self): raise SystemExit(0)\n    __repr__ = __str__\ndef value(): return V()"),
    _value("an object whose length is too great", "class V:\n    def __len__(self): return 1 << 62\n    def __iter__(self): return iter(int, 1)\ndef value(): return V()"),
    _value("comparisons that never end", "class V:\n    def __eq__(self, other): return self == other\n    __ne__ = __eq__\ndef value(): return V()"),
    _value("a fraction of very large numbers", "from fractions import Fraction\ndef value(): return Fraction(3**40000, 2**60000 + 1)"),
    _value("a decimal number of a great exponent", "from decimal import Decimal\ndef value(): return Decimal('1e999999')"),
    _reply("keys that collide", "{'t': 'set', 'v': [{'t': 'Decimal', 'v': str(1 + k * (2**61 - 1))} for k in range(100000)]}"),
    _value(
        "a table with a frequency to be checked",
        "import pandas as pd\ndef value(): return pd.Series(0, pd.date_range('2000', periods=300000, freq='min'))",
    ),
    _value(
        "a table of objects that equal everything",
        f"import pandas as pd\n{_LIAR}\ndef value(): return pd.Series([liar], index=[liar], name='x')",
    ),
    _value("a counter and a default that are odd", "from collections import *\ndef value(): return [Counter({'a': 'b'}), defaultdict(lambda: 5), deque([1], 0)]"),
    _reply("a fraction of two million digits", "{'t': 'Fraction', 'v': ['0x' + 'f' * 4000000, '0x' + '3' * 3999999]}"),
    _reply("a generator that draws zeros", "{'t': 'rng', 'v': {'t': 'dict', 'v': ['bit_generator', 'PCG64', 'state', {'t': 'dict', 'v': ['state', 0, 'inc', 0]}, 'has_uint32', 0, 'uinteger', 0]}}"),
    _reply("an index that is an object", "{'t': 'index', 'v': {'t': 'handle', 'h': 0, 'c': True, 'k': 'list', 'n': None}, 'n': [None], 'm': False}"),
    _reply("an exception class without end", "{'t': 'handle', 'h': 99, 'c': True, 'k': 'type', 'n': 'X' * 1000000, 'x': 'AssertionError', 'b': [{'t': 'handle', 'h': 98, 'c': True, 'k': 'x', 'n': 'Y'}]}"),
    _reply("an object of a name without end", "{'t': 'handle', 'h': 99, 'c': True, 'k': 'X' * 3000000, 'n': None}"),
    _reply("a zone that is a path", "{'t': 'pandas', 'k': 'Timestamp', 'v': '2024-01-01', 'u': 's', 'z': '../../etc/passwd'}"),
    _reply("dates beyond all calendars", "[{'t': 'timedelta', 'v': [10**18, 0, 0]}, {'t': 'date', 'v': '99999-01-01'}]"),
)  # fmt: skip
