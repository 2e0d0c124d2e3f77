"""Parameters and selectors: what ``operators.json`` declares, checked once, with the words of the library for Node."""

import difflib
import math
import re

from .errors import usage_error


def python_name(name):
    """``straight-through`` is ``straight_through`` as an argument."""
    return name.replace("-", "_")


_decimal = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)


def number(text):
    """A finite decimal number, or None: Python's own reading takes underscores, spaces and words as well."""
    value = float(text) if _decimal.fullmatch(text) else math.nan
    vanished = value == 0 and re.search("[1-9]", re.split("[eE]", text)[0])
    return value if math.isfinite(value) and not vanished else None


def _read_number(text, spec):
    value = number(text)
    if value is None:
        return None
    if spec.get("integer") and (value != math.floor(value) or abs(value) > 2**53 - 1):
        return None
    least, most = spec.get("min"), spec.get("max")
    if least is not None and (value <= least if spec.get("exclusiveMin") else value < least):
        return None
    if most is not None and value > most:
        return None
    return int(value) if value == math.floor(value) and abs(value) < 2**53 else value


def _several(text, spec):
    numbers = [_read_number(word, spec) for word in text.removesuffix("x").split("x")]
    if None in numbers:
        return None
    return f"{numbers[0]}x" if len(numbers) == 1 else "x".join(map(str, numbers))


def text_of(value):
    """A parameter as a selector has it; several numbers joined by x."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)) or getattr(value, "ndim", 0) == 1:
        return "x".join(text_of(each) for each in value) + "x"
    if hasattr(value, "item"):
        value = value.item()
    return repr(value) if isinstance(value, float) else str(value)


def _read(text, spec):
    kind = spec["kind"]
    if kind == "number":
        return _several(text, spec) if spec.get("several") and "x" in text else _read_number(text, spec)
    if kind == "choice":
        return text if text in spec["choices"] else None
    if kind == "flag":
        return {"true": True, "false": False}.get(text)
    return text


def describe_range(spec):
    """The allowed values of a parameter, as a person would write them."""
    if spec["kind"] == "choice":
        return " | ".join(spec["choices"])
    if spec["kind"] == "flag":
        return "True | False"
    if spec["kind"] == "text":
        return "text"
    bounds = []
    if "min" in spec:
        bounds.append(f"{'>' if spec.get('exclusiveMin') else '>='} {spec['min']}")
    if "max" in spec:
        bounds.append(f"<= {spec['max']}")
    kind = "integer" if spec.get("integer") else "number"
    return " ".join([kind, " and ".join(bounds)]).strip() + (", or several" if spec.get("several") else "")


def _declared(space, name):
    for declared, spec in space.items():
        if name in (declared, python_name(declared)) or name in spec.get("aliases", ()):
            return declared
    return None


def resolve(space, given, owner):
    """Every parameter of ``space``: what is given, read and checked, the others at their defaults."""
    resolved = {name: spec["default"] for name, spec in space.items()}
    seen = set()
    for name, value in given.items():
        declared = _declared(space, name)
        if declared is None:
            near = difflib.get_close_matches(name, [python_name(each) for each in space], 1)
            known = ", ".join(map(python_name, space)) or "none"
            raise usage_error(
                f'{owner} has no parameter "{name}"; it has: {known}', f"did you mean {near[0]}?" if near else None
            )
        if declared in seen:
            raise usage_error(f"{owner}: {declared} is given twice, as {name} too; expected one of them")
        seen.add(declared)
        found = _read(text_of(value), space[declared])
        if found is None:
            spec = space[declared]
            raise usage_error(f'{owner}: {name} is "{value}"; expected {describe_range(spec)} ({spec["meaning"]})')
        resolved[declared] = found
    return resolved


def split_outside(text, separator):
    """Split at a separator, but not inside brackets."""
    parts, depth, start = [], 0, 0
    for i, letter in enumerate(text):
        depth += (letter == "[") - (letter == "]")
        if depth == 0 and letter == separator:
            parts.append(text[start:i])
            start = i + 1
    return [*parts, text[start:]]


def parse_selector(selector):
    """``rank:sigmoid[strength=0.1]`` to its name and what it gives; one value a parameter."""
    name, bracket, rest = selector.partition("[")
    if not bracket:
        return name.strip(), {}
    if not rest.endswith("]"):
        raise usage_error(f'"{selector}" has no closing bracket', "e.g. rank:sigmoid[strength=0.1]")
    given = {}
    for pair in split_outside(rest[:-1], ","):
        param, equals, value = pair.partition("=")
        if not equals:
            raise usage_error(f'"{selector}": "{pair}" is no parameter', "e.g. rank:sigmoid[strength=0.1]")
        given[param.strip()] = value.strip()
    return name.strip(), given
