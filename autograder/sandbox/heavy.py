"""The heavy libraries that a warm parent imports ahead, by the code that will want them."""

from __future__ import annotations

import re

HEAVY_MODULES = {
    "scipy": ("scipy.linalg", "scipy.optimize", "scipy.special", "scipy.stats", "scipy.sparse.linalg"),
    "pandas": ("pandas",),
    "torch": ("torch", "torch.nn.functional"),
    # These load another 70 MB when they are first used.
    "torch.func": ("torch.func", "torch.optim", "torch._dynamo"),
}
_IMPORT = re.compile(rb"(?:import|from)\s+(scipy|pandas|torch)\b")
_TORCH_FUNC = re.compile(
    rb"torch\.(?:func|optim|compile|autograd)\b|torch\s+import.*(?:func|optim|autograd)|\.backward\(\s*[^)\s]"
)


def heavy_imports(code: bytes) -> frozenset[str]:
    """Keys of `HEAVY_MODULES` for a notebook or for tests.

    Few different answers are wanted, for each is a process: what uses torch gets SciPy too.
    """
    names = {name.decode() for name in _IMPORT.findall(code)}
    if "torch" in names:
        names |= {"scipy", "torch.func"} if _TORCH_FUNC.search(code) else {"scipy"}
    return frozenset(names)
