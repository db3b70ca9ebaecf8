// Talks with the server: enrols the phone, hands in scans, learns the time, the list and what other gates saw.
import * as store from "./store.js";

const BATCH = 200;

async function ask(name, { token = "", body = null } = {}) {
  const headers = { ...(token && { Authorization: `Gate ${token}` }), ...(body && { "Content-Type": "application/json" }) };
  const answer = await fetch(`/events/door/${name}/`, {
    method: body ? "POST" : "GET", headers, body: body && JSON.stringify(body), credentials: "omit", cache: "no-store",
  });
  const said = await answer.json().catch(() => ({}));
  return { ok: answer.ok, status: answer.status, ...said };
}

export async function enrol(code) {
  const said = await ask("enrol", { body: { code } });
  if (said.ok) await store.put({ token: said.token, counter: 0, taken: 0, since: 0 });
  return said;
}

export async function update(token) {
  const before = Date.now(), said = await ask("list", { token });
  if (said.ok) await store.put({ known: said.known, list: said.list, offset: said.now - (before + Date.now()) / 2, listed: said.now });
  return said;
}

// Hands in all that waits; returns what the server said last, or null without a connection.
export async function sync() {
  const token = await store.get("token");
  if (!token) return null;
  for (;;) {
    const taken = (await store.get("taken")) || 0, all = await store.scans();
    const waiting = all.filter((one) => one.n > taken);
    const scans = waiting.slice(0, BATCH).map(({ n, at, way, told, ticket, code, undoes, check }) => ({ n, at, way, told, ticket, code, undoes, check }));
    const since = (await store.get("since")) || 0, sent = Date.now();
    let said;
    try {
      said = await ask("sync", { token, body: { sent, since, waiting: waiting.length - scans.length, scans } });
    } catch {
      return null;
    }
    if (said.status === 409 && said.expected) {
      await store.put({ taken: said.expected - 1 });
      continue;
    }
    if (!said.ok) return said;
    await store.learn(said.scans);
    await store.put({ taken: said.taken, since: said.since, offset: said.now - (sent + Date.now()) / 2, conflicts: said.conflicts, synced: said.now });
    if (said.list !== (await store.get("list"))) await update(token);
    if (waiting.length <= scans.length) return said;
  }
}

export async function walkIn(body) {
  return ask("walk-in", { token: await store.get("token"), body });
}
