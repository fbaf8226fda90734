"""Attacks on the walls: system calls, signals, links, devices, networks, payloads for the trusted side."""

from __future__ import annotations

import platform

from autograder.sandbox import seccomp
from tests.autograder.hostile.attack import ARMED, NOTHING_WORKED, TRY, Attack

# Calls that no capability allows anyway, so that the filter leaves them out; -1 is no call.
_OTHERS = {"kexec_load": (246, 104), "reboot": (169, 142), "iopl": (172, -1), "swapon": (167, 224)}
_COLUMN = 1 if platform.machine() == "aarch64" else 0
_NUMBERS = {
    name: numbers[_COLUMN]
    for name, numbers in {
        **seccomp.DENIED,
        **_OTHERS,
        "clone": seccomp.CLONE,
        "clone3": seccomp.CLONE3,
    }.items()
}


def _trying(name: str, cell: str, *, container: bool = False) -> Attack:
    return Attack(
        name, "escaping", cells=(f"{TRY}{cell}\nreport()",), says=NOTHING_WORKED, container=container
    )


SYSCALL = (
    f"NUMBERS = {_NUMBERS}"
    + r"""
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long
def call(name, *args):
    number = NUMBERS.get(name, name)
    args = [ctypes.c_long(a) if isinstance(a, int) else a for a in args]
    if libc.syscall(ctypes.c_long(number), *args) < 0:
        raise OSError(ctypes.get_errno())
"""
)

ATTACKS = (
    _trying(
        "keyrings, queues and shared segments that outlive a process",
        SYSCALL
        + r"""
attempt('add_key', call, 'add_key', b'user', b'note', b'text', 4, -4)
attempt('keyctl', call, 'keyctl', 0, -3, 1)
attempt('request_key', call, 'request_key', b'user', b'note', None, -3)
attempt('mq_open', call, 'mq_open', b'note', os.O_CREAT | os.O_RDWR, 0o666, 0)
attempt('msgget', call, 'msgget', 4711, 0o1666)
attempt('semget', call, 'semget', 4711, 1, 0o1666)
attempt('shmget', call, 'shmget', 4711, 4096, 0o1666)
""",
        container=True,
    ),
    _trying(
        "namespaces, mounts and other roots",
        SYSCALL
        + r"""
def in_child(*args):
    child = os.fork()
    if child == 0:
        try:
            call(*args)
            os._exit(0)
        except BaseException:
            os._exit(1)
    if os.waitpid(child, 0)[1] != 0:
        raise OSError
for flag in (0x10000000, 0x20000, 0x40000000, 0x20000000, 0x8000000, 0x2000000):
    attempt(f'unshare {flag:x}', in_child, 'unshare', flag)
    attempt(f'clone {flag:x}', in_child, 'clone', flag | 17, 0, 0, 0, 0)
attempt('mount', in_child, 'mount', b'none', b'/tmp', b'tmpfs', 0, None)
attempt('umount', in_child, 'umount2', b'/tmp', 2)
attempt('pivot_root', in_child, 'pivot_root', b'/tmp', b'/tmp')
attempt('chroot', os.chroot, '/tmp')
attempt('open_tree', in_child, 'open_tree', -100, b'/', 1)
attempt('fsopen', in_child, 'fsopen', b'tmpfs', 0)
attempt('setns', in_child, 'setns', os.open('/proc/self/ns/net', 0), 0)
""",
        container=True,
    ),
    _trying(
        "calls with a large surface in the kernel",
        SYSCALL
        + r"""
buffer = ctypes.create_string_buffer(256)
attempt('bpf', call, 'bpf', 0, buffer, 48)
attempt('perf_event_open', call, 'perf_event_open', buffer, 0, -1, -1, 0)
attempt('userfaultfd', call, 'userfaultfd', 0)
attempt('io_uring', call, 'io_uring_setup', 8, buffer)
attempt('init_module', call, 'init_module', buffer, 0, b'')
attempt('kexec', call, 'kexec_load', 0, 0, None, 0)
attempt('reboot', call, 'reboot', 0, 0, 0)
attempt('iopl', call, 'iopl', 3)
attempt('swapon', call, 'swapon', b'/tmp/x', 0)
attempt('ptrace', call, 'ptrace', 0, 0, 0, 0)
""",
    ),
    _trying(
        "the 32-bit and x32 doors of the kernel",
        SYSCALL
        + r"""
attempt('x32 add_key', call, 0x40000000 + NUMBERS['add_key'], b'user', b'note', b'text', 4, -4)
attempt('x32 unshare', call, 0x40000000 + NUMBERS['unshare'], 0x10000000)
attempt('clone3', call, 'clone3', ctypes.create_string_buffer(88), 88)
""",
    ),
    _trying(
        "becoming another user",
        r"""
for uid in (0, 1, os.getuid() - 1, os.getuid() + 1, 65533, 65534):
    attempt(f'setuid {uid}', os.setuid, uid)
    attempt(f'setgid {uid}', os.setgid, uid)
    attempt(f'setreuid {uid}', os.setreuid, -1, uid)
attempt('setgroups', os.setgroups, [0])
import subprocess
for command in ('su -c id', 'sudo -n id', 'mount -t tmpfs none /tmp', 'newuidmap 1 0 0 1', 'passwd -S root', 'chsh -s /bin/sh'):
    attempt(command, lambda c=command: subprocess.run(c.split(), check=True, capture_output=True, timeout=1, stdin=-3))
""",
    ),
    Attack(
        "rights that the process should not have",
        "escaping",
        cells=(
            "fields = dict(l.split(':\\t') for l in open('/proc/self/status').read().splitlines() if ':\\t' in l)\n"
            "raise RuntimeError(' '.join(f'{k}={fields[k].strip()}' for k in "
            "('CapEff', 'CapPrm', 'CapInh', 'CapAmb', 'NoNewPrivs', 'Seccomp', 'Groups')))",
        ),
        says="CapEff=0{16} CapPrm=0{16} CapInh=0{16} CapAmb=0{16} NoNewPrivs=1 Seccomp=2 Groups=( |$)?(?m:$)",
        container=True,
    ),
    _trying(
        "signals to every process",
        r"""
import signal
own = {int(p) for p in os.listdir('/proc') if p.isdigit() and os.stat(f'/proc/{p}').st_uid == os.getuid()}
for number in (signal.SIGSTOP, signal.SIGTERM, signal.SIGKILL, 0):
    for pid in range(1, 150):
        if pid not in own:
            attempt(f'kill {pid} {number}', os.kill, pid, number)
    attempt(f'kill parent {number}', os.kill, os.getppid(), number)
""",
    ),
    Attack(
        "a signal to all processes at once, from a child",
        "escaping",
        cells=(
            "import os, signal\nif os.fork() == 0:\n    os.kill(-1, signal.SIGKILL)\n    os._exit(0)\nimport time\ntime.sleep(1)",
        ),
        says="process ended here",
    ),
    _trying(
        "priorities, limits and scheduling of others",
        r"""
import resource
attempt('nice', os.nice, -1)
attempt('setpriority', os.setpriority, os.PRIO_PROCESS, os.getppid(), 19)
attempt('affinity', os.sched_setaffinity, os.getppid(), {0})
attempt('realtime', os.sched_setscheduler, 0, os.SCHED_FIFO, os.sched_param(1))
attempt('prlimit', resource.prlimit, os.getppid(), resource.RLIMIT_CPU, (1, 1))
for name in ('RLIMIT_NPROC', 'RLIMIT_DATA', 'RLIMIT_FSIZE', 'RLIMIT_CPU', 'RLIMIT_MSGQUEUE', 'RLIMIT_NOFILE', 'RLIMIT_CORE'):
    kind = getattr(resource, name)
    attempt(name, resource.setrlimit, kind, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
""",
    ),
    _trying(
        "writing where only the grader may",
        r"""
import sysconfig
def write(path):
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o666))
for place in ('/', '/etc', '/usr', '/usr/bin', '/opt', '/opt/grader', '/opt/venv', '/run', '/var', '/home', '/root', '/mnt',
              sys.prefix, sysconfig.get_path('purelib'), os.path.dirname(os.environ['HOME']),
              os.path.dirname(os.path.dirname(os.environ['HOME'])), '/dev', '/proc/1', '/sys/fs/cgroup'):
    attempt(place, write, f'{place}/planted')
for path in ('/etc/passwd', '/proc/sys/kernel/core_pattern', '/proc/sysrq-trigger', '/proc/1/oom_score_adj', '/proc/1/mem',
             f'/proc/{os.getppid()}/oom_score_adj', '/sys/power/state', '/dev/kmsg', '/proc/sys/kernel/hostname', sys.executable):
    attempt(path, lambda p=path: os.close(os.open(p, os.O_WRONLY)))
""",
        container=True,
    ),
    _trying(
        "devices, kernel memory and other terminals",
        r"""
import stat
for path in ('/dev/mem', '/dev/kmem', '/dev/kmsg', '/dev/sda', '/dev/vda', '/dev/fuse', '/dev/kvm', '/dev/net/tun', '/proc/kcore', '/dev/tty'):
    attempt(path, lambda p=path: os.close(os.open(p, os.O_RDONLY)))
attempt('mknod', os.mknod, 'device', 0o666 | stat.S_IFBLK, os.makedev(8, 0))
for name in os.listdir('/dev/pts'):
    if name != 'ptmx':
        attempt(f'terminal {name}', open, f'/dev/pts/{name}')
""",
    ),
    _trying(
        "networks beyond the loopback",
        r"""
import socket
def connect(family, address):
    with socket.socket(family, socket.SOCK_STREAM) as sock:
        sock.settimeout(0.2)
        sock.connect(address)
interfaces = {line.split(':')[0].strip() for line in open('/proc/net/dev') if ':' in line}
if interfaces != {'lo'}:
    _worked.append(f'interfaces {interfaces}')
attempt('a public address', connect, socket.AF_INET, ('192.0.2.1', 53))
attempt('metadata', connect, socket.AF_INET, ('169.254.169.254', 80))
attempt('IPv6', connect, socket.AF_INET6, ('2001:db8::1', 53))
attempt('names', socket.getaddrinfo, 'example.org', 80)
attempt('raw', socket.socket, socket.AF_INET, socket.SOCK_RAW, 1)
attempt('packet', socket.socket, socket.AF_PACKET, socket.SOCK_RAW)
for path in ('/var/run/docker.sock', '/run/podman/podman.sock', '/run/dbus/system_bus_socket', '/run/systemd/private'):
    attempt(path, connect, socket.AF_UNIX, path)
abstract = [line.split()[-1] for line in open('/proc/net/unix') if ' @' in line]
if abstract:
    _worked.append(f'abstract sockets {abstract}')
""",
        container=True,
    ),
    Attack(
        "answers that run code when they are unpickled",
        "escaping",
        before=(
            "import os\nclass Payload:\n    def __reduce__(self):\n        return os.system, ('touch /tmp/unpickled',)\n"
            "    __reduce_ex__ = lambda self, protocol: self.__reduce__()\n"
            "class Told(Exception, Payload):\n    pass",
        ),
        answers={
            "q1": "import numpy as np\ndef square(x):\n    return np.array([Payload()] * 3, dtype=object)",
            "q2": "def total(xs):\n    return Payload()",
            "q3": "def shout(text):\n    raise Told('pickled')",
            "q4": "def twice(f, x):\n    return f(Payload())",
        },
        points={"q1": 0.0, "q2": 0.0, "q3": 0.0, "q4": 0.0},
        says="expected data",
        container=True,
    ),
    Attack(
        "links in the way of the clean-up",
        "escaping",
        cells=(
            "import os, shutil\nhome = os.environ['HOME']\nos.chdir(home)\n"
            "for number, target in enumerate(['/', '/opt/grader', '/tmp', '..', '../private', '/proc/1/root', '/etc/passwd', home]):\n"
            "    os.symlink(target, f'link{number}')\n    os.symlink(target, f'/tmp/link{number}')\n"
            "shutil.rmtree('submission')\nos.symlink('/tmp', 'submission')\nos.link('link0', 'hard')\n"
            "open('/dev/shm/x', 'w').close()\nos.mkfifo('/tmp/fifo')\n" + ARMED,
        ),
        says="armed",
        container=True,
    ),
    Attack(
        "a folder that is exchanged while it is removed",
        "escaping",
        cells=(
            "import os, time\nos.makedirs('swap/inner', exist_ok=True)\nif os.fork() == 0:\n    os.setsid()\n    end = time.monotonic() + 5\n"
            "    while time.monotonic() < end:\n        try:\n            os.rename('swap', 'aside')\n            os.symlink('/', 'swap')\n"
            "            os.unlink('swap')\n            os.rename('aside', 'swap')\n        except OSError:\n            pass\n"
            "    os._exit(0)\n" + ARMED,
        ),
        says="armed",
    ),
)
