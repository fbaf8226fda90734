"""Attacks on the score: lying values, patched libraries, forged messages, rewritten results."""

from __future__ import annotations

from tests.autograder.hostile.attack import ARMED, NOTHING, Attack
from tests.autograder.hostile.world import ANSWERS

_ALL = ("def square(x):", "def total(xs):", "def shout(text):", "def twice(f, x):")


def _everywhere(body: str) -> dict[str, str]:
    """The same function body as the answer to every question."""
    return {name: f"{head}\n    {body}" for name, head in zip(ANSWERS, _ALL, strict=True)}


_LIAR = r"""
import numpy as np
def yes(*args, **kwargs):
    return True
names = '''eq ne lt le gt ge bool contains instancecheck subclasscheck'''.split()
methods = {f'__{name}__': yes for name in names}
methods |= {'__hash__': lambda self: 0, '__len__': lambda self: 4, '__iter__': lambda self: iter([self]),
            '__float__': lambda self: 3.0, '__int__': lambda self: 5, '__index__': lambda self: 5,
            '__getitem__': lambda self, key: self, '__call__': lambda self, *args: self,
            '__sub__': lambda self, other: 0.0, '__rsub__': lambda self, other: 0.0, '__abs__': lambda self: 0.0,
            '__array__': lambda self, *args, **kwargs: np.array([1.0, 4.0, 9.0]),
            '__array_function__': yes, '__array_ufunc__': lambda self, *args, **kwargs: np.True_,
            '__repr__': lambda self: "'A!'", '__str__': lambda self: 'A!', '__all__': yes}
"""

# Answers the test's requests for q1 with frames of the attacker's own.
_REPLY = r"""
import sys
World = sys.modules['autograder.sandbox.student'].World
answer = World.answer
def forged(self, request, buffers):
    if request['o'] == 'get':
        return answer(self, request, buffers)
    for document in DOCUMENTS:
        self.channel.send(document)
World.answer = forged
"""
_SQUARE = ANSWERS["q1"]
_REPLIES: dict[str, str] = {
    "an array of pickled objects": "[{'r': {'t': 'nd', 'd': '|O', 's': [3], 'x': '80049503' * 6}}]",
    "an array larger than its data": "[{'r': {'t': 'nd', 'd': '<f8', 's': [1 << 39, 1 << 39], 'x': ''}}]",
    "an array whose size overflows": "[{'r': {'t': 'nd', 'd': '<f8', 's': [1 << 32] * 2 + [0], 'x': ''}}]",
    "a structured array": "[{'r': {'t': 'nd', 'd': 'f8,f8', 's': [3], 'x': '00' * 48}}]",
    "a class of the grader's by name": "[{'r': {'t': 'type', 'v': 'Handle'}}]",
    "the test's own argument as its answer": "[{'r': {'t': 'slot', 'k': 0}}]",
    "a slot that was never given": "[{'r': {'t': 'slot', 'k': -1}}]",
    "a record with a dunder field": "[{'r': {'t': 'data', 'f': ['__class__', '__eq__'], 'v': [1, 2]}}]",
    "the end of an iteration": "[{'s': True}]",
    "StopIteration by name": "[{'e': {'t': 'exc', 'n': 'StopIteration', 'c': 'StopIteration', 'v': ''}}]",
    "CaseTimeout and SystemExit by name": "[{'e': {'t': 'exc', 'n': 'SystemExit', 'c': 'CaseTimeout', 'v': '0'}}]",
    "a verdict instead of a value": "[{'case': ['q1', 'test_q1_public', True, ''], 'end': True}]",
    "a verdict before the value": "[{'passed': True, 'r': [1.0, 4.0, 8.0]}, {'r': True}, {'end': True}]",
    "a change of an argument that is none": "[{'m': [[7, [1.0]], [0, {'t': 'nd'}]], 'r': [0.0]}]",
    "a list instead of a message": "[[1, 2, 3]]",
    "a call of an unknown function": "[{'c': -1, 'a': [], 'k': []}] * 3",
    "a handle that claims to be a module": "[{'r': {'t': 'handle', 'h': 0, 'c': True, 'k': 'module', 'n': 'os'}}]",
    "a number of many digits": "[{'r': {'t': 'int', 'v': '0x' + 'f' * 5000000}}]",
    "a deep value": "[{'r': eval('[' * 90 + ']' * 90)}]",
    "a random generator with a broken state": (
        "[{'r': {'t': 'rng', 'v': {'t': 'dict', 'v': ['bit_generator', 'MT19937', 'state', 1]}}}]"
    ),
}

# Bytes that are no proper message, sent on the session's socket from a cell.
_RAW: dict[str, str] = {
    "a length of four gigabytes": "struct.pack('!II', 0xffffffff, 0)",
    "billions of buffers": "struct.pack('!II', 2, 0xffffffff) + b'{}'",
    "buffers whose sizes overflow": "struct.pack('!II', 2, 3) + b'\\xff' * 24 + b'{}'",
    "bytes that are not JSON": "struct.pack('!II', 4, 0) + b'\\xff\\xfe{}'",
    "JSON of great depth": "struct.pack('!II', 200000, 0) + b'[' * 200000",
    "a pickle": "struct.pack('!II', 20, 0) + pickle.dumps(print)[:20].ljust(20, b'.')",
}

ATTACKS = (
    Attack(
        "objects that equal everything",
        "forging",
        answers={
            name: f"{_LIAR}\nLiar = type('Liar', (), methods)\n{head}\n    return Liar()"
            for name, head in zip(ANSWERS, _ALL, strict=True)
        },
        points=NOTHING,
        says="expected data, got an object of type Liar",
        container=True,
    ),
    Attack(
        "subclasses of float, str and array that equal everything",
        "forging",
        before=(
            _LIAR
            + "base = {name: methods[name] for name in ('__eq__', '__ne__', '__hash__', '__len__', '__repr__')}\n"
            "class F(float): locals().update(base)\nclass S(str): locals().update(base)\n"
            "class I(int): locals().update(base)\n"
            "class A(np.ndarray):\n    locals().update(base)\n    __array_function__ = yes",
        ),
        answers={
            "q1": "def square(x):\n    return np.zeros(3).view(A)",
            "q2": "def total(xs):\n    return F(0.0)",
            "q3": "def shout(text):\n    return S('a')",
            "q4": "def twice(f, x):\n    return I(1)",
        },
        points=NOTHING,
        says="Not equal to tolerance",
    ),
    Attack(
        "a class that poses as another through __class__",
        "forging",
        answers={
            name: f"{_LIAR}\nmethods['__class__'] = float\nPosing = type('float', (), methods)\n{head}\n    return Posing()"
            for name, head in zip(ANSWERS, _ALL, strict=True)
        },
        points=NOTHING,
        says="expected data",
    ),
    Attack(
        "patched numpy, builtins and assertions",
        "forging",
        before=(
            "import builtins, numpy as np, numpy.testing as nt\n"
            "for name in dir(nt):\n    if name.startswith('assert'):\n        setattr(nt, name, lambda *a, **k: None)\n"
            "np.allclose = np.array_equal = builtins.all = builtins.isinstance = lambda *a, **k: True",
        ),
        answers=_everywhere("return 0"),
        points=NOTHING,
        says="Not equal to tolerance",
    ),
    Attack(
        "patched encoder and world of the grader's own",
        "forging",
        before=(
            "import sys\nvalues = sys.modules['autograder.sandbox.values']\n"
            "values.Encoder.encode = lambda self, value, depth=0: {'t': 'handle', 'h': 0, 'c': True, 'k': 'bool', 'n': 'True'}\n"
            "sys.modules['autograder.sandbox.student'].World._changes = lambda self, *args: [[0, True]]\n",
        ),
        answers=_everywhere("return 0"),
        points=NOTHING,
        says="q",
    ),
    Attack(
        "builtins of a doctest replaced",
        "forging",
        answers={
            "q3": "class Same(str):\n    __eq__ = lambda a, b: True\n    __hash__ = str.__hash__\n    __repr__ = lambda a: \"'A!'\"\n"
            "def len(x):\n    return 4\ndef all(x):\n    return True\ndef shout(text):\n    return Same(text)",
        },
        points={"q3": 0.0},
        says="Expected:",
    ),
    *(
        Attack(
            f"{name} raised in place of an answer",
            "forging",
            answers=_everywhere(f"raise {name}"),
            points=NOTHING,
            says=name.split("(")[0],
        )
        for name in (
            "StopIteration",
            "StopAsyncIteration",
            "GeneratorExit",
            "SystemExit(0)",
            "KeyboardInterrupt",
        )
    ),
    Attack(
        "tests declared skipped or passed by an exception",
        "forging",
        before=(
            "import unittest\nclass CaseTimeout(BaseException): pass\nclass Passed(AssertionError):\n"
            "    def __str__(self): raise SystemExit(0)\n    __bool__ = lambda self: False",
        ),
        answers={
            "q1": "def square(x):\n    raise unittest.SkipTest('ok')",
            "q2": "def total(xs):\n    raise CaseTimeout",
            "q3": "def shout(text):\n    raise Passed",
            "q4": "def twice(f, x):\n    raise Passed",
        },
        points=NOTHING,
        says="SkipTest",
    ),
    Attack(
        "the process ended with success",
        "forging",
        answers=_everywhere("import os; os._exit(0)"),
        points=NOTHING,
        says="its process ended",
        container=True,
    ),
    # NumPy broadcasts an empty array against a number, and the grader runs a test as it was written. So the
    # gate's rule empty-answers-fail lets no master out whose tests do not look at the shape first.
    Attack(
        "empty arrays that compare equal to a number",
        "forging",
        answers={"q2": "def total(xs):\n    return []"},
        points={"q2": 0.0},
        says="one number is wanted",
    ),
    Attack(
        "nan, infinity and arrays of the wrong shape",
        "forging",
        answers={
            "q1": "def square(x):\n    return [float('nan')] * len(x)",
            "q2": "def total(xs):\n    return float('inf')",
            "q3": "def shout(text):\n    return [text.upper() + '!']",
            "q4": "def twice(f, x):\n    return float('nan')",
        },
        points=NOTHING,
        says="nan",
    ),
    Attack(
        "arguments changed to fit a wrong answer",
        "forging",
        answers={
            "q1": "def square(x):\n    x[...] = [1.0, 4.0, 9.0][:len(x)]\n    x *= 0\n    return x",
            "q2": "def total(xs):\n    xs[:] = [0.0]\n    return 0.0",
        },
        points={"q1": 0.0, "q2": 0.0},
        says="Not equal to tolerance",
    ),
    Attack(
        "checks doubled, unknown, malformed and by the hundred",
        "forging",
        cells=(
            "for name in ('q1', 'q1', 'q9', None, 3, ('q1',), 'q' * 100000, '../q1', '\\ud800'):\n    try:\n"
            "        grader.check(name)\n    except Exception as error:\n        print(error)\n"
            "signal = otter.Notebook._signal\nfor _ in range(600):\n    signal('q9', None)\n" + ARMED,
        ),
        says="armed",
    ),
    Attack(
        "checks of wrong answers with a dictionary of promises",
        "forging",
        answers=_everywhere("return 0"),
        cells=(
            "class Names(dict):\n    __missing__ = lambda self, key: key\n    __contains__ = lambda self, key: True\n"
            "for name in ('q1', 'q2', 'q3', 'q4'):\n    grader.check(name, Names())",
        ),
        points=NOTHING,
        says="KeyError|not callable",
    ),
    Attack(
        "verdicts on the session's socket",
        "forging",
        answers=_everywhere("return 0"),
        cells=(
            "channel = otter.Notebook._signal.__self__.channel\nfor name in ('q1', 'q2', 'q3', 'q4'):\n"
            "    for case in ('public', 'hidden'):\n"
            "        channel.send({'done': 9, 'error': '', 'case': [name, f'test_{name}_{case}', True, '']})\n"
            "channel.send({'end': True})",
        ),
        points=NOTHING,
        says="broke the protocol|Not equal",
        container=True,
    ),
    *(
        Attack(
            f"{what} on the session's socket",
            "forging",
            cells=(
                "import pickle, struct\nsock = otter.Notebook._signal.__self__.channel.sock\nsock.setblocking(True)\n"
                f"sock.sendall({data})\nimport time\ntime.sleep(1.5)",
            ),
            says="process ended here|protocol",
        )
        for what, data in _RAW.items()
    ),
    *(
        Attack(
            f"{what}, as a reply to the test",
            "forging",
            answers={
                "q1": f"{_SQUARE}\n{_REPLY.replace('DOCUMENTS', documents)}",
                "q2": f"World.answer = answer\n{ANSWERS['q2']}",
            },
            points={"q1": 0.0},
        )
        for what, documents in _REPLIES.items()
    ),
    Attack(
        "result files and lines of a grader's",
        "forging",
        answers=_everywhere("return 0"),
        cells=(
            "import json, os, sys\nline = json.dumps({'status': 'graded', 'score': 12, 'message': '', 'seconds': 0,\n"
            "    'notes': [], 'missing_walls': [], 'recycle': False, 'questions': []}) + '\\n'\n"
            "for fd in range(20):\n    try:\n        os.set_blocking(fd, False)\n        if fd < 3:\n            os.write(fd, line.encode())\n"
            "    except OSError:\n        pass\n"
            "for path in ('results.json', 'results/results.json', '.OTTER_LOG', '/autograder/results/results.json', '/dev/stdout',\n"
            "             '/proc/1/fd/1', '/proc/self/fd/1', '../results.json', '/tmp/results.json', '../../grades.csv'):\n"
            "    try:\n        open(path, 'w').write(line)\n    except OSError:\n        pass\n" + ARMED,
        ),
        points=NOTHING,
        says="armed",
    ),
    Attack(
        "code that runs when the process ends",
        "forging",
        answers=_everywhere("return 0"),
        cells=(
            "import atexit, os, signal, threading, weakref\nclass Last:\n    def __del__(self): late()\n"
            "def late():\n    channel = otter.Notebook._signal.__self__.channel\n    channel.send({'end': True})\n    while True: pass\n"
            "last = Last()\natexit.register(late)\nweakref.finalize(last, late)\nos.register_at_fork(before=lambda: None, after_in_child=late)\n"
            "for number in (signal.SIGTERM, signal.SIGINT, signal.SIGALRM, signal.SIGXCPU):\n    signal.signal(number, lambda *a: None)\n"
            + ARMED,
        ),
        points=NOTHING,
        says="armed",
    ),
    Attack(
        "functions exchanged between the check and the end",
        "forging",
        answers=_everywhere("return 0"),
        cells=(
            "\n".join(ANSWERS.values()),
            "import gc, sys\nfor frame in list(sys._current_frames().values()):\n    frame.f_globals.update(square=square)\n"
            + ARMED,
        ),
        points=NOTHING,
        says="armed",
    ),
)
