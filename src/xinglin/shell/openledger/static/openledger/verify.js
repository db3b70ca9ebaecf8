// Checks an inclusion proof in the browser: SHA-256 and Ed25519 by WebCrypto, nothing is sent anywhere.
(function () {
  "use strict";
  const form = document.querySelector("[data-verify]");
  if (!form) return;
  const answer = document.querySelector("[data-verify-answer]");
  const words = answer.dataset;

  const bytes = (hex) => Uint8Array.from(hex.match(/../g) || [], (two) => parseInt(two, 16));
  const from64 = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
  const joined = (...parts) => new Uint8Array(parts.flatMap((part) => Array.from(part)));
  const hash = async (content) => new Uint8Array(await crypto.subtle.digest("SHA-256", content));
  const same = (one, other) => one.length === other.length && one.every((value, index) => value === other[index]);

  function readNote(note) {
    const split = note.indexOf("\n\n");
    const lines = note.slice(0, split).split("\n");
    const named = Object.fromEntries(lines.slice(3).map((line) => [line.split(" ")[0], line.slice(line.indexOf(" ") + 1)]));
    return { text: note.slice(0, split) + "\n", size: Number(lines[1]), root: from64(lines[2]), named,
      signature: from64(note.slice(split).trim().split(" ").pop()) };
  }

  // RFC 9162, 2.1.3.2
  async function rootOf(leaf, index, size, path) {
    let at = index, last = size - 1, value = leaf;
    for (const step of path) {
      if (last === 0) return null;
      if (at % 2 === 1 || at === last) {
        value = await hash(joined([1], step, value));
        while (at % 2 === 0 && at !== 0) { at = Math.floor(at / 2); last = Math.floor(last / 2); }
      } else {
        value = await hash(joined([1], value, step));
      }
      at = Math.floor(at / 2); last = Math.floor(last / 2);
    }
    return last === 0 ? value : null;
  }

  async function signatureHolds(note, key) {
    try {
      const imported = await crypto.subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]);
      return await crypto.subtle.verify("Ed25519", imported, note.signature.slice(4), new TextEncoder().encode(note.text));
    } catch (unsupported) {
      return null;
    }
  }

  function tell(state, headline, rows, remark) {
    const box = document.createElement("div");
    box.className = "x-say";
    box.dataset.s = state;
    const inside = document.createElement("div");
    const title = document.createElement("h3");
    title.textContent = headline;
    inside.append(title);
    const list = document.createElement("dl");
    list.className = "x-facts";
    for (const [name, value] of rows || []) {
      const term = document.createElement("dt"), words = document.createElement("dd");
      term.textContent = name;
      words.textContent = value;
      list.append(term, words);
    }
    inside.append(list);
    if (remark) {
      const note = document.createElement("p");
      note.className = "x-note";
      note.textContent = remark;
      inside.append(note);
    }
    box.append(inside);
    answer.replaceChildren(box);
  }

  async function check(proof) {
    if (!proof || proof.waiting) return tell("warn", words.missing);
    const note = readNote(proof.checkpoint);
    if (note.named.hash !== "sha256") return tell("warn", words.hash);
    const leaf = proof.content ? await hash(joined([0], new TextEncoder().encode(proof.content))) : bytes(proof.leaf);
    const root = await rootOf(leaf, proof.position - 1, note.size, proof.path.map(bytes));
    const signed = await signatureHolds(note, from64(proof.public_key));
    // Without the content only a fingerprint was checked: kind and dates are then what the server says they are.
    const said = proof.content ? JSON.parse(proof.content) : { type: proof.what, on: proof.happened_on, at: proof.recorded_at };
    const known = [[words.fact, said.type], [words.happened, said.on], [words.recorded, said.at]].filter((row) => row[1]);
    const holds = root !== null && same(root, note.root) && signed !== false;
    const headline = holds ? words.holds.replace("{n}", proof.position).replace("{size}", note.size) : words.fails;
    tell(holds ? "ok" : "bad", headline, [
      ...known,
      [words.proof, words.steps.replace("{n}", proof.path.length) + "　" + (signed === null ? words.unknown : signed ? words.signed : words.unsigned)],
    ], !proof.content && known.length ? words.stated : "");
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const url = form.dataset.url.replace("/0.json", "/" + form.elements.position.value.trim() + ".json");
    const response = await fetch(url);
    const proof = response.ok ? await response.json() : null;
    await check(proof);
    if (!proof || proof.waiting) return;
    const link = document.createElement("a");
    link.href = url;
    link.download = `proof-${proof.position}.json`;
    link.textContent = words.save;
    answer.firstElementChild.append(link);
  });
  form.querySelector("[data-verify-file]").addEventListener("change", async (event) => {
    try {
      await check(JSON.parse(await event.target.files[0].text()));
    } catch (unreadable) {
      tell("bad", words.unread);
    }
    event.target.value = "";
  });
})();
