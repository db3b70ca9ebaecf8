// Keeps what a gate knows and scanned in the phone's own database, so that a reload or an empty battery loses nothing.
const open = new Promise((done, fail) => {
  const asked = indexedDB.open("xinglin-door", 1);
  asked.onupgradeneeded = () => {
    asked.result.createObjectStore("meta");
    asked.result.createObjectStore("scans", { keyPath: "n" });
    asked.result.createObjectStore("others", { keyPath: "key" });
  };
  asked.onsuccess = () => done(asked.result);
  asked.onerror = () => fail(asked.error);
});

const answered = (asked) => new Promise((done, fail) => {
  asked.onsuccess = () => done(asked.result);
  asked.onerror = () => fail(asked.error);
});
const ended = (change) => new Promise((done, fail) => {
  change.oncomplete = done;
  change.onerror = change.onabort = () => fail(change.error);
});

export async function get(name) {
  return answered((await open).transaction("meta").objectStore("meta").get(name));
}

export async function put(values) {
  const change = (await open).transaction("meta", "readwrite");
  for (const [name, value] of Object.entries(values)) change.objectStore("meta").put(value, name);
  return ended(change);
}

// Writes a scan under the next counter in one transaction: no number is used twice, none is left out.
export async function add(scan) {
  const change = (await open).transaction(["meta", "scans"], "readwrite");
  const n = ((await answered(change.objectStore("meta").get("counter"))) || 0) + 1;
  change.objectStore("meta").put(n, "counter");
  change.objectStore("scans").put({ ...scan, n });
  if (scan.undoes) {
    const undone = await answered(change.objectStore("scans").get(scan.undoes));
    if (undone) change.objectStore("scans").put({ ...undone, undone: true });
  }
  await ended(change);
  return n;
}

export async function scans() {
  return answered((await open).transaction("scans").objectStore("scans").getAll());
}

export async function others() {
  return answered((await open).transaction("others").objectStore("others").getAll());
}

export async function learn(list) {
  const change = (await open).transaction("others", "readwrite");
  for (const one of list) change.objectStore("others").put(one);
  return ended(change);
}

// Forgets everything about people and the right to scan; called when the phone was revoked or the event is over.
export async function forget() {
  const change = (await open).transaction(["meta", "scans", "others"], "readwrite");
  for (const name of ["meta", "scans", "others"]) change.objectStore(name).clear();
  return ended(change);
}
