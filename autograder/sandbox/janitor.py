"""Ends and removes what a student's processes leave behind.

It is a process of its own because its work is done in forks with the student's rights, and a fork of a process
that has imported nothing is many times cheaper than one of a warm parent.
"""

from __future__ import annotations

import contextlib
import socket
import sys
from pathlib import Path

from autograder.sandbox import walls
from autograder.sandbox.wire import Channel, WireClosed


def main(fd: int) -> None:
    """Serve ``kill`` and ``clean`` requests until the server is gone."""
    walls.hide_from_debuggers()
    channel = Channel(socket.socket(fileno=fd))
    channel.send({"ready": True})
    with contextlib.suppress(WireClosed):
        while True:
            request, _ = channel.recv()
            if request["o"] == "kill":
                reply = {"left": walls.kill_everything_of(request["uid"])}
            else:
                walls.remove_as(request["uid"], [Path(path) for path in request["paths"]])
                reply = {}
            channel.send({**reply, "ticket": request["ticket"]})


if __name__ == "__main__":
    main(int(sys.argv[1]))
