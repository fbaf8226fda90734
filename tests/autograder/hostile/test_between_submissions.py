"""What one submission does is invisible to the next, to its neighbours and to the machine."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.batch.engine import process_engine
from autograder.batch.pool import Task
from autograder.batch.submissions import Submission
from autograder.sandbox.enter import _sweep
from tests.autograder.hostile.attack import FOUND_NOTHING, LOOK
from tests.autograder.hostile.escaping import SYSCALL
from tests.autograder.hostile.world import (
    IMPORT_OTTER,
    LIMITS,
    POINTS,
    SECRET_INPUT,
    Grader,
    answers,
    as_bundle,
    leaks,
    notebook,
    processes_of,
    scores,
    shown,
)

# Writes the hidden input wherever something might outlive the process.
_WRITER = (
    SYSCALL
    + r"""
import os, socket
import numpy as np
os.umask(0)
home = os.environ['HOME']
def to_file(path):
    def write(text):
        with open(path, 'ab') as file:
            file.write(text)
        os.chmod(path, 0o666)
    return write
def to_key(ring):
    def write(text):
        key = libc.syscall(NUMBERS['add_key'], b'user', b'left%d' % len(text), text, ctypes.c_long(len(text)), ctypes.c_long(ring))
        libc.syscall(NUMBERS['keyctl'], ctypes.c_long(5), ctypes.c_long(key), ctypes.c_uint(0x3f3f3f3f))
    return write
def to_queue(text):
    fd = libc.mq_open(b'/left', os.O_CREAT | os.O_RDWR, 0o666, None)
    libc.mq_send(fd, text, len(text), 1)
def to_segment(text):
    libc.shmat.restype = ctypes.c_void_p
    address = libc.shmat(libc.shmget(4711, 4096, 0o1666), None, 0)
    if address not in (None, 2 ** 64 - 1):
        ctypes.memmove(address, text, len(text))
def to_daemon(text):
    with socket.create_connection(('127.0.0.1', 8123), 0.2) as sock:
        sock.sendall(text)
if os.fork() == 0:
    os.setsid()
    server = socket.create_server(('127.0.0.1', 8123))
    kept = b''
    while len(kept) < 1000:
        client = server.accept()[0]
        kept += client.recv(1000)
        client.sendall(kept)
    os._exit(0)
ways = [to_file(path) for path in ('/tmp/left', '/dev/shm/left', '/var/tmp/left', '/dev/mqueue/left', '/run/lock/left', f'{home}/left',
                                   f'{home}/../left', f'{home}/../../left', '/tmp/.config/left', '/proc/self/comm')]
ways += [to_key(ring) for ring in (-3, -4, -5)] + [to_queue, to_segment, to_daemon]
def square(x):
    global worked
    worked, text = 0, repr(list(x)).encode()
    for way in ways:
        try:
            way(text)
            worked += 1
        except Exception:
            pass
    return np.asarray(x) ** 2
"""
)

_READER = (
    LOOK
    + SYSCALL
    + r"""
import os, socket, sys
for folder in ('/tmp', '/dev/shm', '/var/tmp', '/dev/mqueue', '/run/lock', os.environ['HOME'] + '/..', os.environ['HOME'] + '/../..'):
    contents(f'{folder}/left')
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if os.path.realpath(os.path.join(place, name)) != sys.prefix]
        for name in names:
            contents(os.path.join(place, name))
for line in (contents('/proc/keys') or b'').splitlines():
    if b'left' in line:
        buffer = ctypes.create_string_buffer(1000)
        libc.syscall(NUMBERS['keyctl'], ctypes.c_long(11), ctypes.c_long(int(line.split()[0], 16)), buffer, ctypes.c_long(1000))
        look('key', buffer.value)
        _found.append('a key')
fd = libc.mq_open(b'/left', os.O_RDWR | os.O_NONBLOCK)
look('queue', fd)
if fd >= 0:
    _found.append('a queue')
look('segment', libc.shmget(4711, 4096, 0o666))
if libc.shmget(4711, 4096, 0o666) >= 0:
    _found.append('a segment')
try:
    with socket.create_connection(('127.0.0.1', 8123), 0.2) as sock:
        sock.sendall(b'?')
        look('daemon', sock.recv(1000))
        _found.append('a daemon')
except OSError:
    pass
report()
"""
)


def carry_over(grader: Grader) -> None:
    first = grader.run([*answers(q1=_WRITER), "square([1.0])\nraise RuntimeError(f'{worked} ways worked')"])
    assert int(re.search(r"(\d+) ways worked", shown(first))[1]) >= 4
    assert scores(first) == POINTS
    assert grader.left() == []
    second = grader.run([*answers(), _READER])
    assert leaks(first) == leaks(second) == []
    assert re.search(FOUND_NOTHING, shown(second)), shown(second)
    assert scores(second) == POINTS


@pytest.mark.root
def test_a_hidden_input_cannot_be_left_for_the_next_submission(grader: Grader):
    carry_over(grader)


@pytest.mark.container
def test_a_hidden_input_cannot_be_left_in_a_container(container_grader: Grader):
    carry_over(container_grader)


@pytest.fixture(scope="module")
def neighbours(grader: Grader) -> Iterator[Grader]:
    """Two workers side by side, warm. (`grader` is asked for because it knows whether they can run.)"""
    with Grader(process_engine(LIMITS), replace(LIMITS, cell_timeout=6), jobs=2) as pair:
        tasks = [Task(str(number), lambda: Submission(notebook(answers()))) for number in range(4)]
        list(pair.pool.grade(tasks))
        yield pair


@pytest.mark.root
@pytest.mark.parametrize(
    "cell",
    [
        pytest.param(
            "import os, time\ntry:\n    for _ in range(100):\n        if os.fork() == 0:\n            time.sleep(6)\n"
            "            os._exit(0)\nexcept OSError:\n    pass\ntime.sleep(1)\nraise RuntimeError('armed')",
            id="processes",
        ),
        pytest.param(
            "import os, signal, socket, time\nheld = [socket.create_server(('127.0.0.1', port)) for port in range(8000, 8020)]\n"
            "for pid in range(1, 400):\n    try:\n        os.kill(pid, signal.SIGKILL) if pid != os.getpid() else None\n"
            "    except OSError:\n        pass\ntime.sleep(1)\nraise RuntimeError('armed')",
            id="signals-and-ports",
        ),
        pytest.param(
            "import os, time\nfor _ in range(25):\n    if os.fork() == 0:\n        os.setsid()\n        while True: pass\n"
            "time.sleep(3)\nraise RuntimeError('armed')",
            id="processors",
        ),
    ],
)
def test_a_neighbour_loses_nothing(cell: str, neighbours: Grader):
    local_server = "import socket\nsocket.create_server(('127.0.0.1', 8005)).close()"
    busy = "sum(i * i for i in range(8_000_000))"
    tasks = [Task("hostile", lambda: Submission(notebook([*answers(), cell])))]
    tasks += [
        Task(
            f"honest {n}",
            lambda: Submission(notebook([local_server, "import time\ntime.sleep(0.3)", busy, *answers()])),
        )
        for n in range(3)
    ]
    verdicts = {task.name: verdict for task, verdict in neighbours.pool.grade(tasks)}
    assert re.search("armed|ran for more than", shown(verdicts.pop("hostile")))
    for verdict in verdicts.values():
        assert (verdict.status, scores(verdict), verdict.notes) == ("graded", POINTS, ())
    assert neighbours.left() == []


# A test in which an answer can stop the examiner: it counts as far as it is told, deaf to all signals.
_STOPPABLE = f"""OK_FORMAT = False
name, points = "q1", 2
from otter.test_files import test_case

@test_case(points=1, hidden=False)
def test_q1(count):
    assert sum(range(count(1.0))) == 1

@test_case(points=1, hidden=True)
def test_q1_hidden(count):
    assert sum(range(count({SECRET_INPUT!r}))) == 1
"""
# Connections that were closed stay in a table for a minute, whatever becomes of their process.
_IN_CLOSED_CONNECTIONS = """
import socket
def put(text):
    for place, letter in enumerate(text):
        server = socket.create_server(('127.0.0.1', 20_000 + 128 * place + ord(letter)))
        client = socket.create_connection(server.getsockname())
        other = server.accept()[0]
        other.close(), client.recv(1), client.close(), server.close()
def get():
    found = {}
    for line in open('/proc/net/tcp').readlines()[1:]:
        port = int(line.split()[1].split(':')[1], 16) - 20_000
        if 0 <= port < 128 * 40:
            found[port // 128] = chr(port % 128)
    return ''.join(letter for _, letter in sorted(found.items()))
raise RuntimeError(f'seen [{get()}]')
"""


@pytest.mark.root
def test_a_notebook_that_is_run_again_cannot_tell_what_it_saw_in_hidden_tests(grader: Grader):
    count = "def count(x):\n    if x == 1:\n        return 2\n    put(repr(x))\n    return 10 ** 12\ngrader.check('q1')"
    limits = replace(LIMITS, submission_timeout=60)
    tests = as_bundle("stoppable", {"tests/q1.py": _STOPPABLE})
    with Grader(process_engine(limits), limits, tests=tests) as stoppable:
        first = stoppable.run([IMPORT_OTTER, _IN_CLOSED_CONNECTIONS, count])
        assert (first.status, scores(first)) == ("partial", {"q1": 1.0})
        second = stoppable.run([_IN_CLOSED_CONNECTIONS])
        for verdict in (first, second):
            assert leaks(verdict) == []
            assert "seen []" in shown(verdict)
        assert len(stoppable.started) == 2


@pytest.mark.root
def test_a_worker_whose_network_was_used_is_not_used_again(grader: Grader):
    assert "seen []" in shown(grader.run([_IN_CLOSED_CONNECTIONS]))
    before = len(grader.started)
    used = _IN_CLOSED_CONNECTIONS.replace("raise", "put('abc')\nraise")
    assert scores(grader.run([used, *answers()])) == POINTS
    assert "seen []" in shown(grader.run([_IN_CLOSED_CONNECTIONS]))
    assert len(grader.started) == before + 1


@pytest.mark.root
def test_how_a_hidden_test_was_stopped_is_not_told_to_students(grader: Grader):
    def told(end: str) -> tuple[str, ...]:
        answer = f"import os\ndef total(xs):\n    if len(xs) == 3:\n        {end}\n    return float(sum(xs))"
        verdict = grader.run(answers(q2=answer))
        assert scores(verdict)["q2"] == 1.0 and verdict.status == "partial"
        assert len(verdict.notes) == len(verdict.student_notes) + 1
        return (verdict.message, *verdict.student_notes)

    assert told("os._exit(0)") == told("while True: pass") == told("os.abort()")


@pytest.mark.root
def test_honest_submissions_wear_no_worker_out(grader: Grader):
    grader.run(answers())
    workers = len(grader.started)
    verdicts = [grader.run(answers()) for _ in range(8)]
    assert [scores(verdict) for verdict in verdicts] == [POINTS] * 8
    assert len(grader.started) == workers


@pytest.mark.root
def test_workers_never_share_a_user(neighbours: Grader, grader: Grader):
    spans = neighbours.uids + grader.uids
    assert len(neighbours.uids) >= 2
    assert all(a.stop <= b.start or b.stop <= a.start for a in spans for b in spans if a is not b)


@pytest.mark.root
def test_no_two_submissions_have_the_same_user(grader: Grader):
    tell = "import os\nraise RuntimeError(f'uid {os.getuid()}')"
    dies = "import os\nos._exit(0)"  # and the notebook is run again by another user
    told = [shown(grader.run([cell, tell])) for cell in ("1", dies, "1", dies, dies, "1")]
    users = [int(re.search(r"uid (\d+)", text)[1]) for text in told]
    assert len(set(users)) == len(users) and 0 not in users


@pytest.mark.root
def test_the_kernel_ends_a_student_before_a_trusted_process(grader: Grader):
    cell = (
        "for value in range(-1000, 1001):\n    try:\n        open('/proc/self/oom_score_adj', 'w').write(str(value))\n        break\n"
        "    except OSError:\n        pass\nraise RuntimeError('score ' + open('/proc/self/oom_score_adj').read())"
    )
    student = int(re.search(r"score (-?\d+)", shown(grader.run([cell])))[1])
    [worker] = grader.idle()
    server = grader._root(worker).parent
    assert int((server / "oom_score_adj").read_text()) < student


@pytest.mark.root
def test_a_pool_that_ends_leaves_nothing_on_the_machine(grader: Grader):
    with Grader(process_engine(LIMITS)) as short:
        attack = "import os, time\nif os.fork() == 0:\n    os.setsid()\n    time.sleep(60)\nopen('/tmp/left', 'w').write('x')"
        assert scores(short.run([*answers(), attack])) == POINTS
        [outer] = [worker._process.pid for worker in short.idle()]
    assert processes_of(short.uids) == []
    groups = Path("/sys/fs/cgroup")
    for parent in (groups, groups / "memory", groups / "pids", groups / "cpu"):
        _sweep(parent)  # as the next start does: a group is removed only when it is empty
    assert list(groups.glob(f"**/*-{outer}")) == []
    places = [line.split()[4] for line in Path("/proc/self/mountinfo").read_text().splitlines()]
    assert [place for place in places if "grader-root-" in place] == []
    keys = Path("/proc/keys")
    assert not keys.exists() or "left" not in keys.read_text()
