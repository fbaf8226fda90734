"""Honest notebooks with odd habits get the same score as without them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from autograder.batch.submissions import Submission
from tests.autograder.hostile.world import (
    ANSWERS,
    IMPORT_OTTER,
    LIMITS,
    POINTS,
    Grader,
    answers,
    notebook,
    scores,
)

# name: (cells before the answers, answers in another form, cells after them, a pattern of the notes)
_Odd = tuple[list[str], dict[str, str], list[str], list[str]]


def _odd(
    *, before: str | list[str] = (), after: str | list[str] = (), notes: list[str] = (), **replaced: str
) -> _Odd:
    return (
        [before] if isinstance(before, str) else list(before),
        replaced,
        [after] if isinstance(after, str) else list(after),
        list(notes),
    )


ODD: dict[str, _Odd] = {
    "threads": _odd(
        q2="import threading\ndef total(xs):\n    out = []\n    thread = threading.Thread(target=lambda: out.append(float(sum(xs))))\n"
        "    thread.start()\n    thread.join()\n    return out[0]",
        before="from concurrent.futures import ThreadPoolExecutor\nwith ThreadPoolExecutor(8) as pool:\n"
        "    assert list(pool.map(abs, range(100))) == list(range(100))",
    ),
    "a thread that goes on": _odd(
        before="import threading, time\nthreading.Thread(target=lambda: time.sleep(30)).start()\n"
        "threading.Thread(target=time.sleep, args=(30,), daemon=True).start()"
    ),
    "multiprocessing": _odd(
        before="import multiprocessing\ndef double(x):\n    return 2 * x\nwith multiprocessing.get_context('fork').Pool(2) as pool:\n"
        "    assert pool.map(double, [1, 2, 3]) == [2, 4, 6]"
    ),
    "a process pool and a queue": _odd(
        before="import multiprocessing as mp\ncontext = mp.get_context('fork')\nqueue = context.Queue()\n"
        "worker = context.Process(target=queue.put, args=(41,))\nworker.start()\nassert queue.get(timeout=2) == 41\nworker.join()\n"
        "value, lock = context.Value('d', 1.0), context.Lock()\nwith lock:\n    value.value += 1"
    ),
    "subprocesses": _odd(
        before="import subprocess, sys\nassert subprocess.run(['echo', 'a'], capture_output=True, text=True, check=True).stdout == 'a\\n'\n"
        "left = subprocess.Popen([sys.executable, '-S', '-c', 'import time; time.sleep(30)'])"
    ),
    "cell magics and timing": _odd(
        q1="%%time\nimport numpy as np\ndef square(x):\n    return np.asarray(x) ** 2",
        after=[
            "%timeit -n 2 -r 2 square([1.0])",
            "%time total([1.0])",
            "%%timeit -n 1 -r 1\ntotal([2.0])",
            "%%capture\nprint(1)",
            "%who\n%whos\n%pwd\n%history -n 1",
        ],
    ),
    "line magics of plotting and reloading": _odd(
        before=[
            "%matplotlib inline",
            "%matplotlib widget",
            "%matplotlib notebook",
            "%load_ext autoreload\n%autoreload 2",
            "%config InlineBackend.figure_format = 'retina'",
            "%precision 3\n%env A=1\n%xmode plain",
        ],
        notes=["maybe"],
    ),
    "shell commands": _odd(
        before=[
            "!ls",
            "files = !ls -a /\nassert 'usr' in files",
            "%%bash\necho hello > made.txt",
            "import os\nassert os.system('true') == 0 and os.path.exists('made.txt')",
        ]
    ),
    "input()": _odd(before="name = input('Your name? ')", after="input()", notes=["EOFError", "EOFError"]),
    "progress bars": _odd(
        before="import sys\nfrom IPython.display import clear_output, display, HTML, Markdown\nfor n in range(50):\n"
        "    sys.stdout.write(f'\\r[{\"#\" * n:50}]')\n    sys.stdout.flush()\n    clear_output(wait=True)\ndisplay(HTML('<b>x</b>'), Markdown('*y*'))"
    ),
    "plots": _odd(
        before="import matplotlib.pyplot as plt\nfor _ in range(25):\n    fig, ax = plt.subplots()\n    ax.plot([1, 2], [3, 4])\n    plt.show()",
        after="plt.figure()\nplt.plot([1, 2])\nplt.savefig('figure.png')\nplt.show(block=True)\nfig",
    ),
    "global seeds": _odd(
        before="import numpy as np, random, os\nnp.random.seed(0)\nrandom.seed(0)\nos.environ['PYTHONHASHSEED'] = '0'\nrng = np.random.default_rng(0)",
        q1="def square(x):\n    np.random.seed(1)\n    np.random.rand(3)\n    return np.asarray(x) ** 2",
    ),
    "classes and decorators": _odd(
        before="import functools\nclass Squarer:\n    power = 2\n    def __call__(self, x):\n        import numpy as np\n        return np.asarray(x) ** self.power\n"
        "def noted(f):\n    @functools.wraps(f)\n    def wrapper(*args, **kwargs):\n        return f(*args, **kwargs)\n    return wrapper",
        q1="square = Squarer()",
        q2="@functools.lru_cache(None)\ndef cached(xs):\n    return sum(xs)\n@noted\ndef total(xs):\n    return cached(tuple(xs))",
        q4="twice = functools.partial(lambda g, f, x: f(f(x)), None)",
    ),
    "lambdas": _odd(
        q1="square = lambda x: x * x",
        q2="total = lambda xs, *rest, **options: sum(xs)",
        q3="shout = lambda text: f'{text.upper()}!'",
        q4="twice = lambda f, x: f(f(x))",
    ),
    "builtins as answers": _odd(
        q2="total = sum", q1="import operator\nimport numpy as np\nsquare = np.square"
    ),
    "star imports": _odd(
        before="from numpy import *\nfrom math import *\nfrom numpy.linalg import *",
        q1="def square(x):\n    return array(x) ** 2",
        q2="import builtins\ndef total(xs):\n    return builtins.sum(xs)",
    ),
    "NumPy scalars and subclasses as results": _odd(
        q2="import numpy as np\nclass Length(float):\n    pass\ndef total(xs):\n    return Length(np.float64(np.sum(xs)))",
        q1="import numpy as np\ndef square(x):\n    return [np.float64(v) ** 2 for v in x]",
        q4="import numpy as np\ndef twice(f, x):\n    return np.asarray(f(f(x)))[()]",
        q3="class Text(str):\n    pass\ndef shout(text):\n    return Text(text.upper() + '!')",
    ),
    "own helper files": _odd(
        before=[
            "%%writefile helper.py\ndef power(x):\n    return x * x",
            "import helper\nimport importlib\nimportlib.reload(helper)",
        ],
        q1="def square(x):\n    from helper import power\n    return power(x)",
    ),
    "a return at the top of a cell": _odd(before="x = 1\nreturn x", notes=["SyntaxError"]),
    "a syntax error in one cell": _odd(
        before="def f(:\n    pass",
        after=["    x = 1\n  y = 2", "print 'hello'"],
        notes=["SyntaxError", "Error", "SyntaxError"],
    ),
    "errors in many cells": _odd(
        before=["1 / 0", "undefined", "raise KeyboardInterrupt", "assert False", "import no_such_module"],
        notes=[
            "ZeroDivisionError",
            "NameError",
            "KeyboardInterrupt",
            "AssertionError",
            "ModuleNotFoundError",
        ],
    ),
    "exit in a cell": _odd(
        before=["exit()", "quit", "import sys\nsys.exit(0)", "raise SystemExit('done')"], notes=["maybe"]
    ),
    "names overwritten later": _odd(after="square = total = shout = twice = None\ndel np, grader"),
    "builtins and imports overwritten": _odd(
        before="list = [1]\nstr = 'x'\nsum = 0\nmax = min = None\nnp = 3\nprint = repr",
        q2="import math\ndef total(xs):\n    return math.fsum(xs)",
    ),
    "prints of megabytes": _odd(
        before="for n in range(200):\n    print('x' * 20000)",
        q1="import numpy as np\ndef square(x):\n    print('y' * 200000)\n    return np.asarray(x) ** 2",
        after="list(range(100000))",
    ),
    "a long wide repr": _odd(
        after=["import pandas as pd\npd.DataFrame({'a': range(1000)})", "{n: [n] * 10 for n in range(100)}"]
    ),
    "warnings as errors": _odd(
        before="import warnings\nwarnings.simplefilter('error')\nimport numpy as np\nnp.seterr(all='raise')"
    ),
    "magics that remember": _odd(
        before=["%mkdir made", "%cd made", "%cd -", "%pushd .", "%alias_magic t timeit"]
    ),
    "another folder": _odd(
        before="import os\nos.makedirs('data', exist_ok=True)\nos.chdir('data')\nopen('a.csv', 'w').write('1,2')",
        after="os.chdir('/')",
    ),
    "redirected output and a logger": _odd(
        before="import io, logging, sys\nlogging.basicConfig(level=logging.DEBUG)\nlogging.info('x')\nkept = sys.stdout\nsys.stdout = io.StringIO()",
        after="sys.stdout = kept",
    ),
    "a closed output": _odd(
        before="import sys\nsys.stdout = open('log.txt', 'w')", after="sys.stdout.close()", notes=["maybe"]
    ),
    "asyncio and await": _odd(
        before=[
            "import asyncio\nasync def one():\n    await asyncio.sleep(0)\n    return 1",
            "assert await one() == 1",
        ],
    ),
    "a local server": _odd(
        before="import http.server, threading, urllib.request\nserver = http.server.HTTPServer(('127.0.0.1', 0), http.server.SimpleHTTPRequestHandler)\n"
        "threading.Thread(target=server.serve_forever, daemon=True).start()\n"
        "assert urllib.request.urlopen(f'http://127.0.0.1:{server.server_port}/').status == 200"
    ),
    "signal handlers, trace functions and recursion": _odd(
        before="import signal, sys\nsignal.signal(signal.SIGALRM, lambda *a: None)\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        "sys.setrecursionlimit(5000)\nsys.setprofile(None)\nsys.settrace(lambda *a: None)"
    ),
    "generators, closures and globals": _odd(
        before="COUNT = 0\ndef squares(xs):\n    for x in xs:\n        yield x * x",
        q1="def square(x):\n    global COUNT\n    COUNT += 1\n    return list(squares(x))",
        q4="def twice(f, x):\n    import itertools\n    return next(itertools.islice(iter([f(f(x))]), 0, None))",
    ),
    "arguments changed in place": _odd(
        q1="import numpy as np\ndef square(x):\n    x **= 2\n    return x",
        q2="def total(xs):\n    out = 0.0\n    while xs:\n        out += xs.pop()\n    return out",
    ),
    "type hints, docstrings, defaults and keywords": _odd(
        q2="from __future__ import annotations\ndef total(xs: list[float], /, *, start: float = 0.0) -> float:\n    '''Sum.'''\n    return start + sum(xs)",
        q4="from typing import Callable\ndef twice(f: Callable[[float], float], x: float = 0) -> float:\n    assert callable(f), f.__name__\n    return f(f(x))",
    ),
    "Unicode names and tabs": _odd(
        q1="import numpy as np\ndef square(ξ):\n\treturn np.asarray(ξ)**2\nδ = 'ü€😀'\nprint(δ)",
        before="π = 3.14; Ω = '\\u202e'",
    ),
    "pickle, files and environment": _odd(
        before="import os, pickle, tempfile, pathlib\nwith tempfile.NamedTemporaryFile() as file:\n    pickle.dump({'a': 1}, file)\n"
        "pathlib.Path.home().joinpath('x').write_text('x')\nos.environ['X'] = '1'\npathlib.Path('/tmp/mine').mkdir(exist_ok=True)\nopen('/tmp/mine/x', 'w').close()"
    ),
    "widgets and missing packages": _odd(
        before=[
            "import ipywidgets",
            "import seaborn as sns",
            "from google.colab import drive\ndrive.mount('/content')",
        ],
        notes=["maybe"],
    ),
    "checks before the answers and many times": _odd(
        before=[IMPORT_OTTER + "\nfor name in ('q1', 'q2', 'q3', 'q4'):\n    grader.check(name)"],
        after=[
            "for _ in range(3):\n    grader.check('q1')\ngrader.check_all()",
            "grader.export(run_tests=True)",
        ],
    ),
    "an otter of the wrong name": _odd(
        before="import otter\ngrader = otter.Notebook('renamed (1).ipynb', tests_dir='elsewhere')"
    ),
}


@pytest.mark.root
@pytest.mark.parametrize("name", ODD)
def test_an_odd_habit_costs_nothing(name: str, grader: Grader):
    before, replaced, after, notes = ODD[name]
    verdict = grader.run([*before, *answers(**replaced), *after])
    assert (verdict.status, scores(verdict)) == ("graded", POINTS), verdict
    if notes != ["maybe"]:
        assert [word for word in notes if not any(word in note for note in verdict.notes)] == []
        assert len(verdict.notes) == len(notes), verdict.notes
    assert grader.left() == []


@pytest.mark.root
def test_quiet_cells_take_as_long_as_they_like_together(grader: Grader):
    """Longer than the server waits for a single cell, without a word between them."""
    quiet = ["import time\ntime.sleep(1.2)"] * 28
    verdict = grader.run([*quiet, *answers()], replace(LIMITS, submission_timeout=120))
    assert (verdict.status, scores(verdict), verdict.notes) == ("graded", POINTS, ())


@pytest.mark.root
def test_questions_may_be_checked_again_and_again(grader: Grader):
    again = "for _ in range(LIMIT):\n    grader.check('q1')".replace("LIMIT", str(LIMITS.processes + 5))
    verdict = grader.run([*answers(), again], replace(LIMITS, cell_timeout=10))
    assert (verdict.status, scores(verdict), verdict.notes) == ("graded", POINTS, ())


@pytest.mark.root
def test_cd_without_a_folder_goes_home(grader: Grader):
    verdict = grader.run([*answers(), "%cd"])
    assert scores(verdict) == POINTS
    assert verdict.notes == ()


@pytest.mark.root
def test_own_helper_files_come_along(grader: Grader):
    cells = answers(q1="from tools.powers import square\nopen('data.csv').read()")
    files = {"tools/__init__.py": b"", "tools/powers.py": ANSWERS["q1"].encode(), "data.csv": b"1,2"}
    verdict = grader.grade(Submission(notebook(cells), files=files))
    assert (verdict.status, scores(verdict)) == ("graded", POINTS), verdict


@pytest.mark.root
def test_an_answer_that_does_not_run_costs_only_its_own_points(grader: Grader):
    verdict = grader.run(answers(q2="def total(xs)\n    return sum(xs)"))
    assert (verdict.status, scores(verdict)) == ("graded", POINTS | {"q2": 0.0})


def test_there_are_enough_odd_habits():
    assert len(ODD) >= 20
