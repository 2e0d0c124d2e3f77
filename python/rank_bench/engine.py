"""
The kernels in this process: WebAssembly under wasmtime.

A thread has an engine of its own, which is a store, an instance and its memory. What was planned on one engine may be
run from any thread, one at a time (``lock``); threads that plan by themselves do not meet. Calls are the unchecked
ones: a checked call converts every argument through Python objects and costs some fifty times as much as the call
itself.
"""

import ctypes
import os
import threading
import weakref
from collections import deque

import wasmtime
from wasmtime import _ffi as ffi

from .assets import description, kernels
from .errors import value_error

_page = 65536
_line = 64

_shared = {}
_sharing = threading.Lock()


def _module():
    """Compiled once a process."""
    with _sharing:
        if not _shared:
            config = wasmtime.Config()
            config.wasm_simd = True
            engine = wasmtime.Engine(config)
            _shared["engine"] = engine
            _shared["module"] = wasmtime.Module(engine, kernels())
        return _shared["engine"], _shared["module"]


class Call:
    """An export with its arguments prepared: writing an argument and running it allocates nothing."""

    def __init__(self, engine, function, arguments):
        self._engine = engine
        self._function = ctypes.byref(function._func)
        self._keep = function
        self._size = max(1, len(arguments))
        self.values = (ffi.wasmtime_val_raw_t * self._size)()
        self._trap = ctypes.POINTER(ffi.wasm_trap_t)()
        self._trap_at = ctypes.byref(self._trap)
        for i, value in enumerate(arguments):
            self.values[i].i32 = value

    def run(self):
        """The 32 bits that the export answers, where it answers some. The caller holds the lock of the engine."""
        error = ffi.wasmtime_func_call_unchecked(
            self._engine.context, self._function, self.values, self._size, self._trap_at
        )
        if error or self._trap:
            self._fail(error)
        return self.values[0].i32 & 0xFFFFFFFF

    def _fail(self, error):
        if error:
            raise wasmtime.WasmtimeError._from_ptr(error)
        trap, self._trap = self._trap, ctypes.POINTER(ffi.wasm_trap_t)()
        self._trap_at = ctypes.byref(self._trap)
        raise wasmtime.Trap._from_ptr(trap)


class Engine:
    """One instance of the kernels and its memory."""

    def __init__(self):
        engine, module = _module()
        self.lock = threading.RLock()
        self._store = wasmtime.Store(engine)
        self.context = self._store._context()
        limits = wasmtime.Limits(1, description()["module"]["mostPages"])
        self._memory = wasmtime.Memory(self._store, wasmtime.MemoryType(limits))
        self._exports = wasmtime.Instance(self._store, module, [self._memory]).exports(self._store)
        self._require_own_module()
        self._end = self.call("firstFree").run()
        self._free = {}
        self._sizes = {}
        #: Addresses that nobody needs any more; the collector of Python may add some at any moment.
        self.dropped = deque()
        self._scratch, self._scratch_bytes = 0, 0
        self._look()

    def _require_own_module(self):
        found, wanted = self.call("layoutVersion").run(), description()["module"]["layoutVersion"]
        if found != wanted:
            raise RuntimeError(
                f"the kernels are of layout {found}; expected {wanted}, that of operators.json\n"
                "install rank-bench anew; in a checkout: npm run build"
            )

    def _look(self):
        self.base = ctypes.addressof(self._memory.data_ptr(self._store).contents)
        self._bytes = self._memory.data_len(self._store)
        self.buffer = (ctypes.c_ubyte * self._bytes).from_address(self.base)

    def call(self, name, *arguments):
        """The export of that name; arguments are words of 32 bits."""
        return Call(self, self._exports[name], arguments)

    def allocate(self, bytes_):
        """Address of a block, a power of two in size or halfway between two of them; its bytes are what they were."""
        while self.dropped:
            address = self.dropped.popleft()
            self._free.setdefault(self._sizes.pop(address), []).append(address)
        size = _class_of(bytes_)
        known = self._free.get(size)
        address = known.pop() if known else self._grow(size)
        self._sizes[address] = size
        return address

    def _grow(self, size):
        address = -(-self._end // _line) * _line
        missing = address + size - self._bytes
        if missing > 0:
            most = description()["module"]["mostPages"] - self._bytes // _page
            least = -(-missing // _page)
            if least > most:
                raise value_error(
                    f"{size} bytes do not fit: {self._bytes} of 4 GiB are in use by this thread",
                    "take smaller batches",
                )
            self._memory.grow(self._store, min(most, max(least, self._bytes // _page // 4)))
            self._look()
        self._end = address + size
        return address

    def scratch(self, bytes_):
        """
        Address of that many bytes which mean nothing between calls; an area that is left is kept for calls
        prepared with it.
        """
        if bytes_ > self._scratch_bytes:
            self._scratch_bytes = max(bytes_, 2 * self._scratch_bytes, 32768)
            self._scratch = self.allocate(self._scratch_bytes)
        return self._scratch


def _class_of(bytes_):
    size = _line
    while size < bytes_:
        size *= 2
    return size * 3 // 4 if size >= 4 * _line and size * 3 // 4 >= bytes_ else size


_local = threading.local()
_idle = []


class _Holder:
    """Gives the engine of a thread back when the thread ends."""

    def __init__(self, engine):
        self.engine = engine
        weakref.finalize(self, _idle.append, engine)


def engine():
    """The engine of the calling thread."""
    held = getattr(_local, "held", None)
    if held is None:
        try:
            found = _idle.pop()
        except IndexError:
            found = Engine()
        held = _local.held = _Holder(found)
    return held.engine


def _forget():
    """A child process has its parent's locks as they were: it starts with engines of its own."""
    global _sharing, _local
    _sharing = threading.Lock()
    _local = threading.local()
    _idle.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
