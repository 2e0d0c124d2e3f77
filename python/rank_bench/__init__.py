"""
rank-bench's operators for Python: differentiable sorting, ranking, top-k and learning-to-rank losses, computed by the
kernels of rank-bench for Node, to the same bits.

    >>> import rank_bench as rb
    >>> rb.soft_rank([5, 1, 2], strength=2)
    array([3.  , 1.25, 1.75])
    >>> float(rb.loss.listnet([2, 1, 0.5], [0, 2, 1]))
    1.4967...

Functions of numpy arrays are here; ``rank_bench.torch`` and ``rank_bench.jax`` have the same ones for tensors and
under ``jit``.
"""

from .errors import RankBenchError, SecondDerivativeError
from .numpy_api import apply, functions
from .variants import NoKernelError

globals().update(functions)

__all__ = ["NoKernelError", "RankBenchError", "SecondDerivativeError", "apply", *functions]
__version__ = "0.1.0"
