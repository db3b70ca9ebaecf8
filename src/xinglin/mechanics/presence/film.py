"""The film of the demonstration: a real HLS recording made on the spot by ffmpeg, never kept with the source."""

import importlib
import importlib.util
import shutil
import subprocess
from datetime import datetime
from pathlib import Path

from django.conf import settings

LIST = "film.m3u8"
PIECE, PIECES = 4, 45  # seconds of a piece, how many there are
AHEAD = 4  # pieces that the simulated stream offers at a time


class NoFfmpeg(Exception):
    """There is no ffmpeg on this machine."""


def folder() -> Path:
    """Return where the film of the demonstration lies."""
    return Path(settings.VAR) / "presence"


def ffmpeg() -> str:
    """Return the path of ffmpeg: the machine's own, or that of the Python package imageio-ffmpeg (NoFfmpeg)."""
    if found := shutil.which("ffmpeg"):
        return found
    if importlib.util.find_spec("imageio_ffmpeg") is None:
        raise NoFfmpeg("缺 ffmpeg，演示视频未生成：apt-get install ffmpeg / no ffmpeg, the demonstration has no film")
    return str(importlib.import_module("imageio_ffmpeg").get_ffmpeg_exe())


def make_film(*, seconds: int = PIECE * PIECES) -> Path:
    """Make the film of the demonstration unless it is there, and return its list (NoFfmpeg)."""
    made = folder() / LIST
    if made.exists():
        return made
    program = ffmpeg()
    made.parent.mkdir(parents=True, exist_ok=True)
    unfinished = made.with_suffix(".part")
    command = [
        program, "-hide_banner", "-loglevel", "error", "-y",
        "-f", "lavfi", "-i", f"gradients=s=640x360:r=12:d={seconds}:c0=0x14675a:c1=0x1f2421:n=2:speed=0.008:seed=7",
        "-f", "lavfi", "-i", f"testsrc2=size=640x360:rate=12:duration={seconds}",
        "-f", "lavfi", "-i", f"sine=frequency=330:duration={seconds}",
        "-filter_complex", "[1]crop=128:20:0:6[clock];[0][clock]overlay=24:24[shown];[2]volume=0.03[heard]",
        "-map", "[shown]", "-map", "[heard]",
        "-c:v", "libx264", "-preset", "ultrafast", "-crf", "34", "-pix_fmt", "yuv420p", "-g", str(12 * PIECE),
        "-keyint_min", str(12 * PIECE), "-sc_threshold", "0", "-c:a", "aac", "-b:a", "24k",
        "-f", "hls", "-hls_time", str(PIECE), "-hls_playlist_type", "vod",
        "-hls_segment_filename", str(made.parent / "piece%03d.ts"), str(unfinished),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NoFfmpeg(f"ffmpeg: {done.stderr[-500:]}")
    unfinished.rename(made)  # a list that stands is whole
    return made


def live_list(*, at: datetime) -> str:
    """Return the list of a simulated stream at a moment: the film over and over, as a streaming service would give."""
    now = int(at.timestamp()) // PIECE
    lines = ["#EXTM3U", "#EXT-X-VERSION:3", f"#EXT-X-TARGETDURATION:{PIECE}", f"#EXT-X-MEDIA-SEQUENCE:{now - AHEAD}",
             f"#EXT-X-DISCONTINUITY-SEQUENCE:{(now - AHEAD) // PIECES}"]
    for number in range(now - AHEAD, now):
        if number % PIECES == 0:
            lines.append("#EXT-X-DISCONTINUITY")
        lines += [f"#EXTINF:{PIECE}.000,", f"piece{number % PIECES:03d}.ts"]
    return "\n".join([*lines, ""])
