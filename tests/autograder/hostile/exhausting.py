"""Attacks on resources: processor, memory, processes, files, disk, output, the examiner's patience."""

from __future__ import annotations

from dataclasses import replace

from tests.autograder.hostile.attack import ARMED, Attack
from tests.autograder.hostile.world import ANSWERS, LIMITS

_QUICK = replace(LIMITS, cell_timeout=0.5, test_timeout=1.0)
_FROM_WIRE = r"""
import sys
Encoder = sys.modules['autograder.sandbox.values'].Encoder
encode = Encoder.encode
class Large: pass
def forged(self, value, depth=0):
    return LARGE if type(value) is Large else encode(self, value, depth)
Encoder.encode = forged
def square(x):
    return Large()
"""


def _of_the_answer(name: str, body: str, *, says: str = "", container: bool = False) -> Attack:
    """Only the first answer is bad, so only it costs points."""
    answer = f"import numpy as np\ndef square(x):\n{body}"
    return Attack(
        name,
        "exhausting",
        answers={"q1": answer},
        points={"q1": 0.0},
        says=says,
        limits=_QUICK,
        container=container,
    )


def _of_a_cell(name: str, cell: str, says: str, *, container: bool = False, limits=_QUICK) -> Attack:
    return Attack(name, "exhausting", cells=(cell,), says=says, limits=limits, container=container)


ATTACKS = (
    _of_a_cell("an endless loop in a cell", "while True: pass", "ran for more than 0.5 s"),
    _of_a_cell(
        "an endless loop that ignores interrupts",
        "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True:\n    try:\n        while True: pass\n"
        "    except BaseException:\n        pass",
        "left out",
    ),
    _of_a_cell("an endless loop in C", "sum(range(10 ** 12))", "ran for more than 0.5 s"),
    _of_a_cell(
        "a process that stops itself", "import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)", "left out"
    ),
    _of_a_cell("a sleep without end", "import time\ntime.sleep(10 ** 6)", "ran for more than 0.5 s"),
    Attack(
        "a dozen endless cells after right answers",
        "exhausting",
        cells=("while True: pass",) * 12,
        says="time was up before code cell",
        limits=replace(LIMITS, cell_timeout=0.6, submission_timeout=8),
    ),
    _of_the_answer(
        "an endless loop in an answer", "    while True: pass", says="did not finish in time|ran for more"
    ),
    _of_the_answer(
        "an endless loop in an answer that catches everything",
        "    while True:\n        try:\n            while True: pass\n        except BaseException:\n            pass",
        says="did not finish in time|ran for more",
        container=True,
    ),
    Attack(
        "an endless loop in the answer of a doctest",
        "exhausting",
        answers={"q3": "def shout(text):\n    while True: pass"},
        points={"q3": 0.0},
        says="did not finish in time|ran for more",
        limits=_QUICK,
    ),
    Attack(
        "a process that ends in the answer of a doctest",
        "exhausting",
        answers={"q3": "import os\ndef shout(text):\n    os.kill(os.getpid(), 11)"},
        points={"q3": 0.0},
        says="its process ended",
        limits=_QUICK,
    ),
    _of_the_answer("endless recursion", "    return square(x)", says="RecursionError"),
    _of_the_answer("a crash in C", "    import ctypes\n    ctypes.string_at(0)", says="its process ended"),
    _of_the_answer("an array of a hundred gigabytes", "    return np.ones(10 ** 10 * len(x))", says="emory"),
    _of_the_answer(
        "an array larger than a message may be",
        "    return np.zeros(20_000_000)",
        says="larger than the limit",
    ),
    _of_the_answer(
        "a list that contains itself", "    x = []\n    x.append(x)\n    return x", says="contains itself"
    ),
    _of_the_answer(
        "a list of great depth",
        "    x = []\n    for _ in range(10000):\n        x = [x]\n    return x",
        says="deep",
    ),
    _of_the_answer("an integer of a million digits", "    return 1 << 4_000_000", says="too large"),
    _of_the_answer(
        "a list of millions", "    return [0] * 3_000_000", says="too many parts|larger|finish in time|emory"
    ),
    _of_the_answer("a range without end", "    return range(10 ** 18)", says="too long|range"),
    _of_the_answer(
        "an iterator without end",
        "    import itertools\n    return itertools.count()",
        says="expected data|in time",
    ),
    _of_the_answer(
        "an exception whose text is huge or never ends",
        "    class E(Exception):\n        def __str__(self):\n            return 'x' * 50_000_000\n    raise E",
        says="xxxx",
    ),
    _of_the_answer("megabytes printed by an answer", "    print('x' * 60_000_000)\n    return 0", says="."),
    Attack(
        "a set of integers that collide",
        "exhausting",
        answers={
            "q1": _FROM_WIRE.replace(
                "LARGE",
                "{'t': 'set', 'v': [{'t': 'int', 'v': hex(i * (2 ** 61 - 1))} for i in range(60000)]}",
            ),
            "q2": f"Encoder.encode = encode\n{ANSWERS['q2']}",
        },
        points={"q1": 0.0},
        says="too large an integer",
        limits=_QUICK,
    ),
    Attack(
        "a set of complex numbers that collide",
        "exhausting",
        answers={
            "q1": _FROM_WIRE.replace(
                "LARGE",
                "{'t': 'set', 'v': [{'t': 'complex', 'v': [float(i * 1000003 % 2 ** 31), -float(i)]} for i in range(21000)]}",
            ),
            "q2": f"Encoder.encode = encode\n{ANSWERS['q2']}",
        },
        points={"q1": 0.0},
        says="too many keys",
        limits=LIMITS,
    ),
    Attack(
        "callbacks without end",
        "exhausting",
        answers={"q4": "def twice(f, x):\n    while True:\n        f(1)"},
        points={"q4": 0.0},
        says="did not finish in time|ran for more|too many calls",
        limits=_QUICK,
    ),
    Attack(
        "a callback asked for an immense power",
        "exhausting",
        answers={"q4": "def twice(f, x):\n    return f(f('x' * (1 << 28)))"},
        points={"q4": 0.0},
        says=".",
        limits=_QUICK,
    ),
    _of_a_cell(
        "memory taken until it is refused",
        "kept = []\nwhile True:\n    kept.append(bytearray(50 << 20))",
        "MemoryError|process ended",
        limits=LIMITS,
        container=True,
    ),
    _of_a_cell(
        "shared memory beyond the limit",
        "import mmap\nkept = []\nfor _ in range(14):\n    area = mmap.mmap(-1, 100 << 20)\n    kept.append(area)\n"
        "    for page in range(0, 100 << 20, 4096):\n        area[page] = 1\nraise RuntimeError('all of it')",
        "process ended|MemoryError|OSError",
        limits=replace(LIMITS, cell_timeout=6),
    ),
    _of_a_cell(
        "processes until they are refused",
        "import os, time\ncount = 0\ntry:\n    for _ in range(150):\n        if os.fork() == 0:\n            time.sleep(20)\n"
        "            os._exit(0)\n        count += 1\nexcept OSError:\n    pass\n"
        "raise RuntimeError('refused' if count < 100 else f'{count} processes')",
        "refused",
        limits=LIMITS,
        container=True,
    ),
    _of_a_cell(
        "threads until they are refused",
        "import threading, time\ncount = 0\ntry:\n    for _ in range(300):\n"
        "        threading.Thread(target=time.sleep, args=(20,), daemon=True).start()\n        count += 1\nexcept RuntimeError:\n    pass\n"
        "raise RuntimeError('refused' if count < 100 else f'{count} threads')",
        "refused",
        limits=LIMITS,
    ),
    _of_a_cell(
        "descriptors until they are refused",
        "import os\nkept = []\ntry:\n    while True:\n        kept.append(os.open('/dev/null', 0))\nexcept OSError as error:\n"
        "    count = len(kept)\n    [os.close(fd) for fd in kept]\nraise RuntimeError(f'refused after {count}')",
        r"refused after [12]\d\d\d\b",
        limits=LIMITS,
    ),
    _of_a_cell(
        "the disk filled",
        "import os\nblock = b'x' * (1 << 20)\nwritten = 0\ntry:\n    for number in range(12):\n        with open(f'big{number}', 'wb', 0) as file:\n"
        "            for _ in range(60):\n                written += file.write(block)\nexcept OSError as error:\n"
        "    raise RuntimeError(f'refused after {written >> 20}') from None",
        r"refused after [1-5]?\d\d\b|process ended",
        limits=replace(LIMITS, cell_timeout=6),
    ),
    _of_a_cell(
        "the shared memory device and a file beyond its limit",
        "import os, signal\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\nresult = []\n"
        "for path in ('/dev/shm/big', '/tmp/big', 'big'):\n    try:\n        with open(path, 'wb', 0) as file:\n"
        "            for _ in range(100):\n                file.write(b'x' * (1 << 20))\n        result.append(path)\n"
        "    except OSError:\n        pass\nraise RuntimeError(f'written whole: {result}')",
        r"written whole: \[\]",
        limits=replace(LIMITS, cell_timeout=6),
    ),
    _of_a_cell(
        "thousands of files and a deep tree",
        "import os\nfor n in range(3000):\n    open(f'f{n}', 'w').close()\nfor n in range(1500):\n    os.mkdir('d')\n    os.chdir('d')\n"
        + ARMED,
        "armed",
        limits=replace(LIMITS, cell_timeout=6),
    ),
    _of_a_cell(
        "output of a hundred megabytes",
        "import os, sys\nfor _ in range(8):\n    print('x' * 10_000_000)\n    sys.stderr.write('x' * 1_000_000)\n"
        "!head -c 20000000 /dev/zero\n!yes | head -c 2000000\n" + ARMED,
        "armed",
        limits=replace(LIMITS, cell_timeout=20, submission_timeout=60),
    ),
    _of_a_cell(
        "a representation that never ends",
        "class Slow:\n    def __repr__(self):\n        while True: pass\nSlow()",
        "ran for more than",
    ),
    _of_a_cell(
        "ignorable messages without end",
        "import json, struct\nsock = otter.Notebook._signal.__self__.channel.sock\nsock.setblocking(True)\n"
        "text = json.dumps({'x': 1}).encode()\nframes = (struct.pack('!II', len(text), 0) + text) * 2000\nwhile True:\n    sock.sendall(frames)",
        "broke the protocol|process ended",
    ),
    _of_a_cell(
        "checks without end",
        "signal = otter.Notebook._signal\nwhile True:\n    signal('q9', None)",
        "ran for more than",
    ),
    _of_a_cell(
        "a message that never ends",
        "import struct, time\nsock = otter.Notebook._signal.__self__.channel.sock\nsock.setblocking(True)\n"
        "sock.sendall(struct.pack('!II', 1000000, 0))\nwhile True:\n    sock.sendall(b' ')\n    time.sleep(0.001)",
        "left out|process ended",
    ),
    Attack(
        "the notebook's process ended by every cell of four",
        "exhausting",
        cells=("import os\nos._exit(0)", "import os\nos.abort()", "import ctypes\nctypes.string_at(0)"),
        says="process ended here",
        limits=LIMITS,
    ),
    _of_a_cell(
        "checks whose answers are never read",
        "channel = otter.Notebook._signal.__self__.channel\nchannel.sock.setblocking(True)\n"
        "while True:\n    channel.send({'check': 'q9'})",
        "process ended|left out",
        limits=replace(LIMITS, submission_timeout=60),
    ),
    Attack(
        "all places for files taken before the process ends",
        "exhausting",
        cells=(
            "taken = 0\ntry:\n    while True:\n        open(f'/tmp/taken{taken}', 'w').close()\n        taken += 1\n"
            "except OSError:\n    pass",
            "import os\nos._exit(0)",
        ),
        says="process ended here",
        limits=replace(LIMITS, cell_timeout=15, submission_timeout=90),
    ),
    _of_a_cell(
        "sockets that linger, sent to whoever will close them",
        "import array, socket, struct\nsock = otter.Notebook._signal.__self__.channel.sock\nserver = socket.create_server(('127.0.0.1', 0))\n"
        "client = socket.create_connection(server.getsockname())\n"
        "client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 1000))",
        "PermissionError",
    ),
)
