// Keeps the page of the gate on the phone: from the cache at once, from the server when there is a newer one.
/* global NAME, FILES */
self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll(FILES)).then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => {
  event.waitUntil(caches.keys().then((names) => Promise.all(names.filter((name) => name.startsWith("door-") && name !== NAME).map((name) => caches.delete(name)))).then(() => self.clients.claim()));
});
self.addEventListener("fetch", (event) => {
  const { pathname } = new URL(event.request.url);
  if (event.request.method !== "GET" || !FILES.includes(pathname)) return;
  event.respondWith(caches.open(NAME).then(async (cache) => (await cache.match(pathname, { ignoreSearch: true })) ?? fetch(event.request)));
});
