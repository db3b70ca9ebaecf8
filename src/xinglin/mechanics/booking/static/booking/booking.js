// Places of one item: asks the seat path with the page's pass, shows one state at a time, goes on by itself.
(() => {
  "use strict";
  const pause = (seconds) => seconds * 1000 * (0.8 + 0.4 * Math.random());
  const clock = (seconds) => {
    const rest = Math.max(0, Math.round(seconds));
    const [hours, minutes] = [Math.floor(rest / 3600), Math.floor((rest % 3600) / 60)];
    const two = (number) => String(number).padStart(2, "0");
    return hours ? `${hours}:${two(minutes)}:${two(rest % 60)}` : `${two(minutes)}:${two(rest % 60)}`;
  };

  const start = (root) => {
    const item = root.dataset.seats;
    const all = (name) => root.querySelectorAll(`[data-${name}]`);
    const write = (name, text) => all(name).forEach((one) => { one.textContent = text; });
    const moment = (seconds) => performance.now() + seconds * 1000;
    let pass = root.dataset.pass;
    let timer = 0;
    let opens = moment(Number(root.dataset.opens));
    let ends = moment(Number(root.querySelector("[data-countdown]").dataset.countdown));
    let admitted = !("queue" in root.dataset);

    const show = (state) => {
      root.dataset.state = state;
      for (const one of all("at")) one.hidden = !one.dataset.at.split(" ").includes(state);
    };
    const say = (words) => { const box = root.querySelector("[data-said]"); box.textContent = words; box.hidden = !words; };
    const later = (seconds) => { clearTimeout(timer); timer = setTimeout(look, pause(seconds)); };

    const ask = async (verb, values) => {
      const answer = await fetch(root.dataset.seatsUrl + verb, {
        method: "POST", body: new URLSearchParams(values || {}), headers: { "X-Seat-Pass": pass },
        credentials: "omit", cache: "no-store",
      });
      root.querySelector("[data-away]").hidden = true;
      if (answer.status === 403) {
        if (performance.now() > 10000) location.reload();
        throw new Error("pass");
      }
      const said = await answer.json();
      if (said.pass) pass = said.pass;
      if (said.wait) throw Object.assign(new Error("busy"), { wait: said.wait });
      return said;
    };

    const lefts = (said) => {
      const found = said.left && said.left[item];
      if (!found) return null;
      write("left", found.left); write("of", found.of); write("waiting", found.waiting);
      all("waits").forEach((one) => { one.hidden = !found.waiting; });
      return found.left;
    };

    const queue = (said) => {
      const left = lefts(said);
      const early = said.opens > 0;
      root.querySelector("[data-early]").hidden = !early;
      root.querySelector("[data-late]").hidden = early;
      opens = moment(said.opens);
      write("joined", said.joined); write("ahead", said.ahead); write("number", said.number || "…");
      write("minutes", Math.max(1, Math.ceil((said.seconds || 0) / 60))); write("lot", said.lot);
      all("estimate").forEach((one) => { one.hidden = said.seconds === null; });
      all("lot-line").forEach((one) => { one.hidden = !said.lot; });
      if (said.admitted) { admitted = true; show(left ? "open" : "full"); later(10); return; }
      later(early ? Math.min(5, said.opens + Math.random()) : Math.min(10, 2 + (said.seconds || 0) / 20));
    };

    const place = (said) => {
      if (said.state === "waiting") {
        write("position", said.position);
        root.querySelector("[data-do=leave]").dataset.token = said.token;
        show("waiting"); later(20);
      } else if (said.state === "held") {
        ends = moment((new Date(said.expires) - new Date(said.at)) / 1000);
        root.querySelector("[data-do=release]").dataset.token = said.token;
        show(said.offered ? "offered" : "held");
        if (!said.offered) location.assign(root.dataset.next);
      } else if (said.state === "confirmed") {
        show("mine");
      } else {
        say(said.message || "");
        if (said.reason === "sold_out" || said.reason === "awaited") { show("full"); later(5); }
        else if (said.reason === "not_your_turn") { admitted = false; show("queue"); later(1); }
        else location.reload();
      }
    };

    const look = async () => {
      clearTimeout(timer);
      try {
        const state = root.dataset.state;
        if (state === "waiting") place(await ask("waits", { token: root.querySelector("[data-do=leave]").dataset.token }));
        else if (state === "before") {
          lefts(await ask("left"));  // also renews the pass, so that it is fresh at the opening
          if (performance.now() > opens) { show(admitted ? "open" : "queue"); later(1); } else later(300);
        } else if (!admitted && state !== "held" && state !== "offered" && state !== "mine") queue(await ask("place"));
        else if (state === "open" || state === "full") { show(lefts(await ask("left")) ? "open" : "full"); later(5); }
      } catch (wrong) {
        root.querySelector("[data-away]").hidden = Boolean(wrong.wait);
        later(wrong.wait || 4);
      }
    };

    root.addEventListener("click", async (event) => {
      const button = event.target.closest("[data-do]");
      if (!button || button.disabled) return;
      button.disabled = true; say("");
      try {
        const said = await ask(button.dataset.do, { item, token: button.dataset.token || "" });
        if (said.state === "released" || said.state === "left") location.reload();
        else place(said);
      } catch (wrong) { later(wrong.wait || 3); }
      button.disabled = false;
    });

    setInterval(() => {
      write("opens-in", clock((opens - performance.now()) / 1000));
      const rest = (ends - performance.now()) / 1000;
      write("countdown", clock(rest));
      const state = root.dataset.state;
      if ((state === "held" || state === "offered") && rest < -1) location.reload();
      if (state === "before" && performance.now() > opens) { show(admitted ? "open" : "queue"); later(1); }
    }, 500);
    show(root.dataset.state);
    addEventListener("online", look);
    document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
    look();
  };

  document.querySelectorAll("[data-seats]").forEach(start);
})();
