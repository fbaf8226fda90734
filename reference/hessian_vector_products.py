"""Products of curvature matrices with vectors in torch, for networks too large for a matrix.

The memory is a few times that of one gradient: no array of size P x P, for P parameters, is ever formed.
"""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import torch
from scipy.sparse.linalg import LinearOperator
from torch.func import grad, jvp, vjp

# torch.func itself treats dicts, lists and tuples of tensors with this module and offers no public way in.
from torch.utils import _pytree as pytree

from reference.finite_differences import Array

Params = Any  # a tensor, or nested dicts, lists and tuples of tensors


def hvp(loss: Callable[[Any], torch.Tensor], params: Params, vector: Params) -> Params:
    """Return the Hessian of a scalar loss at `params` times a vector.

    Parameters
    ----------
    loss : callable
        Maps parameters to a scalar tensor; made of torch operations.
    params, vector : tensor or nested dict, list or tuple of tensors, of one structure

    Returns
    -------
    same structure as params

    Notes
    -----
    Forward over reverse (Pearlmutter, Neural Computation 6, 1994): the directional derivative of the gradient,
    by forward mode, so no difference step. It costs one and a half to three gradients.
    """
    return jvp(grad(loss), (params,), (vector,))[1]


class CurvatureOperator:
    """A symmetric linear map on parameters, as a matrix that can only be multiplied.

    Parameters
    ----------
    product : callable
        Maps a vector in the structure of `params` to its image in the same structure.
    params : tensor or nested dict, list or tuple of tensors
        All floating, of one dtype, on one device. Entries are numbered leaf by leaf; see `ravel`.

    Attributes
    ----------
    shape : tuple of int
        (P, P) with P the number of parameters.
    dtype : numpy dtype
    """

    def __init__(self, product: Callable[[Params], Params], params: Params) -> None:
        leaves, self._structure = pytree.tree_flatten(params)
        if len({(leaf.dtype, leaf.device) for leaf in leaves}) != 1 or not leaves[0].is_floating_point():
            raise ValueError("all parameters must be floating-point tensors of one dtype on one device")
        self._product = product
        self._shapes = [leaf.shape for leaf in leaves]
        self._sizes = [leaf.numel() for leaf in leaves]
        self._like = leaves[0].detach()
        self.dtype = self._like.new_zeros(()).cpu().numpy().dtype
        self.shape = (sum(self._sizes), sum(self._sizes))

    def ravel(self, tree: Params) -> Array:
        """Return the entries of a structure like the parameters as one NumPy vector, shape (P,)."""
        leaves = pytree.tree_leaves(tree)
        return np.asarray(torch.cat([leaf.detach().reshape(-1) for leaf in leaves]).cpu().numpy())

    def unravel(self, vector: Array) -> Params:
        """Undo `ravel`: shape (P,), any real dtype, to the structure, dtype and device of the parameters."""
        flat = torch.as_tensor(np.ascontiguousarray(vector), dtype=self._like.dtype, device=self._like.device)
        pieces = [p.reshape(s) for p, s in zip(flat.split(self._sizes), self._shapes, strict=True)]
        return pytree.tree_unflatten(pieces, self._structure)

    def matvec(self, vector: Array) -> Array:
        """Return the product with a vector of shape (P,) or (P, 1), in that shape."""
        v = np.asarray(vector)
        if v.shape not in {(self.shape[0],), (self.shape[0], 1)}:
            raise ValueError(
                f"vector has shape {v.shape}, but the operator is {self.shape[0]} x {self.shape[1]}"
            )
        return self.ravel(self._product(self.unravel(v.reshape(-1)))).reshape(v.shape)

    def matmat(self, matrix: Array) -> Array:
        """Return the product with a matrix of shape (P, k), one column at a time to keep the memory small."""
        return np.stack([self.matvec(column) for column in np.asarray(matrix).T], axis=1)

    def to_scipy(self) -> LinearOperator:
        """Return a `scipy.sparse.linalg.LinearOperator`; it is its own transpose."""
        return LinearOperator(
            self.shape, matvec=self.matvec, rmatvec=self.matvec, matmat=self.matmat, dtype=self.dtype
        )


class HessianOperator(CurvatureOperator):
    """The Hessian of a loss at given parameters.

    Parameters
    ----------
    loss : callable
        ``loss(params)``, or ``loss(params, batch)`` when `batches` is given, returns a scalar tensor.
    params : tensor or nested dict, list or tuple of tensors
    batches : iterable, optional
        Run through once for each product, so a list or a data loader, not a generator. The losses of all
        batches are added: put 1/N into the loss for a mean over N examples. Memory is that of one batch.

    Examples
    --------
    >>> weights = torch.tensor([1.0, 2.0], dtype=torch.float64)
    >>> HessianOperator(lambda w: (w**3).sum(), weights).matvec(np.array([1.0, 1.0]))
    array([ 6., 12.])
    """

    def __init__(
        self, loss: Callable[..., torch.Tensor], params: Params, *, batches: Iterable[Any] | None = None
    ) -> None:
        if iter(batches if batches is not None else ()) is batches:
            raise ValueError("batches can be run through only once: pass a list or a data loader")

        def product(vector: Params) -> Params:
            if batches is None:
                return hvp(loss, params, vector)
            total = None
            for batch in batches:
                term = hvp(lambda p, batch=batch: loss(p, batch), params, vector)  # type: ignore[misc]
                total = term if total is None else pytree.tree_map(torch.add, total, term)
            if total is None:
                raise ValueError("there are no batches")
            return total

        super().__init__(product, params)


def ggn_operator(
    model: Callable[[Any], torch.Tensor], loss: Callable[[torch.Tensor], torch.Tensor], params: Params
) -> CurvatureOperator:
    """Return the generalised Gauss-Newton matrix ``J' H J`` of ``loss(model(params))``.

    Parameters
    ----------
    model : callable
        Maps parameters to the outputs (for all examples), a tensor of any shape; J is its Jacobian.
    loss : callable
        Maps the outputs to a scalar tensor; H is its Hessian. If it is convex, the matrix is positive
        semidefinite.
    params : tensor or nested dict, list or tuple of tensors

    Notes
    -----
    Equal to the Hessian when the model is linear or fits its targets exactly; for softmax cross-entropy it is
    the Fisher information (Schraudolph, Neural Computation 14, 2002; Martens, JMLR 21, 2020).
    """

    def product(vector: Params) -> Params:
        # Indexed, not unpacked: both return a third value when asked for auxiliary outputs.
        backward = vjp(model, params)
        pushed_forward = jvp(model, (params,), (vector,))[1]
        return backward[1](hvp(loss, backward[0], pushed_forward))[0]

    return CurvatureOperator(product, params)
