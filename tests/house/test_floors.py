"""Every floor looks down, and every contract says why it exists."""

import configparser
import subprocess
import sys
from pathlib import Path

from tests.house.source import ROOT

CONTRACTS = ROOT / ".importlinter"


def test_the_import_contracts_hold():
    command = [Path(sys.executable).parent / "lint-imports", "--config", CONTRACTS, "--no-cache"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False,
                         env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT / "src"), "PYTHONUTF8": "1"})
    assert ran.returncode == 0, ran.stdout[-4000:] + ran.stderr[-2000:]


def test_every_contract_has_its_reason_in_one_sentence_above_it():
    lines = CONTRACTS.read_text("utf-8").splitlines()
    contracts = [number for number, line in enumerate(lines) if line.startswith("[importlinter:contract:")]
    assert len(contracts) >= 6
    for number in contracts:
        reason = lines[number - 1]
        assert reason.startswith("# ") and reason.endswith(".") and len(reason.split()) > 6, lines[number]


def test_no_contract_has_an_exception():
    read = configparser.ConfigParser()
    read.read(CONTRACTS, "utf-8")
    assert [name for name in read.sections() if read.has_option(name, "ignore_imports")] == []
