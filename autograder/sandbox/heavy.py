"""The heavy libraries that a warm parent imports ahead, by the code that will want them."""

from __future__ import annotations

import re
from collections.abc import Set

HEAVY_MODULES = {
    "scipy": ("scipy.linalg", "scipy.optimize", "scipy.special", "scipy.stats", "scipy.sparse.linalg"),
    "pandas": ("pandas",),
    "torch": ("torch", "torch.nn.functional"),
    # These load another 70 MB when they are first used.
    "torch.func": ("torch.func", "torch.optim", "torch._dynamo"),
}
_IMPORT = re.compile(rb"(?:import|from)\s+(scipy|pandas|torch)\b")
# In a notebook's file a cell is one line, of any length: nothing here may look at the rest of it again and again.
_TORCH_FUNC = re.compile(
    rb"torch\.(?:func|optim|compile|autograd)\b|torch\s+import[^\n]{0,200}?(?:func|optim|autograd)|\.backward\(\s*[^)\s]"
)


def heavy_imports(code: bytes) -> frozenset[str]:
    """Keys of `HEAVY_MODULES` for a notebook or for tests."""
    names = {name.decode() for name in _IMPORT.findall(code)}
    if "torch" in names and _TORCH_FUNC.search(code):
        names.add("torch.func")
    return frozenset(names)


def with_companions(names: Set[str]) -> frozenset[str]:
    """The keys that a warm parent for `names` has: few different ones, for each is a process."""
    return frozenset(names | {"scipy"} if "torch" in names else names)
