// Warns before the server ends an idle session, and lets the reader stay.
(() => {
  const found = document.cookie.match(/(?:^|; )x_idle=(\d+)/);
  if (!found) return;
  const idle = Number(found[1]) * 1000, early = Math.min(120000, idle / 3);
  let warning = 0, ending = 0;
  const token = () => JSON.parse(document.body.getAttribute("hx-headers") || "{}");
  const place = () => {
    let box = document.getElementById("x-idle");
    if (!box) {
      box = document.createElement("div");
      box.id = "x-idle";
      (document.getElementById("x-answer") || document.getElementById("main") || document.body).prepend(box);
    }
    return box;
  };
  const warn = async () => {
    const answer = await fetch("/account/idle/", { headers: { "X-Background": "1" } });
    if (answer.ok) place().innerHTML = await answer.text();
  };
  const start = () => {
    clearTimeout(warning);
    clearTimeout(ending);
    document.getElementById("x-idle")?.remove();
    warning = setTimeout(warn, idle - early);
    // Pages with unsent words stay; the shell keeps them when they are sent after the end.
    ending = setTimeout(() => { if (!document.querySelector("[data-guarded].x-changed")) location.reload(); }, idle + 2000);
  };
  document.addEventListener("click", async (event) => {
    if (!event.target.closest("[data-stay]")) return;
    await fetch("/account/alive/", { method: "POST", headers: token() });
    start();
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (!event.detail.requestConfig?.headers?.["X-Background"]) start();
  });
  start();
})();
