"""The warm parent: imports the heavy libraries once and forks a student process for each submission.

It is started with nothing but one socket. It never reads a bundle, so no fork of it can know a test.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import signal
import socket
import sys
from pathlib import Path
from typing import Any

import numpy as np

from autograder.sandbox import seccomp, walls
from autograder.sandbox.heavy import HEAVY_MODULES
from autograder.sandbox.shell import NotebookShell
from autograder.sandbox.student import run_notebook
from autograder.sandbox.values import Encoder
from autograder.sandbox.wire import Channel, WireClosed

BASE_MODULES = (
    "numpy.random",  # numpy loads its parts when they are first used
    "numpy.linalg",
    "numpy.ma",
    "numpy.testing",
    "numpy.polynomial",
    "matplotlib.pyplot",
    "matplotlib.animation",
    "matplotlib.patches",
    "IPython.display",
    "collections.abc",
    "fractions",
    "statistics",
    "timeit",
)


# What most notebooks do first. Done once here, each of them finds it done.
_REHEARSAL = """
def _rehearse():
    import matplotlib.pyplot as plt
    import numpy as np

    fig, axes = plt.subplots(1, 2, figsize=(8, 3), layout="constrained")
    x, y = np.meshgrid(np.linspace(-1, 1, 10), np.linspace(-1, 1, 10))
    axes[0].contour(x, y, x**2 + y**2, levels=np.logspace(-1, 0, 5))
    axes[0].set(aspect="equal", xlabel="$x_1$", ylabel="y", title="t")
    axes[0].annotate("a", (0, 0), arrowprops={"arrowstyle": "->"})
    axes[1].semilogy([1, 2, 3], [1, 2, 3], "o-", label="a")
    axes[1].scatter([1, 2], [1, 2], label="b")
    axes[1].legend()
    axes[1].grid(True, alpha=0.3)
    print("x", np.linalg.eigvalsh(np.eye(3)), flush=True)

_rehearse()
"""


def main(fd: int, heavy: list[str]) -> None:
    """Import, then fork a student for each request until the examiner's side is gone."""
    walls.hide_from_debuggers()
    for name in (*BASE_MODULES, *(module for key in heavy for module in HEAVY_MODULES[key])):
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    if "torch" in heavy:
        sys.modules["torch"].set_num_threads(1)
    if "torch.func" in heavy:  # its first call loads more
        torch = sys.modules["torch"]
        torch.func.hessian(torch.sum)(torch.ones(2))
    shell = NotebookShell.create()
    shell.run(_REHEARSAL, seed=None, seed_variable=None)
    shell.user_ns.pop("_rehearse", None)
    Encoder(lambda value: None).encode([shell.run, np.ones(100), np.random.default_rng(0), 1 << 80])
    del sys.argv[1:]
    gc.collect()
    gc.freeze()
    walls.gather_memory()
    channel = Channel(socket.socket(fileno=fd), accept_fds=True)
    channel.send({"ready": True})
    with contextlib.suppress(WireClosed):
        while True:
            request, _ = channel.recv()
            walls.reap()
            channel.send({"pid": _spawn(channel, request, shell), "ticket": request["ticket"]})


def _spawn(channel: Channel, request: dict[str, Any], shell: NotebookShell) -> int:
    fd = channel.take_fd()
    child = os.fork()
    if child:
        os.close(fd)
        return child
    status = 1
    try:
        os.setsid()
        walls.close_all_but({fd})
        _enter(request)
        # Leave nothing of the grader on the path: a notebook must not find these packages.
        sys.path[:] = [entry for entry in sys.path if entry not in request["hidden_paths"]]
        sys.meta_path[:] = [finder for finder in sys.meta_path if "__editable__" not in repr(finder)]
        case_cpu = int(request["limits"]["test_timeout"]) + 2
        run_notebook(socket.socket(fileno=fd), shell, Path(request["home"]) / "submission", case_cpu)
        status = 0
    finally:
        os._exit(status)


def _enter(request: dict[str, Any]) -> None:
    """Become the student: limits, uid, folders, environment, signals."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    walls.first_to_die()
    limits = request["limits"]
    uid, home = request["uid"], Path(request["home"])
    walls.limit(
        memory=limits["memory"],
        processes=limits["processes"] if uid is not None else None,
        open_files=limits["open_files"],
        file_bytes=limits["file_bytes"],
        cpu=limits["submission_timeout"],
    )
    if uid is not None:
        walls.become(uid)
        if seccomp.available():
            seccomp.install()
    os.umask(0o077)
    home.mkdir(mode=0o700)
    (home / "submission").mkdir()
    os.environ.clear()
    os.environ.update(walls.environment(home))


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
