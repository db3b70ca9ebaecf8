// Plays a stream or a recording and reports, signed and numbered, what was watched; the server decides what counts.
(() => {
  "use strict";
  const RETRY = [3000, 5000, 10000, 20000];
  const FINAL = ["elsewhere", "over", "left", "order", "forged"];

  for (const root of document.querySelectorAll("[data-presence]")) start(root);

  function start(root) {
    const video = root.querySelector("video");
    const find = (name) => root.querySelector(`[data-${name}]`);
    const live = root.dataset.kind === "live";
    const timing = window.xTiming(() => performance.now(), live ? Infinity : 1);
    const sitting = { token: "", seq: 0, key: null, base: 0, beat: 60000, done: false, opening: false };
    let busy = false, again = 0, timer = 0, tries = 0, verdict = "idle", counted = 0, checkEnds = 0, moved = false, anew = false;
    const title = document.title;

    // What the page shows -------------------------------------------------------------------------------------------
    const show = (name) => {
      for (const one of root.querySelectorAll("[data-says]")) one.hidden = one.dataset.says !== name;
      root.dataset.state = name;
    };
    const state = () => {
      if (sitting.done || ["check", "missed", "lost", "sign", "insecure", "broken"].includes(verdict)) return verdict;
      if (!sitting.key) return verdict === "idle" ? "idle" : verdict;
      if (video.paused || video.ended) return "paused";
      if (document.hidden) return "hidden";
      if (video.playbackRate !== 1) return "rate";
      if (video.readyState < 3 || video.seeking) return "waiting";
      return ["late", "seen"].includes(verdict) ? verdict : "counting";
    };
    const paint = () => {
      if (root.dataset.state !== state()) show(state());
      const left = Math.max(0, Math.ceil((checkEnds - performance.now()) / 1000));
      if (checkEnds) find("seconds").textContent = left;
    };
    const count = (seconds) => {
      counted = seconds;
      root.dataset.counted = seconds;
      find("minutes").textContent = Math.floor(seconds / 60);
    };
    const ask = (seconds) => {
      const box = find("check"), waits = box.hidden;
      checkEnds = seconds === null ? 0 : performance.now() + seconds * 1000;
      find("left").hidden = seconds === null;
      find("over").hidden = seconds !== null;
      box.hidden = false;
      document.title = `【${root.dataset.alert}】${title}`;
      if (!waits) return;
      if (document.fullscreenElement) document.exitFullscreen();
      else if (video.webkitDisplayingFullscreen) video.webkitExitFullscreen();
      if (navigator.vibrate) navigator.vibrate([200, 100, 200]);
      if (!document.activeElement || document.activeElement === document.body || root.contains(document.activeElement)) find("here").focus();
    };
    const answered = () => {
      checkEnds = 0;
      if (find("check").contains(document.activeElement)) video.focus();
      find("check").hidden = true;
      document.title = title;
    };

    // Heartbeats ----------------------------------------------------------------------------------------------------
    const hex = (bytes) => Array.from(new Uint8Array(bytes), (one) => one.toString(16).padStart(2, "0")).join("");
    const signed = async (said) => {
      const message = JSON.stringify(said), text = new TextEncoder();
      return `${hex(await crypto.subtle.sign("HMAC", sitting.key, text.encode(message)))}\n${message}`;
    };
    const open = async () => {
      if (sitting.key || sitting.opening || sitting.done) return;
      if (!window.crypto?.subtle) { verdict = "insecure"; return; }
      sitting.opening = true;
      try {
        const form = new FormData();
        form.append("ticket", root.dataset.ticket);
        const headers = JSON.parse(document.body.getAttribute("hx-headers") || "{}");
        const answer = await fetch(root.dataset.open, { method: "POST", body: form, headers });
        if (answer.status === 401) { verdict = "sign"; return; }
        if ([403, 410].includes(answer.status)) { verdict = "ended"; sitting.done = true; return; }
        if (!answer.ok) throw new Error(answer.status);
        await take(await answer.json());
      } catch {
        verdict = "lost";
        setTimeout(() => { if (!video.paused) open(); }, RETRY[Math.min(tries++, RETRY.length - 1)]);
      } finally {
        sitting.opening = false;
        paint();
      }
    };
    const take = async (opened) => {
      const text = new TextEncoder();
      sitting.key = await crypto.subtle.importKey("raw", text.encode(opened.secret), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
      Object.assign(sitting, { token: opened.token, seq: 0, base: performance.now(), beat: opened.beat * 1000 });
      verdict = "paused";
      tries = 0;
      count(opened.counted);
      if (opened.state === "check") { verdict = "check"; ask(opened.check); }
      if (opened.state === "missed") { verdict = "missed"; ask(null); }
      if (!live && opened.resume > 5) {
        if (video.readyState) resume(opened.resume);
        else video.addEventListener("loadedmetadata", () => resume(opened.resume), { once: true });
      }
      plan(sitting.beat);
    };
    const resume = (seconds) => {
      if (video.currentTime < 5 && seconds < video.duration - 5) video.currentTime = seconds;
    };
    const plan = (wait) => {
      clearTimeout(timer);
      if (!sitting.done && sitting.key) timer = setTimeout(() => send({}), wait);
    };
    const send = async (more) => {
      if (!sitting.key || sitting.done) return;
      if (busy) { again = more.here ? 1 : again; return; }
      busy = true;
      const asked = performance.now();
      const said = { token: sitting.token, seq: sitting.seq + 1, played: timing.since(sitting.base), ...more };
      let told = null;
      try {
        const body = await signed(said);
        const answer = await fetch(root.dataset.beat, { method: "POST", body, keepalive: true, credentials: "omit",
          headers: { "Content-Type": "text/plain" } });
        told = answer.status >= 500 ? null : await answer.json();
      } catch { told = null; }
      busy = false;
      if (told === null) lost();
      else heard(told, (asked + performance.now()) / 2, said);
      paint();
      if (again) { again = 0; send({ here: true }); }
    };
    const lost = () => {
      if (!["check", "missed"].includes(verdict)) verdict = "lost";
      plan(RETRY[Math.min(tries++, RETRY.length - 1)]);
    };
    const heard = (told, at, said) => {
      tries = 0;
      if (told.state === "fast") { plan(Math.max(1000, sitting.beat / 12)); return; }
      if (told.state === "gone" && !anew) { begin(); return; }
      if (told.state === "gone" || FINAL.includes(told.state)) { finish(told); return; }
      anew = false;
      sitting.token = told.token;
      sitting.seq = told.seq;
      sitting.base = at - told.age * 1000;
      timing.forget(sitting.base);
      const grew = told.counted > counted + 0.5;
      count(told.counted);
      verdict = told.state === "again" ? (told.check ? "check" : "counting") : told.state;
      if (verdict === "counting" && !live && !grew && said.played.length) verdict = "seen";
      if (told.check) ask(told.check);
      else if (verdict === "missed") ask(null);
      else if (!find("check").hidden) answered();
      // A pause says what was played before it once, then is silent; what comes after begins with a report of its own.
      moved = !video.paused;
      if (told.state === "again" && said.here) send({ here: true });
      else if (moved || told.state === "again" || timing.since(sitting.base).length) plan(sitting.beat);
      else clearTimeout(timer);
    };
    // What was signed for a session that ended counts no more: whoever is signed in by another one sits down once more.
    const begin = () => {
      anew = true;
      sitting.key = null;
      verdict = "paused";
      if (!find("check").hidden) answered();
      if (!video.paused) open();
    };
    const finish = (told) => {
      sitting.done = true;
      clearTimeout(timer);
      if (told.counted) count(told.counted);
      if (!find("check").hidden) answered();
      verdict = ["elsewhere", "over"].includes(told.state) ? told.state : "ended";
      if (verdict === "elsewhere") video.pause();
      delete root.dataset.guarded;
      root.classList.remove("x-changed");
    };

    // The screen ----------------------------------------------------------------------------------------------------
    const tick = () => {
      if (sitting.key && !sitting.done && ["counting", "late", "seen"].includes(playing())) timing.tick(live ? 0 : video.currentTime);
      else timing.close();
      paint();
    };
    const playing = () => {
      const waits = ["check", "lost"].includes(verdict) ? verdict : "";
      if (!waits) return state();
      // A check that waits, or a lost connection, stops nothing: what is played meanwhile is reported later.
      return video.paused || document.hidden || video.playbackRate !== 1 || video.readyState < 3 || video.seeking ? "" : "counting";
    };
    setInterval(tick, 500);
    for (const name of ["play", "playing", "pause", "ratechange", "seeking", "seeked", "waiting", "ended"]) video.addEventListener(name, tick);
    video.addEventListener("play", () => {
      root.dataset.guarded = "";  // an idle session does not reload a page before which somebody sits
      root.classList.add("x-changed");
      if (!sitting.key) open();
      else if (!moved && !sitting.done) { moved = true; send({}); }
    });
    video.addEventListener("pause", () => { root.classList.remove("x-changed"); });
    document.addEventListener("visibilitychange", () => {
      tick();
      if (sitting.key && document.hidden && performance.now() - sitting.base > sitting.beat / 6) send({});
    });
    window.addEventListener("pagehide", () => { tick(); if (sitting.key) send({ leave: true }); });
    find("here").addEventListener("click", () => send({ here: true }));
    attach(root, video, () => { verdict = "broken"; paint(); });
    paint();
  }

  function attach(root, video, broken) {
    const source = root.dataset.source;
    if (window.Hls && window.Hls.isSupported()) {
      const hls = new window.Hls({ autoStartLoad: false, workerPath: root.dataset.worker, maxBufferLength: 30 });
      hls.on(window.Hls.Events.ERROR, (_name, found) => {
        if (!found.fatal) return;
        if (found.type === window.Hls.ErrorTypes.MEDIA_ERROR && !hls.recovered) { hls.recovered = true; hls.recoverMediaError(); return; }
        if (found.type === window.Hls.ErrorTypes.NETWORK_ERROR && hls.began) { setTimeout(() => hls.startLoad(), 5000); return; }
        broken();
      });
      hls.on(window.Hls.Events.FRAG_BUFFERED, () => { hls.began = true; });
      hls.loadSource(source);
      hls.attachMedia(video);
      video.addEventListener("play", () => hls.startLoad(-1), { once: true });
    } else if (video.canPlayType("application/vnd.apple.mpegurl")) {
      video.src = source;  // Safari plays it itself
    } else {
      broken();
    }
  }
})();
