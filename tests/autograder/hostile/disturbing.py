"""Attacks on the submissions that come after, or beside: what is left, held, planted or kept alive."""

from __future__ import annotations

from dataclasses import replace

from tests.autograder.hostile.attack import ARMED, Attack
from tests.autograder.hostile.world import LIMITS

# A process without a parent that waits until the notebook's process is gone, then goes on for ten seconds.
_AFTERWARDS = r"""
import os, signal, time
def state(pid):
    try:
        return open(f'/proc/{pid}/stat').read().rsplit(')', 1)[1].split()[0]
    except OSError:
        return 'gone'
notebook = os.getpid()
if os.fork() == 0:
    os.setsid()
    if os.fork():
        os._exit(0)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGALRM):
        signal.signal(number, signal.SIG_IGN)
    end = time.monotonic() + 15
    while time.monotonic() < end and state(notebook) not in ('Z', 'X', 'gone'):
        time.sleep(0.0005)
    end = time.monotonic() + 10
    while time.monotonic() < end:
        try:
            BODY
        except OSError:
            pass
    os._exit(0)
"""


def _afterwards(name: str, body: str, *, container: bool = False) -> Attack:
    return Attack(
        name,
        "disturbing",
        cells=(_AFTERWARDS.replace("BODY", body) + ARMED,),
        spoils_itself="os.kill(-1" in body,  # that hits the frozen answers too
        says="armed",
        limits=replace(LIMITS, test_timeout=0.8),
        container=container,
    )


def _planting(name: str, cell: str, *, container: bool = False) -> Attack:
    return Attack(
        name, "disturbing", cells=(f"import os\n{cell}\n{ARMED}",), says="armed", container=container
    )


ATTACKS = (
    _planting(
        "folders of later users made in advance",
        "slot = os.path.dirname(os.environ['HOME'])\nfor base in (slot, os.path.dirname(slot), '/tmp'):\n"
        "    for uid in range(os.getuid() + 1, os.getuid() + 40):\n        for name in (f's{uid}', f'home{uid}'):\n"
        "            try:\n                os.mkdir(f'{base}/{name}')\n            except OSError:\n                pass",
        container=True,
    ),
    _planting(
        "files beside the student's own folder",
        "slot = os.path.dirname(os.environ['HOME'])\nfor base in (slot, os.path.dirname(slot), '/tmp', '/var/tmp', '/dev/shm', '/run/lock'):\n"
        "    try:\n        with open(f'{base}/junk', 'wb') as file:\n            file.write(b'x' * (20 << 20))\n    except OSError:\n        pass",
    ),
    _planting(
        "modules and settings for whoever comes next",
        "home = os.environ['HOME']\nfor folder in ('/tmp', home, '.', '/tmp/.config/matplotlib', f'{home}/.ipython/profile_default/startup',\n"
        "               f'{home}/.config/matplotlib', '/dev/shm', os.path.dirname(home), '/tmp/grader-planted'):\n"
        "    for name in ('numpy.py', 'otter.py', 'sitecustomize.py', '00-start.py', 'matplotlibrc', '.pth', 'json.py'):\n"
        "        try:\n            os.makedirs(folder, exist_ok=True)\n            with open(f'{folder}/{name}', 'w') as file:\n"
        "                file.write('raise SystemExit')\n        except OSError:\n            pass",
    ),
    _planting(
        "named semaphores, shared memory and queues",
        "from multiprocessing import shared_memory, resource_tracker\nimport ctypes, ctypes.util\n"
        "shared = shared_memory.SharedMemory(create=True, size=1 << 20, name='left')\nresource_tracker.unregister(shared._name, 'shared_memory')\n"
        "libc = ctypes.CDLL(None)\nlibc.sem_open(b'/left', os.O_CREAT, 0o666, 0)",
    ),
    _planting(
        "libraries and interpreter state broken in place",
        "import builtins, gc, locale, math, random, signal, sys, threading, warnings, numpy as np\n"
        "np.asarray = np.sum = np.testing.assert_allclose = math.sqrt = None\nmath.pi = 3\nrandom.seed = None\ngc.disable()\n"
        "warnings.simplefilter('error')\nsys.path.clear()\nsys.meta_path.clear()\nos.environ.clear()\nos.umask(0)\n"
        "sys.setrecursionlimit(100)\nsys.settrace(lambda *a: None)\nsys.set_int_max_str_digits(640)\nthreading.stack_size(32768)\n"
        "sys.stdout = sys.stderr = None\nfor fd in (0, 1, 2):\n    os.close(fd)\nimport shutil\nshutil.rmtree(os.getcwd(), ignore_errors=True)",
    ),
    _planting(
        "folders that are hard to remove",
        "os.makedirs('x/y')\nopen('x/y/file', 'w').close()\nos.chmod('x/y', 0)\nos.chmod('x', 0)\nos.mkdir('n' * 255)\n"
        "os.mkdir(b'\\xff\\n\\x1b[2J')\nos.mkfifo('fifo')\nimport socket\nsocket.socket(socket.AF_UNIX).bind('sock')\n"
        "os.chmod(os.environ['HOME'], 0)\nfile = open('/tmp/open', 'w')\nos.unlink('/tmp/open')\nfile.write('x' * 1000000)",
    ),
    _planting(
        "ports, names and locks held by a process that stays",
        "import fcntl, socket, time\nif os.fork() == 0:\n    os.setsid()\n    held = []\n    for port in range(8000, 8010):\n"
        "        sock = socket.socket()\n        sock.bind(('127.0.0.1', port))\n        sock.listen()\n        held.append(sock)\n"
        "    named = socket.socket(socket.AF_UNIX)\n    named.bind('\\0held')\n    lock = open('/tmp/lock', 'w')\n    fcntl.flock(lock, fcntl.LOCK_EX)\n"
        "    for n in range(3, 256):\n        try:\n            os.dup(n)\n        except OSError:\n            pass\n"
        "    time.sleep(10)\n    os._exit(0)\ntime.sleep(0.2)",
    ),
    _afterwards("a process that outlives its notebook", "time.sleep(0.05)", container=True),
    _afterwards(
        "a process that stops whoever comes to end it", "os.kill(-1, signal.SIGSTOP)", container=True
    ),
    _afterwards("a process that kills whoever comes to end it", "os.kill(-1, signal.SIGKILL)"),
    _afterwards(
        "a process that is never the same for long",
        "if os.fork():\n                os._exit(0)\n            time.sleep(0.002)",
    ),
    _afterwards(
        "a process that traces whoever comes to end it",
        "for pid in range(notebook, notebook + 60):\n                for what in ('mem', 'fd/3', 'fd/4', 'fd/5'):\n"
        "                    try:\n                        os.close(os.open(f'/proc/{pid}/{what}', os.O_RDWR))\n"
        "                        open('/tmp/caught', 'a').write(what)\n                    except OSError:\n                        pass",
    ),
    _afterwards(
        "a process that writes new files while old ones are removed",
        "open(f'/tmp/more{time.monotonic_ns()}', 'w').close()\n            time.sleep(0.0005)",
    ),
    Attack(
        "children that ignore all signals and hold the pipes of the notebook",
        "disturbing",
        cells=(
            "import signal, subprocess, sys\ncode = 'import signal, time\\nfor n in range(1, 32):\\n    try:\\n        signal.signal(n, signal.SIG_IGN)\\n'\\\n"
            "    '    except Exception:\\n        pass\\ntime.sleep(15)'\n"
            "kept = [subprocess.Popen([sys.executable, '-S', '-c', code], close_fds=False, start_new_session=True) for _ in range(5)]\n"
            + ARMED,
        ),
        says="armed",
        limits=replace(LIMITS, cell_timeout=6),
    ),
)
