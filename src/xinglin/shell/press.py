"""Prints a page of typst as PDF with the Chinese face that the set-up installs; the same values are the same bytes."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from xinglin.kernel.policy import Refusal


class NoChineseFace(Refusal):
    """The Chinese face that PDFs need is not installed."""


def font_folders() -> list[str]:
    """Return where the Chinese face lies: installed by npm, in the weights that papers use."""
    faces = Path(settings.ROOT) / "node_modules/@expo-google-fonts/noto-sans-sc"
    return [str(faces / weight) for weight in ("400Regular", "600SemiBold")]


@lru_cache(maxsize=1)
def fonts() -> Any:
    """Return the faces, read once; fonts of the machine are left aside, so that a paper looks alike everywhere."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=font_folders())


def print_pdf(*, page: Path, values: Mapping[str, Any], on: date) -> bytes:
    """Return the page (a .typ file that reads `sys.inputs.data` as JSON) as a PDF dated `on` (NoChineseFace)."""
    if not all(Path(one).is_dir() for one in font_folders()):
        raise NoChineseFace(_("The Chinese font for PDF is not installed. Run the set-up."))
    compiler = typst.Compiler(root=str(page.parent), font_paths=fonts())
    made = compiler.compile(
        input=page.read_bytes(), format="pdf", sys_inputs={"data": json.dumps(dict(values), ensure_ascii=False)},
        timestamp=int(datetime.combine(on, time(), tzinfo=UTC).timestamp()))
    return bytes(made)
