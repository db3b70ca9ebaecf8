"""Runs every benchmark, or those named, short or whole: `python -m bench [ledger reading …] [all]`."""

import importlib
import os
import pkgutil
import subprocess
import sys

import bench


def main(names: list[str]) -> int:
    """Run the benchmarks in processes of their own, so that one cannot warm the other."""
    if not os.environ.get("XINGLIN_DATABASE"):
        return subprocess.run(
            [sys.executable, "tests/with_postgres.py", sys.executable, "-m", "bench", *names], check=False
        ).returncode
    status, whole = 0, [name for name in names if name == "all"]
    every = sorted(one.name for one in pkgutil.iter_modules(bench.__path__) if one.name != "__main__")
    for name in [name for name in names if name != "all"] or every:
        if not hasattr(importlib.import_module(f"bench.{name}"), "main"):
            continue
        print(f"\n== {name}", flush=True)
        status |= subprocess.run([sys.executable, "-m", f"bench.{name}", *whole], check=False).returncode
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
