"""A system call filter for student processes: what a notebook never needs and an attacker likes.

Keyrings, message queues and System V objects would outlive a submission; new namespaces would give
capabilities back; the rest widens the kernel's surface.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct
import sys

_PR_SET_SECCOMP, _MODE_FILTER = 22, 2
_LOAD, _JUMP_EQUAL, _JUMP_GREATER, _JUMP_ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _ERROR, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
# Offsets in struct seccomp_data.
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT, _SECOND_ARGUMENT, _THIRD_ARGUMENT = 0, 4, 16, 24, 32
_NEW_NAMESPACES = 0x7E020000
_X32_BIT = 0x40000000

# name: (x86_64, aarch64)
DENIED = {
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "mq_open": (240, 180),
    "mq_unlink": (241, 181),
    "msgget": (68, 186),
    "msgsnd": (69, 189),
    "msgrcv": (70, 188),
    "msgctl": (71, 187),
    "semget": (64, 190),
    "semctl": (66, 191),
    "semop": (65, 193),
    "semtimedop": (220, 192),
    "shmget": (29, 194),
    "shmctl": (31, 195),
    "shmat": (30, 196),
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsmount": (432, 432),
    "mount_setattr": (442, 442),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "pidfd_getfd": (438, 438),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "init_module": (175, 105),
    "finit_module": (313, 273),
}
CLONE = (56, 220)
CLONE3 = (435, 435)  # its flags lie in memory, out of a filter's reach; libc then falls back to clone
# A socket that lingers stops whoever closes it last: the examiner, if it is sent there.
SETSOCKOPT = (54, 208)
_SOL_SOCKET, _SO_LINGER = 1, 13
MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def _op(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, value)


def program(column: int, architecture: int) -> bytes:
    """The filter in the kernel's bytecode, for one column of the table."""
    refuse = _op(_RETURN, _ERROR | errno.EPERM)
    ops = [
        _op(_LOAD, _ARCHITECTURE),
        _op(_JUMP_EQUAL, architecture, 1, 0),
        _op(_RETURN, _KILL),
        _op(_LOAD, _NUMBER),
        _op(_JUMP_GREATER, _X32_BIT, 0, 1),
        refuse,
        _op(_JUMP_EQUAL, CLONE3[column], 0, 1),
        _op(_RETURN, _ERROR | errno.ENOSYS),
    ]
    for numbers in DENIED.values():
        ops += [_op(_JUMP_EQUAL, numbers[column], 0, 1), refuse]
    ops += [
        _op(_JUMP_EQUAL, CLONE[column], 0, 4),
        _op(_LOAD, _FIRST_ARGUMENT),
        _op(_JUMP_ANY_BIT, _NEW_NAMESPACES, 0, 1),
        refuse,
        _op(_RETURN, _ALLOW),
        _op(_JUMP_EQUAL, SETSOCKOPT[column], 0, 5),
        _op(_LOAD, _SECOND_ARGUMENT),
        _op(_JUMP_EQUAL, _SOL_SOCKET, 0, 3),
        _op(_LOAD, _THIRD_ARGUMENT),
        _op(_JUMP_EQUAL, _SO_LINGER, 0, 1),
        refuse,
        _op(_RETURN, _ALLOW),
    ]
    return b"".join(ops)


def available() -> bool:
    """Whether the filter knows this machine; a 32-bit program on it makes other calls."""
    return platform.system() == "Linux" and platform.machine() in MACHINES and sys.maxsize > 1 << 32


def install() -> None:
    """Apply the filter to this process and all its children; needs no_new_privs.

    Raises
    ------
    OSError
        If the kernel refuses.
    """
    column, architecture = MACHINES[platform.machine()]
    code = program(column, architecture)
    buffer = ctypes.create_string_buffer(code, len(code))
    loaded = _Program(len(code) // 8, ctypes.cast(buffer, ctypes.c_void_p))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.byref(loaded), 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "the system call filter was refused")
