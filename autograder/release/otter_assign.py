"""Otter's compiler, warm: importing otter takes ten times as long as compiling a master.

Each compiler is a process of its own, because otter changes the working directory and logs as it likes, and
forks once for each master. Its hash seed is fixed at its start, so two of them show whether the output
depends on it.
"""

from __future__ import annotations

import atexit
import json
import os
import select
import subprocess
import sys
import threading
import traceback
from functools import cache
from pathlib import Path


class OtterTimeout(Exception):
    """Otter did not end in time."""


class Compiler:
    """A process that has imported otter and runs ``otter assign`` for one master at a time."""

    def __init__(self, hash_seed: str) -> None:
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "OMP_NUM_THREADS": "1"}
        self._lock = threading.Lock()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "autograder.release.otter_assign"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )
        atexit.register(self._process.kill)

    def assign(self, notebook: Path, out: Path, *, seconds: float) -> tuple[bool, str]:
        """Compile `notebook` into the folder `out`.

        Returns
        -------
        done, output
            Whether otter ended well, and all that it printed.

        Raises
        ------
        OtterTimeout
            If that takes more than `seconds`.
        """
        log = notebook.parent / "otter.log"
        job = {"notebook": str(notebook), "out": str(out), "log": str(log)}
        with self._lock:
            assert self._process.stdin and self._process.stdout
            try:
                self._process.stdin.write(json.dumps(job) + "\n")
                self._process.stdin.flush()
                if not select.select([self._process.stdout], [], [], seconds)[0]:
                    raise OtterTimeout
                status = self._process.stdout.readline().strip()
            except (OtterTimeout, OSError):
                self._process.kill()
                compiler.cache_clear()
                raise
        return status == "0", log.read_text(errors="replace")


@cache
def compiler(hash_seed: str) -> Compiler:
    """The compiler with this hash seed, started when it is first wanted."""
    return Compiler(hash_seed)


def _assign(job: dict[str, str]) -> None:
    """The body of a fork: everything that otter prints goes to the log."""
    log = os.open(job["log"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.chdir(Path(job["notebook"]).parent)
    try:
        from otter.assign import main as assign

        assign(job["notebook"], job["out"], no_run_tests=True, no_pdfs=True)
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)
    sys.stdout.flush()
    os._exit(0)


def main() -> None:
    """Read jobs, one JSON line each, from stdin; answer each with the fork's exit status."""
    import otter.assign  # noqa: F401 - what all forks share

    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            os.close(0)
            _assign(json.loads(line))
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


if __name__ == "__main__":
    main()
