"""
Which adapters work in this interpreter: paths as arguments, one JSON line an adapter. What each needs is looked up, and imported
for real: an extension built for another PyTorch is not a peer.
"""

import importlib
import json
import os
import platform
import sys

sys.dont_write_bytecode = True
# The empty entry of sys.path is the current folder, where a folder named torch would pass for the package.
sys.path[:] = [entry for entry in sys.path if entry]
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from adapter import load_adapter, python_lacks, version_of  # noqa: E402


def state_of(path):
    module = load_adapter(path)
    reason = python_lacks(module) or getattr(module, "lacks", lambda: None)()
    if reason:
        return {"lacks": reason}
    found = {package: version_of(package) for package in module.needs}
    missing = [package for package, version in found.items() if version is None]
    if missing:
        return {"lacks": f"has no {', '.join(missing)}"}
    os.environ.update(module.environment)
    try:
        for package in module.imports or [package for package in module.needs if package == module.name]:
            importlib.import_module(package)
    except Exception as error:
        return {"lacks": f"cannot be imported: {type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"}
    return {"versions": {**found, "Python": platform.python_version()}}


def say(answer):
    sink.write(json.dumps(answer) + "\n")
    sink.flush()


if __name__ == "__main__":
    # Packages print when they are imported.
    sink = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    say({"python": platform.python_version()})
    for path in sys.argv[1:]:
        say({"begins": path})
        try:
            say({"page": path, **state_of(path)})
        except Exception as error:
            say({"page": path, "lacks": f"cannot be loaded: {type(error).__name__}: {error}"})
