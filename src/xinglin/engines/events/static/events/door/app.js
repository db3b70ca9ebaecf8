// The page of a gate: scans, judges offline, shows the answer large, keeps everything until the server has it.
import * as calling from "./calling.js";
import { watch } from "./camera.js";
import { judge, logOf, periodOf, readTicket } from "./judge.js";
import * as store from "./store.js";

const find = (name) => document.querySelector(`[data-${name}]`);
const word = (name) => document.querySelector(`[data-word="${name}"]`)?.textContent ?? name;
const zh = document.documentElement.lang.startsWith("zh");
const door = { rules: [], known: null, keys: [], log: null, way: "in", last: 0, stop: null, busy: false };

// Time: the server's, by the offset learned last; it never runs backwards, whatever is done to the phone's clock.
async function now() {
  door.last = Math.max(door.last, Math.round(Date.now() + ((await store.get("offset")) || 0)));
  return door.last;
}

const clock = (at) => new Date(at).toLocaleTimeString(zh ? "zh-CN" : "en-GB", { timeZone: find("zone").dataset.zone, hour: "2-digit", minute: "2-digit" });

async function relog() {
  const { known } = door, own = await store.scans(), theirs = new Map();
  for (const one of await store.others()) theirs.set(one.key, one);
  for (const one of own) {
    const key = `events.scan:${known.device}-${one.n}`;
    if (["in", "out"].includes(one.told) && !theirs.has(key)) theirs.set(key, { key, person: one.person, way: one.way, place: known.place, at: one.est, counts: true, gate: known.name });
    if (one.undone) theirs.delete(key);
  }
  door.log = logOf([...theirs.values()].filter((one) => one.counts), known);
}

async function load() {
  door.known = (await store.get("known")) ?? null;
  if (door.known) {
    door.keys = door.known.keys.map((key) => Uint8Array.from(key.match(/../g), (pair) => parseInt(pair, 16)));
    await relog();
  }
  await paint();
}

// Scanning ----------------------------------------------------------------------------------------
async function scan(text, { typed = false } = {}) {
  if (door.busy || !door.known) return;
  door.busy = true;
  try {
    const said = text.trim().toUpperCase(), code = typed && !said.startsWith("X1") ? said : "";
    const ticket = code ? byCode(code) : await readTicket(said, door.keys);
    const at = await now(), way = door.way, place = door.known.place;
    const check = door.known.pack ? measured() : null;
    const told = judge(door.rules, door.known, door.log, { at, place, way, ticket, check });
    const person = ticket.genuine ? door.known.people[ticket.registration] : null;
    const before = ticket.genuine ? door.log.before(place, periodOf(door.known, place, at), ticket.registration) : null;
    const n = await store.add({ at: Date.now(), est: at, way, told, person: ticket.registration ?? 0, name: person?.name ?? "",
      ticket: code ? "" : said.slice(0, 200), code: code.slice(0, 12), check: check ?? undefined });
    if (told === way) door.log.add({ key: `own-${n}`, person: ticket.registration, place, way, at, gate: door.known.name }, periodOf(door.known, place, at));
    show(told, person, before);
    if (door.known.pack) for (const name of ["temperature", "health"]) find(name).value = "";
    soon();
  } finally {
    door.busy = false;
  }
  await paint();
}

function byCode(code) {
  const found = Object.entries(door.known.people).find(([, one]) => one.code === code);
  if (!found) return { read: true, genuine: true, event: door.known.event, registration: 0, tag: "" };
  return { read: true, genuine: true, event: door.known.event, registration: Number(found[0]), tag: found[1].tag };
}

function measured() {
  const degrees = parseFloat(find("temperature").value.replace(",", "."));
  return { temperature: degrees > 30 && degrees < 45 ? Math.round(degrees * 10) : null, code: find("health").value };
}

function show(told, person, before) {
  const box = find("answer"), good = told === "in" || told === "out", rule = door.rules.find((one) => one.code === told);
  box.dataset.said = good ? "good" : told === "twice" ? "twice" : "bad";
  box.dataset.told = told;
  find("headline").textContent = good ? word(told) : rule[zh ? "zh" : "en"];
  find("who").textContent = person ? `${person.name}　${person.class}` : "";
  const first = told === "twice" && before ? `${word("first")} ${clock(before.at)}　${before.gate ?? door.known.name}` : "";
  find("advice").textContent = [first, good ? "" : rule[zh ? "do_zh" : "do_en"]].filter(Boolean).join("　");
  box.hidden = false;
  if (navigator.vibrate) navigator.vibrate(good ? 60 : [120, 80, 120]);
}

async function undo(n) {
  await store.add({ at: Date.now(), est: await now(), way: "undo", told: "undo", undoes: n, name: "" });
  await relog();
  find("answer").hidden = true;
  await paint();
  soon();
}

// Calling the server ------------------------------------------------------------------------------
let timer = 0;
function soon(after = 1500) {
  clearTimeout(timer);
  timer = setTimeout(call, after);
}

async function call() {
  const said = await calling.sync().catch(() => null);
  document.body.dataset.line = said === null ? "off" : said.ok ? "on" : "refused";
  if (said?.status === 401) await end(word("revoked"));
  else if (said && !said.ok) trouble(`${word("trouble")} ${said.reason ?? said.status}`);
  if (said?.ok) {
    trouble("");
    await load();
    const { closes } = door.known ?? {};
    if (closes && (await now()) > closes + 86400000 && !(await waiting())) await end(word("over"));
  }
  await paint();
  soon(15000);
}

const waiting = async () => ((await store.get("counter")) || 0) - ((await store.get("taken")) || 0);

async function end(why) {
  if (door.stop) door.stop();
  await store.forget();
  Object.assign(door, { known: null, log: null, stop: null });
  trouble(why);
}

function trouble(text) {
  find("trouble").textContent = text;
  find("trouble").hidden = !text;
}

// What the page shows -----------------------------------------------------------------------------
async function paint() {
  const { known } = door, left = await waiting();
  find("enrol").hidden = !!known;
  find("gate").hidden = !known;
  if (!known) return;
  find("title").textContent = known.title;
  find("place").textContent = `${known.name}${known.room ? `　${known.room}` : ""}`;
  find("pack").hidden = !known.pack;
  find("waiting").textContent = left;
  find("synced").textContent = (await store.get("synced")) ? clock(await store.get("synced")) : "—";
  find("people").textContent = Object.keys(known.people).length;
  find("inside").textContent = door.log.inside(known.place, periodOf(known, known.place, await now()));
  for (const one of document.querySelectorAll("[data-way]")) one.setAttribute("aria-pressed", one.dataset.way === door.way);
  fill(find("recent"), (await store.scans()).filter((one) => one.way !== "undo").slice(-6).reverse(), recent);
  const conflicts = (await store.get("conflicts")) ?? [];
  find("conflicts").hidden = !conflicts.length;
  fill(find("conflict-list"), conflicts, conflict);
}

function fill(list, rows, make) {
  list.replaceChildren(...rows.map(make));
}

function line(text, more = []) {
  const item = document.createElement("li"), said = document.createElement("span");
  said.textContent = text;
  item.append(said, ...more);
  return item;
}

function recent(one) {
  const good = one.told === one.way, rule = door.rules.find((rule) => rule.code === one.told);
  const text = `${clock(one.est)}　${one.name || one.code || "—"}　${one.undone ? word("undone") : good ? word(one.told) : rule?.[zh ? "zh" : "en"] ?? one.told}`;
  if (!good || one.undone) return line(text);
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = word("undo");
  button.addEventListener("click", () => undo(one.n));
  return line(text, [button]);
}

function conflict(one) {
  const then = one.first_at ? `${clock(one.first_at)} ${one.first_gate} → ` : "";
  return line(`${one.name || "—"}　${then}${clock(one.at)} ${one.gate}　${one.doubt || word("twice")}${one.chosen === null ? "" : `　${word("decided")}`}`);
}

// Beginning ---------------------------------------------------------------------------------------
async function enrol(event) {
  event.preventDefault();
  const said = await calling.enrol(find("code").value).catch(() => null);
  if (!said?.ok) return trouble(said ? word("wrong-code") : word("no-line"));
  trouble("");
  await calling.update(said.token);
  await load();
  call();
}

async function camera() {
  if (door.stop) {
    door.stop();
    door.stop = null;
  } else {
    try {
      door.stop = await watch(find("video"), (text) => scan(text));
    } catch {
      trouble(word("no-camera"));
    }
  }
  find("video").hidden = !door.stop;
  find("camera").setAttribute("aria-pressed", !!door.stop);
}

async function walkIn(event) {
  event.preventDefault();
  const said = await calling.walkIn({ name: find("walk-name").value, key: crypto.randomUUID() }).catch(() => null);
  find("walk-said").textContent = said ? said.words ?? "" : word("no-line");
  if (!said?.ok) return;
  find("walk-name").value = "";
  await calling.update(await store.get("token"));
  await load();
  if (said.code) await scan(said.code, { typed: true });
}

async function begin() {
  door.rules = (await (await fetch(new URL("./rules.json", import.meta.url))).json()).rules;
  find("enrol").addEventListener("submit", enrol);
  find("entry").addEventListener("submit", (event) => {
    event.preventDefault();
    const text = find("text").value;
    find("text").value = "";
    if (text.trim()) scan(text, { typed: true });
  });
  find("camera").addEventListener("click", camera);
  find("walk").addEventListener("submit", walkIn);
  for (const one of document.querySelectorAll("[data-way]")) one.addEventListener("click", () => { door.way = one.dataset.way; paint(); });
  window.addEventListener("online", () => soon(0));
  const code = decodeURIComponent(location.hash.slice(1));
  if (code) find("code").value = code;
  history.replaceState(null, "", location.pathname);
  await load();
  call();
  document.body.dataset.ready = "yes";
}

if ("serviceWorker" in navigator) navigator.serviceWorker.register("/events/door/worker.js", { scope: "/events/door/" });
if (navigator.storage?.persist) navigator.storage.persist();
// One page at a time: two would each think themselves the only one to have scanned.
navigator.locks.request("xinglin-door", { ifAvailable: true }, (held) => (held ? begin().then(() => new Promise(() => {})) : trouble(word("elsewhere"))));
