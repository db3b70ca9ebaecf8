"""Measure the plan reader: precision and recall on labelled documents, and speed against splitting sentences."""

import importlib.util
import json
import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from xinglin.plans.reading import Reading, read_bytes, read_file, read_text

ROOT = Path(__file__).resolve().parent.parent
SETS = ("holdout", "holdout2", "holdout3", "holdout4", "corpus")
LABELLED = tuple(ROOT / "tests/reading" / folder for folder in SETS)
KINDS = ("outline", "targets", "figures", "editions")
PAGE = 700  # characters of a page of official prose in the usual type
_SENTENCE = re.compile(r"(?<=[。！？；])")
Totals = dict[str, list[int]]


def scorer() -> ModuleType:
    """Load the score of the hold-out set, which its labeller wrote without sight of the reader."""
    path = LABELLED[0] / "score.py"
    spec = importlib.util.spec_from_file_location("holdout_score", path)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def labelled_documents() -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield each labelled document with its labels."""
    for folder in LABELLED:
        for labels in sorted(folder.glob("*.json")):
            for suffix in (".txt", ".md", ".docx", ".pdf"):
                document = labels.with_suffix(suffix)
                if document.exists():
                    yield document, json.loads(labels.read_text(encoding="utf-8"))


def rates(counts: list[int]) -> tuple[float, float, float]:
    """Return precision, recall and F1 of [hits, predicted, labelled]; nothing to find and nothing found is 1."""
    hits, predicted, labelled = counts
    precision = hits / predicted if predicted else 1.0
    recall = hits / labelled if labelled else 1.0
    both = predicted + labelled
    return precision, recall, 2 * hits / both if both else 1.0


def score_all(*, show: Callable[[str], None] = lambda line: None) -> tuple[Totals, list[str]]:
    """Score every labelled document; returns [hits, predicted, labelled] by kind and the decoys taken."""
    score = scorer().score
    totals: Totals = {kind: [0, 0, 0] for kind in KINDS}
    taken: list[str] = []
    decoys = 0
    for path, labels in labelled_documents():
        result = score(reading=read_file(path=path).as_json(), labels=labels)
        line = f"{path.stem:36}"
        for kind in KINDS:
            counts = [result[kind][key] for key in ("hits", "predicted", "labelled")]
            totals[kind] = [a + b for a, b in zip(totals[kind], counts, strict=True)]
            line += "  {:.2f} {:.2f} {:.2f}".format(*rates(counts))
        decoys += result["decoys"]["labelled"]
        taken.extend(result["decoys_taken"])
        show(f"{line}  {result['decoys']['taken']:>3} of {result['decoys']['labelled']}")
    line = f"{'all':36}"
    for kind in KINDS:
        line += "  {:.2f} {:.2f} {:.2f}".format(*rates(totals[kind]))
    show(f"{line}  {len(taken):>3} of {decoys}")
    return totals, taken


def forty_pages() -> str:
    """Return forty pages of the labelled documents, one after the other."""
    plain = [path for path, _ in labelled_documents() if path.suffix in (".txt", ".md")]
    texts = [path.read_text(encoding="utf-8") for path in plain]
    long = "\n".join(texts)
    while len(long) < 40 * PAGE:
        long += "\n" + long
    return long[: 40 * PAGE]


def best_of(act: Callable[[], object], *, times: int = 5) -> float:
    """Return the shortest of several runs, in seconds."""
    spent = []
    for _ in range(times):
        began = time.perf_counter()
        act()
        spent.append(time.perf_counter() - began)
    return min(spent)


def split_sentences(text: str) -> list[str]:
    """The yardstick: what it costs merely to cut the text without white space into sentences."""
    return [sentence for sentence in _SENTENCE.split("".join(text.split())) if sentence]


def show_speed() -> None:
    """Print documents per second, the time of forty pages, and the ratio to splitting sentences."""
    contents = [(path.read_bytes(), path.name) for path, _ in labelled_documents()]

    def read_each() -> list[Reading]:
        return [read_bytes(content=content, name=name) for content, name in contents]

    spent = best_of(read_each)
    long = forty_pages()
    reading, splitting = best_of(lambda: read_text(text=long), times=3), best_of(lambda: split_sentences(long))
    print(f"\ndocuments per second {len(contents) / spent:.0f} ({len(contents)} documents in {spent * 1000:.0f} ms)")
    print(f"forty pages ({len(long)} characters) {reading * 1000:.0f} ms")
    print(f"splitting the same text into sentences {splitting * 1000:.2f} ms, ratio {reading / splitting:.0f}")


def show_other_plans() -> None:
    """Print what is found in the documents of a folder that stays outside the repository."""
    folder = os.environ.get("XINGLIN_PLANS")
    if not folder:
        print("\nXINGLIN_PLANS is not set: no further documents are read")
        return
    print()
    for path in sorted(Path(folder).iterdir()):
        if path.suffix in (".txt", ".md", ".docx", ".pdf"):
            reading = read_file(path=path)
            found = {kind: len(getattr(reading, kind)) for kind in (*KINDS, "vague")}
            print(f"{path.name:50} {reading.doc_type:13} {found}")


def main() -> int:
    """Print the whole bench; fails when the reader falls short of what was promised."""
    print(f"{'precision, recall, F1 of':36}" + "".join(f"  {kind:14}" for kind in KINDS) + "  decoys taken")
    totals, taken = score_all(show=print)
    show_speed()
    show_other_plans()
    kept = rates(totals["outline"])[2] >= 0.97 and not taken
    kept = kept and all(min(rates(totals[kind])[:2]) >= 0.9 for kind in KINDS[1:])
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
