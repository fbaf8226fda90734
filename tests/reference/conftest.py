"""Shared by the tests of the reference implementations: tolerances, array namespaces, Hypothesis settings."""

import dataclasses
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import settings

# Derandomized: everybody sees the same examples, and a red test stays red until it is mended.
settings.register_profile("reference", deadline=None, max_examples=40, derandomize=True)
settings.load_profile("reference")

#: How far a well-conditioned computation of a few hundred operations may be from its oracle. One table for all.
TOLERANCES = {
    "float64": {"rtol": 1e-10, "atol": 1e-12},
    "float32": {"rtol": 2e-4, "atol": 1e-5},
}


@dataclasses.dataclass(frozen=True)
class Backend:
    """A namespace and dtype that a reference implementation must keep to."""

    namespace: str
    dtype: str

    def array(self, values: Any) -> Any:
        """``values`` as an array of this backend."""
        if self.namespace == "torch":
            return torch.tensor(np.asarray(values), dtype=getattr(torch, self.dtype))
        return np.asarray(values, dtype=self.dtype)

    def owns(self, array: Any) -> bool:
        """Whether ``array`` has this backend's type and dtype."""
        kind = torch.Tensor if self.namespace == "torch" else (np.ndarray, np.generic)
        return isinstance(array, kind) and str(array.dtype).removeprefix("torch.") == self.dtype

    @property
    def tolerance(self) -> dict[str, float]:
        """Keyword arguments for ``numpy.testing.assert_allclose``."""
        return TOLERANCES[self.dtype]


@pytest.fixture(
    params=[
        Backend(namespace, dtype) for namespace in ("numpy", "torch") for dtype in ("float64", "float32")
    ],
    ids=lambda backend: f"{backend.namespace}-{backend.dtype}",
)
def backend(request):
    """Each of NumPy and torch in float64 and float32."""
    return request.param


@pytest.fixture
def rng():
    """A fresh generator with a fixed seed."""
    return np.random.default_rng(20240229)
