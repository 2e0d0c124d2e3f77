"""
A pair of kernels over rows of one shape: its task and buffers in the memory of an engine, as
``src/engine/kernel-plan.ts`` lays them out.
"""

import struct

import numpy as np

from .assets import description
from .engine import engine as engine_here
from .errors import value_error
from .variants import all_meet, field_value, layout_of

#: The library for Node leaves more to its reference.
most_state_bytes = 2**31

_codes = {"f64": "d", "i32": "i", "u32": "I", "usize": "I", "bool": "B"}


def starts_of(lengths):
    """Where each row begins, and the end."""
    starts = np.zeros(len(lengths) + 1, np.uint32)
    np.cumsum(lengths, out=starts[1:])
    return starts


class Rows:
    """The rows of a batch: how many, of which lengths."""

    def __init__(self, lengths):
        self.lengths = np.asarray(lengths, np.int64)
        self.count = len(self.lengths)
        self.offsets = starts_of(self.lengths)
        self.items = int(self.offsets[-1])
        self.longest = int(self.lengths.max(initial=0))
        self.key = self.lengths.tobytes()

    def entries(self, output):
        """Where the output of each row begins; one entry an item, a pair of items, or a list."""
        if output == "item":
            return self.offsets
        return starts_of(self.lengths**2 if output == "pair" else np.ones(self.count, np.int64))


class Plan:
    """
    ``x`` in, ``y`` out; then ``y_bar`` in, ``x_bar`` out, at the x of the last forward. The caller holds
    ``engine.lock``.
    """

    def __init__(self, variant, params, dtype, rows):
        self.engine = engine = engine_here()
        self.rows = rows
        self.is_loss = variant.get("output") == "list"
        self._precision = "f32" if dtype == np.float32 else "f64"
        with engine.lock:
            layout = layout_of(variant["forward"])
            fields = self._fields(variant, params)
            self._states, scratch = self._sizes(layout, fields)
            self._place(variant, dtype, layout["bytes"])
            self._write_task(layout, fields)
            self._forward = self._prepare(variant["forward"], scratch)
            self._backward = self._prepare(variant["backward"], scratch)
            self._look()
            self.view("weights").fill(1)

    def _fields(self, variant, params):
        fields = {}
        for name, source in variant["set"].items():
            is_table = isinstance(source, dict) and "table" in source
            fields[name] = self._table(source["table"], params) if is_table else field_value(source, params)
        for name, numbers in variant.get("given", {}).items():
            fields[name] = self._numbers(numbers)
        return fields

    def _numbers(self, numbers):
        """Address of a copy of f64 numbers, kept with the plan."""
        self._own = self.engine.allocate(8 * len(numbers))
        np.frombuffer(self.engine.buffer, np.float64, len(numbers), self._own)[:] = numbers
        return self._own

    _own = None

    def _table(self, name, params):
        """
        Address of a table that an export writes, 0 where the kernel is to do without. Plans of an engine share
        tables.
        """
        table, engine = description()["tables"][name], self.engine
        wanted = table.get("wanted")
        longest = self.rows.longest
        if wanted and not any(longest >= each.get("from", 0) and all_meet(each["when"], params) for each in wanted):
            return 0
        entries = table["entries"]
        if "beyondLongest" in entries:
            length = 1 << (max(2, longest) + entries["beyondLongest"] - 1).bit_length()
        else:
            length = entries[self._precision]
        known = engine.__dict__.setdefault("tables", {})
        key = (table["writer"], self._precision, length)
        if key not in known:
            known[key] = engine.allocate(8 * length)
            engine.call(f"{table['writer']}_{self._precision}", known[key], length).run()
        return known[key]

    def _sizes(self, layout, fields):
        """
        Words (of 8 bytes) of state before each row, and bytes of scratch: the kernel is asked, which may look
        at its fields.
        """
        engine, rows = self.engine, self.rows
        task = engine.scratch(layout["bytes"])
        self._write(task, layout, fields, {})

        def ask(name, n):
            return engine.call(name, task, n).run() if name else 0

        state = {n: -(-ask(layout["state"], n) // 8) for n in map(int, np.unique(rows.lengths))}
        words = np.array([state[n] for n in rows.lengths.tolist()], np.int64)
        if 8 * int(words.sum()) > most_state_bytes:
            raise value_error(
                f"the state of a batch would take {8 * int(words.sum())} bytes; expected at most 2^31",
                "take smaller batches",
            )
        return starts_of(words), ask(layout["scratch"], rows.longest)

    def _place(self, variant, dtype, task_bytes):
        rows = self.rows
        outputs = rows.entries(variant.get("output", "item"))
        items, entries = rows.items, int(outputs[-1])
        weights = items if self.is_loss or variant.get("weighted") else 0
        of_output = np.dtype(np.float64) if self.is_loss else np.dtype(dtype)
        words, floats = np.dtype(np.uint32), np.dtype(dtype)
        self._shape = {
            "x": (floats, items),
            "y": (of_output, entries),
            "yBar": (of_output, entries),
            "xBar": (floats, items),
            "labels": (floats, items if self.is_loss else 0),
            "weights": (floats, weights),
            "order": (words, items),
            "choices": (words, rows.count),
            "facts": (np.dtype(np.float64), rows.count),
        }
        sizes = {"task": task_bytes, "offsets": 4 * (rows.count + 1), "outputs": 4 * (rows.count + 1)}
        sizes["states"] = 4 * (rows.count + 1)
        sizes.update({name: kind.itemsize * length for name, (kind, length) in self._shape.items()})
        sizes["state"] = 8 * int(self._states[-1])
        self.bytes = sum(-(-size // 64) * 64 for size in sizes.values())
        self._address = at = self.engine.allocate(self.bytes)
        self.at = {}
        for name, size in sizes.items():
            self.at[name] = at
            at += -(-size // 64) * 64
        for name, numbers in (("offsets", rows.offsets), ("outputs", outputs), ("states", self._states)):
            np.frombuffer(self.engine.buffer, np.uint32, len(numbers), self.at[name])[:] = numbers

    def _write(self, task, layout, fields, slots):
        block = memoryview(self.engine.buffer).cast("B")[task : task + layout["bytes"]]
        block[:] = bytes(layout["bytes"])
        declared = description()["slots"]
        for name, value in slots.items():
            struct.pack_into("<I", block, declared[name]["at"], value)
        for name, value in fields.items():
            field = layout["fields"][name]
            number = field["choices"][value] if isinstance(value, str) else value
            code = _codes[field["type"]]
            struct.pack_into("<" + code, block, field["at"], float(number) if code == "d" else int(number))

    def _write_task(self, layout, fields):
        slots = {name: self.at[name] for name in description()["slots"] if name in self.at}
        self._write(self.at["task"], layout, fields, slots)

    def _prepare(self, kernel, scratch):
        address = self.engine.scratch(scratch)
        return self.engine.call(f"{kernel}_{self._precision}", self.at["task"], 0, self.rows.count, address)

    def _look(self):
        """Views of the buffers; memory that grew may have moved."""
        buffer = self.engine.buffer
        self._views = {
            name: np.frombuffer(buffer, kind, length, self.at[name]) for name, (kind, length) in self._shape.items()
        }
        self._base = self.engine.base

    def view(self, name):
        if self._base != self.engine.base:
            self._look()
        return self._views[name]

    def forward(self):
        self._forward.run()

    def backward(self):
        self._backward.run()

    def __del__(self):
        # The engine takes blocks back when it next looks for one: this may run at any moment, in any thread.
        if hasattr(self, "_address"):
            self.engine.dropped.append(self._address)
        if self._own is not None:
            self.engine.dropped.append(self._own)
