"""Finds a Chromium for the tests; installs Debian's where it may, else names the command that would.

A browser of one's own may be named in CHROMIUM.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
INSTALL = "apt-get install --yes --no-install-recommends chromium"
# A test may call no host but ours: updates, metrics and look-ups of the browser itself are off.
ARGUMENTS = (
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--no-first-run",
    "--disable-features=Translate,OptimizationHints,MediaRouter",
)


class NoChromium(Exception):
    """No browser is installed, and this user may install none."""


def find_chromium() -> str:
    """Return the path of a Chromium, installing Debian's when there is none and we may."""
    found = _installed()
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        _install()
        found = _installed()
    if found is None:
        as_root = "" if os.geteuid() == 0 else "sudo "
        raise NoChromium(
            f"缺 Chromium，运行 / Chromium is missing, run:  {as_root}{INSTALL}\n"
            f"    或 / or:  {sys.executable} -m playwright install chromium"
        )
    return found


def launch_arguments() -> list[str]:
    """Return the arguments a browser is started with; root may not use the sandbox."""
    return [*ARGUMENTS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]


def _installed() -> str | None:
    given = os.environ.get("CHROMIUM")
    if given:
        return given
    for name in NAMES:
        found = shutil.which(name)
        if found:
            return found
    folder = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH", Path.home() / ".cache/ms-playwright"))
    own = [*folder.glob("chromium-*/chrome-linux*/chrome"), *folder.glob("chromium_headless*/chrome-linux*/*shell")]
    return str(sorted(own)[-1]) if own else None


def _install() -> None:
    print(f"安装 Chromium / installing Chromium: {INSTALL}", file=sys.stderr, flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in ("apt-get update --quiet=2", f"{INSTALL} --quiet=2"):
        done = subprocess.run(command.split(), env=quiet, check=False, capture_output=True, text=True)
        if done.returncode:
            print(done.stderr[-2000:], file=sys.stderr)


def write_fonts(*, folder: Path) -> Path:
    """Write a font set with Chinese glyphs, for machines that have none, and return its path."""
    package = ROOT / "node_modules/@expo-google-fonts/noto-sans-sc"
    path = folder / "fonts.conf"
    path.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f"<dir>{package}/400Regular</dir><dir>{package}/600SemiBold</dir><dir>/usr/share/fonts</dir>"
        f"<cachedir>{folder}/cache</cachedir></fontconfig>",
        "utf-8",
    )
    return path


if __name__ == "__main__":  # `make test` asks before the tests begin
    try:
        print(find_chromium())
    except NoChromium as missing:
        sys.exit(str(missing))
