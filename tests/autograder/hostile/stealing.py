"""Attacks on the hidden tests' secrecy: files, processes, memory, objects, messages."""

from __future__ import annotations

from tests.autograder.hostile.attack import ARMED, FOUND_NOTHING, LOOK, NOTHING, NOTHING_WORKED, TRY, Attack
from tests.autograder.hostile.escaping import SYSCALL
from tests.autograder.hostile.world import ANSWERS


def _looking(name: str, cell: str, *, container: bool = False) -> Attack:
    return Attack(
        name, "stealing", cells=(f"{LOOK}{cell}\nreport()",), says=FOUND_NOTHING, container=container
    )


# A dataclass whose instances have an attribute that NumPy obeys.
_INTERFACE = """
import dataclasses
Kind = dataclasses.make_dataclass('Kind', ['_x'])
Kind.__dataclass_fields__['__array_interface__'] = Kind.__dataclass_fields__.pop('_x')
Kind.__dataclass_fields__['__array_interface__'].name = '__array_interface__'
MEMORY = {'data': b'x' * 1000, 'offset': -9000, 'shape': (1000,), 'typestr': '|u1', 'version': 3}
"""
_READS_MEMORY = r"\[\s*\d+, +\d+, +\d+, +\d+"  # a message with an array of bytes in it

ATTACKS = (
    _looking(
        "every readable file",
        r"""
import time
until = time.monotonic() + 0.7
skipped = ('/proc', '/sys', '/usr', '/dev')
for place, folders, names in os.walk('/'):
    folders[:] = [f for f in folders if not os.path.join(place, f).startswith(skipped)]
    folders[:] = [f for f in folders if f not in ('site-packages', 'lib', 'include', 'bin')]
    for name in names:
        contents(os.path.join(place, name))
    if time.monotonic() > until:
        break
""",
        container=True,
    ),
    Attack(
        "files that look like tests",
        "stealing",
        cells=(
            TRY
            + r"""
import glob, re
home = os.environ['HOME']
for base in ('.', '..', '../..', home, os.path.dirname(home), '/autograder', '/autograder/source', '/opt/grader', '/tmp', '/'):
    for name in ('tests', 'tests/q1.py', 'otter_config.json', 'autograder.zip', 'private', 'private/files', 'files'):
        attempt(f'{base}/{name}', os.listdir if '.' not in name else open, os.path.join(base, name))
for path in sys.path:
    attempt(f'otter in {path}', os.listdir, os.path.join(path or '.', 'tests'))
report()
""",
        ),
        says=NOTHING_WORKED,
    ),
    _looking(
        "command lines, environments and maps of all processes",
        r"""
for pid in [p for p in os.listdir('/proc') if p.isdigit()] + ['self', str(os.getppid()), '1']:
    for name in ('cmdline', 'environ', 'maps', 'status', 'comm', 'stack', 'cgroup', 'mountinfo'):
        contents(f'/proc/{pid}/{name}')
""",
        container=True,
    ),
    _looking(
        "the process's own memory, forked from the warm parent",
        r"""
import time
until = time.monotonic() + 0.7
with open('/proc/self/mem', 'rb', 0) as memory:
    for line in open('/proc/self/maps'):
        span, rights = line.split()[:2]
        low, high = (int(part, 16) for part in span.split('-'))
        if rights.startswith('rw') and high - low < 16 << 20 and time.monotonic() < until:
            try:
                memory.seek(low)
                look(span, memory.read(high - low))
            except (OSError, OverflowError, ValueError):
                pass
""",
    ),
    Attack(
        "memory and descriptors of other processes",
        "stealing",
        cells=(
            TRY
            + SYSCALL
            + r"""
own = {int(p) for p in os.listdir('/proc') if p.isdigit() and os.stat(f'/proc/{p}').st_uid == os.getuid()}
for pid in [p for p in range(1, 120) if p not in own] + [os.getppid()]:
    attempt(f'mem {pid}', open, f'/proc/{pid}/mem', 'rb')
    attempt(f'fd {pid}', os.listdir, f'/proc/{pid}/fd')
    attempt(f'map_files {pid}', os.listdir, f'/proc/{pid}/map_files')
    attempt(f'root {pid}', os.listdir, f'/proc/{pid}/root/')
    attempt(f'cwd {pid}', os.readlink, f'/proc/{pid}/cwd')
    attempt(f'ptrace {pid}', call, 'ptrace', 16, pid, 0, 0)
    def steal(pid=pid):
        fd = os.pidfd_open(pid)
        for n in range(12):
            call('pidfd_getfd', fd, n, 0)
    attempt(f'pidfd {pid}', steal)
report()
""",
        ),
        says=NOTHING_WORKED,
        container=True,
    ),
    _looking(
        "objects that the garbage collector knows",
        r"""
import gc, time
gc.unfreeze()
until = time.monotonic() + 0.7
for thing in gc.get_objects():
    for part in gc.get_referents(thing):
        if type(part) in (str, bytes):
            look('gc', part)
    if time.monotonic() > until:
        break
""",
    ),
    _looking(
        "frames of all callers and threads",
        r"""
frames = list(sys._current_frames().values())
while frames:
    frame = frames.pop()
    for scope in (frame.f_locals, frame.f_globals):
        for name, value in list(scope.items()):
            look(name, name)
            look(name, repr(value)[:10000] if isinstance(value, (str, bytes, list, tuple, dict)) else '')
    look('code', frame.f_code.co_consts)
    if frame.f_back:
        frames.append(frame.f_back)
""",
    ),
    Attack(
        "frames and tracebacks during a public test",
        "stealing",
        answers={
            "q1": LOOK
            + r"""
import inspect
def square(x):
    for entry in inspect.stack(0):
        for scope in (entry.frame.f_locals, entry.frame.f_globals):
            for name, value in list(scope.items()):
                look(name, repr(value)[:5000] if type(value) in (str, bytes, list, tuple, dict) else name)
    report()
""",
        },
        points={"q1": 0.0},
        says=FOUND_NOTHING,
    ),
    _looking(
        "environment, arguments and descriptors",
        r"""
for name, value in os.environ.items():
    look(name, name + value)
look('argv', sys.argv + sys.orig_argv)
sockets = 0
for fd in range(256):
    try:
        target = os.readlink(f'/proc/self/fd/{fd}')
    except OSError:
        continue
    sockets += target.startswith('socket')
    if not target.startswith('socket'):
        os.set_blocking(fd, False)
        try:
            look(target, target + str(os.read(fd, 10000)))
        except OSError:
            look(target, target)
if sockets > 1:
    _found.append(f'{sockets} sockets')
""",
    ),
    Attack(
        "modules of the grader, of otter and of the solutions",
        "stealing",
        cells=(
            TRY
            + r"""
import importlib
for name in ('otter.test_files', 'otter.run', 'reference', 'reference.gradients', 'autograder.batch.pool',
             'autograder.sandbox.examiner', 'autograder.sandbox.bundle_tests', 'autograder.sandbox.serve', 'plotted'):
    attempt(name, importlib.import_module, name)
    attempt(f'{name} loaded', sys.modules.__getitem__, name)
report()
""",
        ),
        says=NOTHING_WORKED,
    ),
    *(
        Attack(
            f"the examiner's memory through the array interface of a {what}",
            "stealing",
            answers={"q1": _INTERFACE + body},
            points={"q1": 0.0},
            says="expected data" if what == "dataclass" else "cannot cross",
            never=_READS_MEMORY,
            container=what == "dataclass",
        )
        for what, body in {
            "dataclass": """
def square(x):
    value = Kind(1)
    value.__dict__.clear()
    value.__dict__['__array_interface__'] = MEMORY
    return value
""",
            "named tuple": """
class Pair(tuple):
    _fields = ('__array_interface__',)
def square(x):
    return Pair([MEMORY])
""",
            "pandas series": """
import pandas as pd
def square(x):
    return pd.Series([MEMORY], index=['__array_interface__'])
""",
            "pandas frame": """
import pandas as pd
def square(x):
    frame = pd.DataFrame([[1.0]], columns=['__array_interface__'])
    return frame
""",
        }.items()
    ),
    Attack(
        "questions to the examiner on the session's socket",
        "stealing",
        cells=(
            "session = otter.Notebook._signal.__self__\n"
            "session.channel.send({'o': 'get', 'n': 'tests'})\n"
            "answer = session.channel.recv()\nraise RuntimeError(repr(answer))",
        ),
        says="broke the protocol",
    ),
    Attack(
        "names of the grader's folders in the mount table and around it",
        "stealing",
        cells=(
            r"""
import glob, os, re, sys
text = ' '.join([*open('/proc/self/mountinfo'), *open('/proc/self/maps'), *os.environ.values(), *sys.path, *sys.orig_argv])
for pattern in ('bin/*', 'pyvenv.cfg', '*/*/site-packages/*.pth', '*/*/site-packages/__editable__*', '*/*/*/*.dist-info/direct_url.json'):
    for path in glob.glob(os.path.join(sys.prefix, pattern)):
        text += path + ' ' + open(path, 'rb').read(10000).decode('latin-1')
known = '/bin /dev /etc /lib /lib64 /proc /sbin /sys /tmp/grader- /usr'.split() + [sys.prefix, os.path.realpath(sys.executable)]
words = {word for word in re.split(r'[^\w./-]', text) if word.startswith('/') and not word.startswith(tuple(known))}
raise RuntimeError(f'looked from {sys.prefix}: ' + ' '.join(sorted(words, key=len)))
""",
        ),
        says="looked from /",
        never="CHECKOUT",  # replaced by the folder that the grader runs from
        container=True,
    ),
    _looking(
        "memory use and state of the warm parent",
        r"""
for pid in (os.getppid(), 1):
    for name in ('statm', 'smaps', 'smaps_rollup', 'io', 'wchan', 'syscall', 'stat', 'sched', 'auxv', 'fdinfo/3'):
        if contents(f'/proc/{pid}/{name}'):
            _found.append(name)
look('parent', os.getppid())
""",
    ),
    Attack(
        "closure and globals of a test's function",
        "stealing",
        answers={
            "q4": LOOK
            + r"""
def twice(f, x):
    todo, seen = [f], set()
    while todo and len(seen) < 3000:
        thing = todo.pop()
        if id(thing) in seen:
            continue
        seen.add(id(thing))
        look('f', repr(thing)[:2000] if type(thing) in (str, bytes, int, float, tuple) else type(thing))
        todo += [cell.cell_contents for cell in getattr(thing, '__closure__', None) or ()]
        todo += list(getattr(thing, '__dict__', {}).values()) if type(thing).__module__.startswith('autograder') else []
        todo += list(thing.values() if isinstance(thing, dict) else thing if isinstance(thing, (list, tuple)) else ())
    report()
""",
        },
        points={"q4": 0.0},
        says=FOUND_NOTHING,
    ),
    Attack(
        "hidden arguments told in every exception",
        "stealing",
        answers={
            "q1": "def square(x):\n    raise ValueError(f'seen {list(x)}')",
            "q2": "def total(xs):\n    error = KeyError(f'seen {xs}')\n    error.add_note(f'{xs}')\n    raise error",
            "q3": "def shout(text):\n    raise SystemExit(f'seen {text}')",
            "q4": "class Told(Exception):\n    pass\ndef twice(f, x):\n    raise Told(f'seen {x}')",
        },
        points=NOTHING,
        says=r"(?s)seen.*seen.*seen.*seen",
        container=True,
    ),
    Attack(
        "hidden arguments printed, shown, logged and warned about",
        "stealing",
        before=(
            "import sys, os, logging, warnings\n"
            "def tell(x):\n    print(x)\n    print(x, file=sys.stderr)\n    display(x)\n    logging.error('%s', x)\n"
            "    warnings.warn(str(x))\n    os.write(1, str(x).encode())\n    os.write(2, str(x).encode())\n"
            "    os.system(f'echo \"{x}\"')",
        ),
        answers={
            name: cell.replace("    return", f"    tell({argument})\n    return")
            for (name, cell), argument in zip(ANSWERS.items(), ("x", "xs", "", "x"), strict=True)
            if argument  # what a doctest's function prints is part of its answer
        },
        cells=(ARMED,),
        says="armed",
    ),
    Attack(
        "hidden arguments written to a file and awaited by a later cell",
        "stealing",
        before=("def keep(x):\n    with open('kept', 'a') as file:\n        file.write(f'{x}\\n')",),
        answers={
            "q1": "import numpy as np\ndef square(x):\n    keep(list(x))\n    return np.asarray(x) ** 2",
            "q2": "def total(xs):\n    keep(xs)\n    return float(sum(xs))",
        },
        cells=(
            LOOK
            + "import time\nfor _ in range(3):\n    grader.check('q1')\n    grader.check('q2')\n    time.sleep(0.05)\n"
            "    contents('kept')\nreport()",
        ),
        says=FOUND_NOTHING,
    ),
    Attack(
        "hidden arguments sent by a process that outlives the notebook",
        "stealing",
        before=("def keep(x):\n    with open('kept', 'a') as file:\n        file.write(f'{x}\\n')",),
        answers={
            "q1": "import numpy as np\ndef square(x):\n    keep(list(x))\n    return np.asarray(x) ** 2"
        },
        cells=(
            "import os, time\nchannel = otter.Notebook._signal.__self__.channel\n"
            "if os.fork() == 0:\n    os.setsid()\n    end = time.monotonic() + 8\n    size = os.path.getsize('kept')\n"
            "    while time.monotonic() < end and os.path.getsize('kept') == size:\n        time.sleep(0.001)\n"
            "    text = open('kept').read()\n"
            "    for frame in ({'done': 10, 'error': text}, {'check': text}, {'note': text}):\n"
            "        channel.send(frame)\n    os._exit(0)\n" + ARMED,
        ),
        says="armed",
    ),
    _looking(
        "the shell's history, outputs and hidden names",
        r"""
shell = get_ipython()
for name in dir(shell):
    try:
        look(name, repr(getattr(shell, name))[:20000])
    except (OSError, AttributeError):
        pass
for name, value in list(shell.user_ns.items()) + list(shell.user_ns_hidden.items()):
    look(name, repr(value)[:20000])
look('grader', repr(vars(grader)) + repr(vars(type(grader))))
""",
    ),
)
