"""What a submission may use. Honest work does not meet these limits."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Limits:
    """Limits of one submission.

    Attributes
    ----------
    cell_timeout, test_timeout, submission_timeout
        Seconds of wall clock for one cell, one test case and everything together.
    memory
        Bytes of private memory for one student process.
    processes, open_files
        Counts for all student processes together, and for each.
    file_bytes
        Bytes of one file.
    restarts
        How often a notebook whose process died is run again without the cell that killed it.
    """

    cell_timeout: float = 60.0
    test_timeout: float = 20.0
    submission_timeout: float = 600.0
    memory: int = 2 << 30
    processes: int = 200
    open_files: int = 2048
    file_bytes: int = 256 << 20
    restarts: int = 3

    def to_json(self) -> dict[str, Any]:
        return asdict(self)
