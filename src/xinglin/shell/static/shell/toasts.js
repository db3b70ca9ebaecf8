// Shows toasts, offers to undo for ten seconds, and says when the server could not be reached.
(function () {
  "use strict";
  function token() {
    var headers = document.body.getAttribute("hx-headers");
    return headers ? JSON.parse(headers)["X-CSRFToken"] : "";
  }

  function icon(level) {
    var kept = document.getElementById(level === "ok" ? "x-icon-ok" : "x-icon-bad");
    return kept.content.firstElementChild.cloneNode(true);
  }

  function button(word, act) {
    var made = document.createElement("button");
    made.type = "button";
    made.className = "btn x-btn-s x-btn-quiet";
    made.textContent = word;
    made.addEventListener("click", act);
    return made;
  }

  function say(text, level, undo) {
    var box = document.createElement("div");
    box.className = "x-toast";
    box.dataset.level = level || "ok";
    box.append(icon(level || "ok"));
    var words = document.createElement("span");
    words.textContent = text;
    box.append(words);
    if (undo) {
      box.append(button(window.xWords("undo"), function () {
        window.htmx.ajax("POST", undo, { swap: "none", headers: { "X-CSRFToken": token() } });
        box.remove();
      }));
    }
    box.append(button(window.xWords("close"), function () { box.remove(); }));
    document.getElementById("x-toasts").append(box);
    fade(box);
  }

  // Errors stay until they are closed; the rest leave after ten seconds, not while pointed at or focused.
  function fade(box) {
    if (box.dataset.level === "bad" || box.dataset.level === "error") { return; }
    setTimeout(function wait() {
      if (box.matches(":hover, :focus-within")) { setTimeout(wait, 2000); } else { box.remove(); }
    }, 10000);
  }

  window.xSay = say;
  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll("#x-toasts .x-toast").forEach(fade);
  });
  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-toast-close]")) { event.target.closest(".x-toast").remove(); }
    var shown = event.target.closest("[data-toast]");
    if (shown) { say(shown.dataset.toast, "ok", shown.dataset.toastUndo); }
  });
  document.addEventListener("x-toast", function (event) {
    say(event.detail.text, event.detail.level, event.detail.undo);
  });
  document.addEventListener("htmx:sendError", function () { say(window.xWords("lost"), "bad"); });
  document.addEventListener("htmx:responseError", function (event) {
    if (event.detail.xhr.status === 401) { say(window.xWords("sign"), "bad"); return; }
    say(window.xWords("fault"), "bad");
  });
})();
