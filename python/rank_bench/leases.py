"""
Leases of passes. A pass holds between forward and backward what the latter needs, so that it is one graph's until
nobody needs it; then it is idle, and the next who asks for rows of that shape gets it.
"""

import threading
from collections import OrderedDict, deque

from .engine import engine as engine_here
from .loss_passes import loss_pass
from .passes import value_pass
from .variants import variant_for


def require_kernel(op, n):
    """Raises NoKernelError, before anything is computed, where no kernel covers rows of n items."""
    if "of" not in op.described:
        variant_for(op.name, op.described, op.params, n, n * n)


def make_pass(op, dtype, rows):
    """Plans an operator for rows of one shape."""
    return loss_pass(op, dtype, rows) if op.has_labels else value_pass(op, dtype, rows)


class Lease:
    """A pass that nobody else uses; when it is forgotten the next one who asks for such a pass gets it."""

    __slots__ = ("pass_", "_pool", "_key")

    def __init__(self, pass_, pool, key):
        self.pass_, self._pool, self._key = pass_, pool, key

    def __del__(self):
        self._pool.append((self._key, self.pass_))


#: Idle passes of a thread beyond these are let go, those of the shape that was asked for longest ago first.
most_idle, most_idle_bytes = 64, 2**28


class Passes:
    """Idle passes of a thread."""

    def __init__(self):
        self._returned = deque()
        self._idle = OrderedDict()
        self._count, self._bytes = 0, 0

    def lease(self, op, dtype, rows):
        key = (id(op), op, dtype.char, rows.key)
        self._take_back()
        idle = self._idle.get(key)
        if idle:
            found = idle.pop()
            if not idle:
                del self._idle[key]
            self._count -= 1
            self._bytes -= found.bytes
        else:
            found = make_pass(op, dtype, rows)
        return Lease(found, self._returned, key)

    def _take_back(self):
        while self._returned:
            key, back = self._returned.popleft()
            self._idle.setdefault(key, []).append(back)
            self._idle.move_to_end(key)
            self._count += 1
            self._bytes += back.bytes
        while self._count > most_idle or self._bytes > most_idle_bytes:
            key, idle = next(iter(self._idle.items()))
            self._bytes -= idle.pop().bytes
            self._count -= 1
            if not idle:
                del self._idle[key]


_local = threading.local()


def lease(op, dtype, rows):
    """A pass for rows of that shape, planned anew where none is idle in this thread."""
    engine = engine_here()
    if getattr(_local, "engine", None) is not engine:
        _local.engine, _local.passes = engine, Passes()
    return _local.passes.lease(op, dtype, rows)
