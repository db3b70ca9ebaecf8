// Judges a scan by rules.json, word for word as the server does (judging.py); reads tickets; touches no page.
import { verifyAsync } from "../../vendor/ed25519/index.js";

const HALF_HOUR = 30 * 60000;
const LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const CONTEXT = new TextEncoder().encode("xinglin ticket 1\0");

// Tickets -----------------------------------------------------------------------------------------
function bytesOf(text) {
  text = text.trim().toUpperCase();
  if (!text.startsWith("X1") || text.length > 200) return null;
  const out = [];
  let bits = 0, held = 0;
  for (const letter of text.slice(2)) {
    const value = LETTERS.indexOf(letter);
    if (value < 0) return null;
    bits = (bits << 5) | value;
    held += 5;
    if (held >= 8) {
      held -= 8;
      out.push((bits >> held) & 255);
      bits &= (1 << held) - 1;
    }
  }
  return held > 4 || bits || out.length <= 64 ? null : new Uint8Array(out);
}

function number(bytes, from) {
  let value = 0;
  for (let at = from; at < bytes.length && at < from + 8; at++) {
    value += (bytes[at] & 127) * 2 ** (7 * (at - from));
    if (bytes[at] < 128) return [value, at + 1];
  }
  return null;
}

// Returns what a ticket says; `genuine` only when one of the keys signed it.
export async function readTicket(text, keys) {
  const bytes = bytesOf(text);
  if (!bytes) return { read: false, genuine: false };
  const said = bytes.slice(0, -64), signature = bytes.slice(-64);
  const event = number(said, 0), registration = event && number(said, event[1]);
  if (!registration || said.length - registration[1] !== 5) return { read: false, genuine: false };
  const signed = new Uint8Array([...CONTEXT, ...said]);
  let genuine = false;
  for (const key of keys) genuine = genuine || (await verifyAsync(signature, signed, key, { zip215: false }));
  const tag = [...said.slice(registration[1])].map((one) => one.toString(16).padStart(2, "0")).join("");
  return { read: true, genuine, event: event[0], registration: registration[0], tag };
}

// Rules -------------------------------------------------------------------------------------------
export function holds(test, seen) {
  const [kind, ...parts] = test;
  if (kind === "and") return parts.every((one) => holds(one, seen));
  if (kind === "or") return parts.some((one) => holds(one, seen));
  if (kind === "not") return !holds(parts[0], seen);
  const [first, second] = parts.map((one) => (one.startsWith("'") ? one.slice(1) : seen[one] ?? null));
  if (kind === "is") return !(first === null || first === false || first === "" || first === 0 || (Array.isArray(first) && !first.length));
  if (kind === "same") return first === second;
  if (kind === "has") return (first || []).includes(second);
  if (kind !== "lt" && kind !== "le") throw new Error(`${kind} is no condition of a door`);
  if (first === null || second === null) return false;
  return kind === "lt" ? first < second : first <= second;
}

// Who went through which door, as far as this gate knows.
export class Log {
  constructor() {
    this.last = new Map();
    this.entries = new Map();
  }
  add(scan, period) {
    const key = `${scan.place} ${period}`;
    if (!this.last.has(key)) this.last.set(key, new Map());
    this.last.get(key).set(scan.person, scan);
    const half = `${scan.place} ${Math.floor(scan.at / HALF_HOUR)}`;
    if (scan.way === "in") this.entries.set(half, (this.entries.get(half) || 0) + 1);
  }
  before(place, period, person) {
    return this.last.get(`${place} ${period}`)?.get(person) ?? null;
  }
  inside(place, period) {
    return [...(this.last.get(`${place} ${period}`)?.values() ?? [])].filter((one) => one.way === "in").length;
  }
  entered(place, at) {
    return this.entries.get(`${place} ${Math.floor(at / HALF_HOUR)}`) || 0;
  }
}

export function logOf(scans, known) {
  const log = new Log();
  const order = (a, b) => a.at - b.at || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);
  for (const one of [...scans].sort(order)) log.add(one, periodOf(known, one.place, one.at));
  return log;
}

export function dayOf(known, at) {
  return known.midnights.findLast(([, begins]) => begins <= at)?.[0] ?? "";
}

export function blockOf(known, place, at) {
  const day = dayOf(known, at);
  const found = known.places[place].blocks.map((one, number) => [number, one]).filter(([, one]) => dayOf(known, one[0]) === day);
  return found.find(([, one]) => at < one[1]) ?? found.at(-1) ?? null;
}

export function periodOf(known, place, at) {
  const day = dayOf(known, at);
  if (known.places[place].often === "day") return day;
  const block = blockOf(known, place, at);
  return block ? `${day}/${block[0]}` : day;
}

const named = (prefix, values) => Object.fromEntries(Object.entries(values ?? {}).map(([name, value]) => [`${prefix}.${name}`, value]));

export function look(known, log, asked) {
  const { at, place, ticket } = asked, { gate, early } = known;
  const person = ticket.genuine ? known.people[String(ticket.registration)] ?? null : null;
  const block = blockOf(known, place, at);
  const signed = person?.signed ?? [];
  const now = known.sessions.filter((one) => one.from - early <= at && at < one.until);
  const needed = now.filter((one) => gate.room && one.room === gate.room && one.signup);
  const spare = known.pack?.early ?? 0;
  const period = periodOf(known, place, at);
  const before = log.before(place, period, ticket.registration ?? 0);
  return {
    ...named("ticket", ticket), ...named("person", person), ...named("pack", known.pack), ...named("check", asked.check),
    "person.known": person !== null, "event.id": known.event, at, day: dayOf(known, at),
    "list.opens": known.opens, "list.closes": known.closes,
    "gate.room": gate.room, "gate.tickets": gate.tickets, "gate.seats": gate.seats,
    "block.open": block !== null && block[1][0] - early <= at && at < block[1][1],
    "signup.needed": needed.length > 0, "signup.done": needed.some((one) => signed.includes(one.id)),
    elsewhere: now.find((one) => gate.room && one.room !== gate.room && signed.includes(one.id) && one.from <= at)?.title ?? "",
    "slot.open": (person?.slots ?? []).some((slot) => slot - spare <= at && at < slot + HALF_HOUR + spare),
    "before.inside": before !== null && before.way === "in",
    inside: log.inside(place, period), entered: log.entered(place, at),
  };
}

// Returns "in" or "out" when the door admits, else the code of the first rule that refuses.
export function judge(rules, known, log, asked) {
  const seen = look(known, log, asked);
  return rules.find((one) => one.ways.includes(asked.way) && holds(one.if, seen))?.code ?? asked.way;
}
