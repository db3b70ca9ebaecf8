// Takes a place by the seat path, shows what is left and how the queue moves, and counts a held place down.
(() => {
  "use strict";
  const clock = document.querySelector("[data-seconds]");
  if (clock) {
    const ends = performance.now() + Number(clock.dataset.seconds) * 1000;
    const told = clock.querySelector("[data-clock]");
    const tick = () => {
      const left = Math.max(0, Math.ceil((ends - performance.now()) / 1000));
      const two = (n) => String(n).padStart(2, "0");
      told.textContent = left ? `${two(Math.floor(left / 60))}:${two(left % 60)}` : clock.dataset.over;
      if (!left) clearInterval(timer);
    };
    const timer = setInterval(tick, 1000);
    tick();
  }

  const root = document.querySelector("[data-register]");
  if (!root || !root.dataset.pass) return;
  let pass = root.dataset.pass;
  const ask = async (verb, values = {}) => {
    const answer = await fetch(root.dataset.seatsUrl + verb, {
      method: "POST", headers: { "X-Seat-Pass": pass }, body: new URLSearchParams(values), credentials: "omit" });
    if (answer.status === 403) { location.reload(); }  // the pass ended with its session: the page gets another one
    const said = await answer.json();
    if (said.pass) pass = said.pass;
    return [answer.status, said];
  };
  const say = (text) => { root.querySelector("[data-register-said]").textContent = text; };

  for (const form of root.querySelectorAll("form[data-take]")) {
    form.addEventListener("submit", async (event) => {
      const one = form.querySelector("[name=quantity]");
      if (!one || one.value !== "1" || event.submitter?.name === "wait" || form.dataset.plain) return;
      event.preventDefault();
      const button = form.querySelector("button");
      button.disabled = true;
      try {
        const [status, said] = await ask("hold", { item: form.dataset.item });
        if (status === 200 && said.token) {
          form.action = root.dataset.held;
          const field = document.createElement("input");
          Object.assign(field, { type: "hidden", name: "token", value: said.token });
          form.append(field);
          form.dataset.plain = "1";
          form.submit();
          return;
        }
        if (said.message) say(said.message);
        button.disabled = false;
        if (status === 409) location.reload();
      } catch {
        form.dataset.plain = "1";
        button.disabled = false;
        form.requestSubmit();
      }
    });
  }

  const queue = root.querySelector("[data-queue-said]");
  const look = async () => {
    try {
      const [status, said] = await ask(queue ? "place" : "left");
      if (status === 200 && queue && said.admitted) { location.reload(); return; }
      if (status === 200) for (const [item, found] of Object.entries(said.left || {})) {
        const shown = root.querySelector(`[data-left="${item}"]`);
        if (shown && (shown.textContent.match(/\d+/) || [""])[0] !== String(found.left)) {
          if (found.left && shown.dataset.seen) shown.textContent = shown.textContent.replace(/\d+/, found.left);
          shown.dataset.seen = "1";
        }
      }
    } catch { /* offline for a moment: the next look tells */ }
    setTimeout(look, queue ? 3000 : 8000);
  };
  setTimeout(look, 3000);
})();
