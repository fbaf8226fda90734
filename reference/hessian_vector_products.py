"""Products of curvature matrices with vectors in torch, for networks too large for a matrix.

The memory is a few times that of one gradient: no array of size P x P, for P parameters, is ever formed.
"""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import numpy as np
import torch
from array_api_compat import is_torch_array
from scipy.sparse.linalg import LinearOperator
from torch.func import grad, jvp, vjp

# torch.func itself treats dicts, lists and tuples of tensors with this module and offers no public way in.
from torch.utils import _pytree as pytree

from reference.arrays import Array

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
    by forward mode, so no difference step. It costs two to four gradients; `HessianOperator` makes many products
    at one place cheaper.
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
    like : tensor, shape (0,)
        The ``like`` of `reference.lanczos.lanczos` and its kin for vectors that stay on the parameters' device.
    """

    def __init__(self, product: Callable[[Params], Params], params: Params) -> None:
        leaves, self._structure = pytree.tree_flatten(params)
        if len({(leaf.dtype, leaf.device) for leaf in leaves}) != 1 or not leaves[0].is_floating_point():
            raise ValueError("all parameters must be floating-point tensors of one dtype on one device")
        self._product = product
        self._shapes = [leaf.shape for leaf in leaves]
        self._sizes = [leaf.numel() for leaf in leaves]
        self.like = leaves[0].new_empty(0)
        self.dtype = self.like.cpu().numpy().dtype
        self.shape = (sum(self._sizes), sum(self._sizes))

    def ravel(self, tree: Params) -> torch.Tensor:
        """Return the entries of a structure like the parameters as one vector, shape (P,)."""
        return torch.cat([leaf.detach().reshape(-1) for leaf in pytree.tree_leaves(tree)])

    def unravel(self, vector: Array) -> Params:
        """Undo `ravel`: shape (P,), any real dtype, to the structure, dtype and device of the parameters."""
        if not is_torch_array(vector):
            vector = np.ascontiguousarray(vector)  # torch takes no negative strides
        flat = torch.as_tensor(vector, dtype=self.like.dtype, device=self.like.device)
        pieces = [p.reshape(s) for p, s in zip(flat.split(self._sizes), self._shapes, strict=True)]
        return pytree.tree_unflatten(pieces, self._structure)

    def matvec(self, vector: Array) -> Array:
        """Return the product with a vector of shape (P,) or (P, 1), in that shape.

        A tensor gives a tensor on the parameters' device, anything else a NumPy array; both have their dtype.
        """
        v = vector if is_torch_array(vector) else np.asarray(vector)
        if tuple(v.shape) not in {(self.shape[0],), (self.shape[0], 1)}:
            raise ValueError(
                f"vector has shape {tuple(v.shape)}, but the operator is {self.shape[0]} x {self.shape[1]}"
            )
        product = self.ravel(self._product(self.unravel(v.reshape(-1)))).reshape(v.shape)
        return product if is_torch_array(vector) else product.cpu().numpy()

    def matmat(self, matrix: Array) -> Array:
        """Return the product with a matrix of shape (P, k), one column at a time to keep the memory small."""
        columns = [self.matvec(matrix[:, j]) for j in range(matrix.shape[1])]
        return torch.stack(columns, dim=1) if is_torch_array(matrix) else np.stack(columns, axis=1)

    def to_scipy(self) -> LinearOperator:
        """Return a `scipy.sparse.linalg.LinearOperator`; it is its own transpose."""
        return LinearOperator(
            self.shape, matvec=self.matvec, rmatvec=self.matvec, matmat=self.matmat, dtype=self.dtype
        )


class HessianOperator(CurvatureOperator):
    """The Hessian of a loss at given parameters, as they are when the operator is made.

    Parameters
    ----------
    loss : callable
        ``loss(params)``, or ``loss(params, batch)`` when `batches` is given, returns a scalar tensor.
    params : tensor or nested dict, list or tuple of tensors
    batches : iterable, optional
        Run through once for each product, so a list or a data loader, not a generator. The losses of all
        batches are added: put 1/N into the loss for a mean over N examples. Memory is that of one batch.

    Notes
    -----
    Without batches the graph of the gradient is kept, and a product is one more backward pass through it, at about
    the cost of one gradient. With batches nothing is kept from one to the next, and a product costs as much as
    `hvp`.

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

        params = _frozen(params)
        graph = cache(lambda: _gradient_graph(loss, params))

        def product(vector: Params) -> Params:
            if batches is None:
                return _backward_through(*graph(), vector)
            total = None
            for batch in batches:
                term = hvp(lambda p, batch=batch: loss(p, batch), params, vector)  # type: ignore[misc]
                total = term if total is None else pytree.tree_map(torch.add, total, term)
            if total is None:
                raise ValueError("there are no batches")
            return total

        super().__init__(product, params)


def _frozen(params: Params) -> Params:
    """Return copies of the parameters that no later step of an optimiser changes."""
    return pytree.tree_map(lambda leaf: leaf.detach().clone(), params)


def _gradient_graph(
    loss: Callable[[Any], torch.Tensor], params: Params
) -> tuple[list[torch.Tensor], tuple[torch.Tensor, ...]]:
    """Return the parameters' leaves, and the gradient as a function of them that can be derived again."""
    leaves, structure = pytree.tree_flatten(params)
    leaves = [leaf.detach().requires_grad_() for leaf in leaves]
    with torch.enable_grad():
        value = loss(pytree.tree_unflatten(leaves, structure))
        return leaves, torch.autograd.grad(value, leaves, create_graph=True, materialize_grads=True)


def _backward_through(
    leaves: list[torch.Tensor], gradient: tuple[torch.Tensor, ...], vector: Params
) -> list[torch.Tensor]:
    """Return the derivative of the gradient along a vector: reverse over reverse mode, as the Hessian is symmetric."""
    # A part of the gradient that depends on no parameter has no graph, and no share in the Hessian.
    pairs = [(g, v) for g, v in zip(gradient, pytree.tree_leaves(vector), strict=True) if g.requires_grad]
    if not pairs:
        return [torch.zeros_like(leaf) for leaf in leaves]
    outputs, weights = zip(*pairs, strict=True)
    return list(torch.autograd.grad(outputs, leaves, weights, retain_graph=True, materialize_grads=True))


def ggn_operator(
    model: Callable[[Any], torch.Tensor], loss: Callable[[torch.Tensor], torch.Tensor], params: Params
) -> CurvatureOperator:
    """Return the generalised Gauss-Newton matrix ``J' H J`` of ``loss(model(params))``, at params as they are now.

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
    params = _frozen(params)

    def product(vector: Params) -> Params:
        # Indexed, not unpacked: both return a third value when asked for auxiliary outputs.
        backward = vjp(model, params)
        pushed_forward = jvp(model, (params,), (vector,))[1]
        return backward[1](hvp(loss, backward[0], pushed_forward))[0]

    return CurvatureOperator(product, params)
