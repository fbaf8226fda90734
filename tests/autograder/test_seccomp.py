"""The system call filter refuses what it names on every machine that it knows, and says where it knows none."""

from __future__ import annotations

import ctypes
import os
import platform
import socket
import struct
import sys

import pytest

from autograder.batch.engine import CODE, Engine
from autograder.sandbox import seccomp
from autograder.sandbox.launch import python_command
from tests.autograder.hostile.world import LIMITS, POINTS, Grader, answers, scores
from tests.autograder.needs import missing

ALLOW, EPERM, ENOSYS, KILL = 0x7FFF0000, 0x00050001, 0x00050026, 0x80000000
CLONE_NEWUSER, SIGCHLD = 0x10000000, 17
HARMLESS = {  # what a notebook cannot do without
    "read": (0, 63),
    "write": (1, 64),
    "openat": (257, 56),
    "mmap": (9, 222),
    "execve": (59, 221),
    "futex": (202, 98),
    "socket": (41, 198),
    "kill": (62, 129),
    "prlimit64": (302, 261),
    "getrandom": (318, 278),
}


def verdict(
    machine: str,
    number: int,
    *,
    argument: int = 0,
    arguments: tuple[int, ...] = (),
    architecture: int | None = None,
) -> int:
    """What the filter for `machine` answers to a call: the kernel's bytecode, interpreted."""
    column, own = seccomp.MACHINES[machine]
    given = [*(arguments or (argument,)), *[0] * 6][:6]
    data = struct.pack("=IIQ6Q", number, architecture or own, 0, *given)
    code = seccomp.program(column, own)
    at, register = 0, 0
    while True:
        operation, if_true, if_false, value = struct.unpack_from("=HBBI", code, 8 * at)
        at += 1
        match operation:
            case 0x20:
                register = struct.unpack_from("=I", data, value)[0]
            case 0x15:
                at += if_true if register == value else if_false
            case 0x35:
                at += if_true if register >= value else if_false
            case 0x45:
                at += if_true if register & value else if_false
            case 0x06:
                return value
            case _:
                raise AssertionError(f"unknown operation {operation:#x}")


@pytest.mark.parametrize("machine", seccomp.MACHINES)
class TestFilter:
    def test_every_denied_call_is_refused(self, machine):
        column = seccomp.MACHINES[machine][0]
        answers = {name: verdict(machine, numbers[column]) for name, numbers in seccomp.DENIED.items()}
        assert answers == dict.fromkeys(seccomp.DENIED, EPERM)

    def test_what_a_notebook_needs_is_allowed(self, machine):
        column = seccomp.MACHINES[machine][0]
        answers = {name: verdict(machine, numbers[column]) for name, numbers in HARMLESS.items()}
        assert answers == dict.fromkeys(HARMLESS, ALLOW)

    def test_a_fork_is_allowed_and_a_new_namespace_is_not(self, machine):
        column = seccomp.MACHINES[machine][0]
        assert verdict(machine, seccomp.CLONE[column], argument=SIGCHLD) == ALLOW
        assert verdict(machine, seccomp.CLONE[column], argument=CLONE_NEWUSER | SIGCHLD) == EPERM
        assert verdict(machine, seccomp.CLONE3[column]) == ENOSYS

    def test_no_socket_may_linger(self, machine):
        call = seccomp.SETSOCKOPT[seccomp.MACHINES[machine][0]]
        assert verdict(machine, call, arguments=(3, socket.SOL_SOCKET, socket.SO_LINGER)) == EPERM
        assert verdict(machine, call, arguments=(3, socket.SOL_SOCKET, socket.SO_REUSEADDR)) == ALLOW
        assert verdict(machine, call, arguments=(3, socket.IPPROTO_TCP, socket.SO_LINGER)) == ALLOW

    def test_calls_of_another_architecture_end_the_process(self, machine):
        for number in (0, 1, 101, 400):
            assert verdict(machine, number, architecture=0x40000003) == KILL

    def test_calls_in_the_x32_range_are_refused(self, machine):
        assert verdict(machine, 0x40000000) == verdict(machine, 0x400000F8) == EPERM

    def test_the_numbers_are_those_of_libseccomp(self, machine):
        try:
            resolve = ctypes.CDLL("libseccomp.so.2").seccomp_syscall_resolve_name_arch
        except OSError:
            missing("libseccomp is not installed")
        resolve.argtypes = [ctypes.c_uint32, ctypes.c_char_p]
        column, architecture = seccomp.MACHINES[machine]
        special = {"clone": seccomp.CLONE, "clone3": seccomp.CLONE3, "setsockopt": seccomp.SETSOCKOPT}
        table = {**seccomp.DENIED, **HARMLESS, **special}
        expected = {name: resolve(architecture, name.encode()) for name in table}
        assert {name: numbers[column] for name, numbers in table.items()} == expected


@pytest.mark.parametrize(
    ("system", "machine", "pointer", "known"),
    [
        ("Linux", "x86_64", 1 << 63, True),
        ("Linux", "aarch64", 1 << 63, True),
        ("Linux", "riscv64", 1 << 63, False),
        ("Linux", "aarch64", 1 << 31, False),
        ("Darwin", "x86_64", 1 << 63, False),
    ],
)
def test_the_filter_is_there_on_known_machines_alone(monkeypatch, system, machine, pointer, known):
    monkeypatch.setattr(platform, "system", lambda: system)
    monkeypatch.setattr(platform, "machine", lambda: machine)
    monkeypatch.setattr(sys, "maxsize", pointer - 1)
    assert seccomp.available() is known


@pytest.mark.root
def test_a_machine_without_a_filter_is_graded_and_told():
    if os.geteuid() != 0 or not sys.platform.startswith("linux"):
        pytest.skip("needs root on Linux")
    python, *options, program = python_command(CODE, "serve")
    program = program.replace(
        "import runpy", "import platform; platform.machine = lambda: 'riscv64'; import runpy"
    )
    engine = Engine("process", lambda name, uid: [python, *options, program, str(CODE), str(uid)])
    with Grader(engine, LIMITS) as grader:
        verdict = grader.run(answers())
    assert scores(verdict) == POINTS
    assert verdict.missing_walls == ("system call filter",)
