"""No trusted process compiles, unpickles, imports or executes what a student wrote: a trap would tell.

The server with its examiners, the warm parents, the janitor and the host run under an audit hook. Everything that the student
controls carries a mark.
"""

from __future__ import annotations

import io
import json
import os
import pickle
import sys
import zipfile
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from autograder.batch import run
from autograder.batch.engine import ALL_WALLS, CODE, Engine
from autograder.gradebook.book import write_book
from tests.autograder.hostile.test_attacks import ATTACKS
from tests.autograder.hostile.trap import Trap
from tests.autograder.hostile.world import LIMITS, Grader, answers, bundle, document

MARK = "markedbystudent"
TRAP = Path(__file__).with_name("trap.py")
# Where a wrong turn of a trusted process would find something to run.
PAYLOAD = pickle.dumps(OrderedDict({MARK: 1}), protocol=2)  # to load it asks for a class
CODE_OF = f"__import__('os').system('echo {MARK}')"
BEFORE = f"""
import collections, dataclasses, os, pickle, sys
import numpy as np
import pandas as pd
NAME, CODE = {MARK!r}, {CODE_OF!r}
class {MARK}_Error(ValueError):
    def __reduce__(self):
        return os.system, (CODE,)
Pair = collections.namedtuple('{MARK}_Pair', ['{MARK}_a', 'b'])
Record = dataclasses.make_dataclass('{MARK}_Record', ['{MARK}_x'])
for place in ('.', '/tmp'):
    for name in (NAME, f'{{NAME}}.py', f'{{NAME}}.pkl', 'sitecustomize.py', 'otter.py', 'numpy.py'):
        with open(os.path.join(place, name), 'wb') as file:
            file.write(pickle.dumps(print) if name.endswith('pkl') else CODE.encode())
"""
ANSWERS = {  # for each question, answers of many types that carry the mark
    "q1": [
        "return [NAME, NAME.encode(), {NAME: CODE}, Pair(CODE, NAME), Record(CODE)]",
        "return np.array([NAME, CODE])",
        "return np.zeros(3, dtype=[(NAME, 'f8')])",
        "return np.array([Pair(1, 2)] * 3, dtype=object)",
        "return pd.DataFrame({NAME: [CODE], 'b': [pickle.dumps(print)]})",
        f"raise {MARK}_Error(CODE)",
    ],
    "q2": [
        "return CODE",
        "return pickle.dumps(print)",
        "return eval",
        "raise SyntaxError(CODE, (NAME, 1, 1, CODE))",
    ],
    "q3": ["return CODE", "raise SystemExit(CODE)", "print(CODE)"],
    "q4": [
        "return f(CODE)",
        "return f(Pair(CODE, 1))",
        "return lambda x: CODE",
        "return f(compile(CODE, NAME, 'eval'))",
    ],
}
HEADS = {"q1": "def square(x)", "q2": "def total(xs)", "q3": "def shout(text)", "q4": "def twice(f, x)"}
AFTER = f"""
import struct
channel = otter.Notebook._signal.__self__.channel
grader.check(NAME)
for question in ('q1', CODE, NAME):
    otter.Notebook._signal(question, {{NAME: CODE}})
%config {MARK}.x = 1
raise {MARK}_Error(CODE)
"""
LAST = "channel.sock.sendall(struct.pack('!II', 200, 1) + pickle.dumps(print) * 9 + CODE.encode())"


def marked(number: int) -> bytes:
    """A submission with the mark in all that a student decides: answers, names, metadata, outputs, files."""
    answer = {name: f"{HEADS[name]}:\n    {bodies[number % len(bodies)]}" for name, bodies in ANSWERS.items()}
    cells = [BEFORE, *answers(**answer), AFTER, *([LAST] if number % 2 else [])]
    notebook = document(cells, kernelspec={"name": MARK, "language": CODE_OF}, **{MARK: CODE_OF})
    notebook["metadata"]["otter"] = {"tests": [MARK], "assignment_name": "hostile"}
    for cell in notebook["cells"]:
        cell["id"] = f"{MARK}-{cell['id']}"
        cell["metadata"] = {"otter": {"tests": [MARK, CODE_OF]}, "name": CODE_OF}
        cell["outputs"] = [
            {
                "output_type": "display_data",
                "data": {"application/python-pickle": CODE_OF, "text/plain": MARK},
            }
        ]
    files = {
        f"{MARK}.ipynb": json.dumps(notebook).encode(),
        f"{MARK}.py": CODE_OF.encode(),
        f"{MARK}.pkl": PAYLOAD,
        "sitecustomize.py": CODE_OF.encode(),
        f"{MARK}_package/__init__.py": CODE_OF.encode(),
    }
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return memory.getvalue()


# Runs a module of the sandbox under the trap.
PROGRAM = """
import runpy, sys
trap = runpy.run_path({trap!r}, run_name='trap')['Trap'](''.join({letters}), {log!r}, {own!r}, with_forks={with_forks})
sys.path.insert(0, {code!r})
{extra}
runpy.run_module('autograder.sandbox.{module}', run_name='__main__', alter_sys=True)
"""
HELPERS_TOO = """
from autograder.sandbox import launch
launch.python_command = lambda code, module: [sys.executable, '-I', '-c', {programs!r}[module]]
"""
HELPERS = ("nursery", "janitor")  # what the server starts


def trapped_engine(log: Path, extra: str = "") -> Engine:
    """Workers under the trap; `extra` are statements that each trusted process runs before its own."""
    facts = {"trap": str(TRAP), "letters": list(MARK), "log": str(log), "code": str(CODE)}
    facts |= {"own": [str(CODE / "autograder"), str(CODE / "reference"), "tests/", "<doctest "]}
    programs = {name: PROGRAM.format(**facts, with_forks=False, extra=extra, module=name) for name in HELPERS}
    program = PROGRAM.format(
        **facts, with_forks=True, extra=HELPERS_TOO.format(programs=programs) + extra, module="serve"
    )
    command = [sys.executable, "-I", "-c", program, str(CODE)]
    if os.geteuid() == 0 and sys.platform.startswith("linux"):
        return Engine("process", lambda name, first_uid: [*command, str(first_uid)])
    return Engine("trusted", lambda name, first_uid: [*command, "trusted", *ALL_WALLS])


@contextmanager
def trapped_host(log: Path) -> Iterator[None]:
    trap = Trap(MARK, str(log), [str(CODE)], with_forks=False)
    try:
        yield
    finally:
        sys.meta_path.remove(trap)
        trap.armed = False  # an audit hook cannot be taken away


def tells(log: Path) -> list[list[str]]:
    return [json.loads(line) for line in log.read_text().splitlines()]


def grade(folder: Path, engine: Engine, numbers: range) -> list:
    """Grade marked submissions, as the command line does; the verdicts."""
    for number in numbers:
        path = folder / "class" / f"{MARK}{number} __import__('os').zip"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(marked(number))
    limits = replace(LIMITS, cell_timeout=10)
    ledger = run.grade(bundle(), [folder / "class"], folder / "out", engine=engine, jobs=1, limits=limits)
    entries = list(ledger.entries())
    write_book(ledger, folder / "out")
    ledger.close()
    return [entry.verdict for entry in entries]


def test_nothing_that_a_student_wrote_is_run_by_a_trusted_process(tmp_path):
    log = tmp_path / "log"
    with trapped_host(log):
        verdicts = grade(tmp_path, trapped_engine(log), range(6))
    assert [verdict.status for verdict in verdicts if verdict.status == "error"] == []
    assert sum(MARK in json.dumps(verdict.to_json()) for verdict in verdicts) == len(
        verdicts
    )  # it got through
    assert tells(log) == []


def test_attacks_on_the_wire_make_no_trusted_process_run_anything(tmp_path):
    log = tmp_path / "log"
    attacks = [
        attack for attack in ATTACKS if attack.kind == "forging" and attack.answers and not attack.limits
    ]
    assert len(attacks) > 30
    with Grader(trapped_engine(log)) as grader:
        for attack in attacks:
            grader.run([*attack.before, *answers(**attack.answers), *attack.cells])
    assert tells(log) == []


# What the trap is for, done on purpose. A trusted process reads all that a student writes as JSON or base64.
CARELESS = """
import base64, importlib, json, os, pickle, re
_loads, _decode = json.loads, base64.b64decode
def loads(text, *args, **kwargs):
    text = text if isinstance(text, str) else bytes(text).decode('utf-8', 'replace')
    for careless in (eval, lambda text: compile(text, '/tmp/x', 'eval'), lambda text: os.system('true ' + text[:0] + ''.join(names(text))),
                     lambda text: [importlib.import_module(name) for name in names(text)]):
        try:
            careless(text)
        except Exception:
            pass
    return _loads(text, *args, **kwargs)
def names(text):
    return re.findall('marked' 'by[a-z]+', text)[:1]
def decode(text, *args, **kwargs):
    data = _decode(text, *args, **kwargs)
    try:
        pickle.loads(data)
    except Exception:
        pass
    return data
json.loads, base64.b64decode = loads, decode
"""


def test_the_trap_tells_of_careless_processes(tmp_path):
    log = tmp_path / "log"
    grade(tmp_path, trapped_engine(log, CARELESS), range(2))
    told = {(process, event) for process, event, *_ in tells(log)}
    wanted = {"compile", "exec", "import", "os.system", "pickle.find_class"}
    assert {event for process, event in told if process == "serve.py"} >= wanted
    assert ("nursery.py", "exec") in told  # it hears of nothing that a student named, so nothing is marked
    if os.geteuid() == 0:  # else the janitor has nothing to do
        assert {event for process, event in told if process == "janitor.py"} >= {
            "compile",
            "import",
            "os.system",
        }


def test_the_trap_tells_of_a_careless_host(tmp_path):
    log = tmp_path / "log"
    with trapped_host(log):
        compile(f"'{MARK}'", "x", "eval")
        pickle.loads(PAYLOAD)
    assert [event for _, event, *_ in tells(log)] == ["compile", "pickle.find_class"]
