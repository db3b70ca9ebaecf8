// Keys of the queue: v verifies, r goes to the reason for returning, j and k step through it.
(function () {
  "use strict";
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) { return; }
    if (event.target.closest("input, textarea, select") || document.querySelector("dialog[open]")) { return; }
    var button = document.querySelector("[data-verify]");
    var reason = document.querySelector("textarea[name$='reason']");
    var step = document.querySelector("[data-key='" + (event.key === "j" || event.key === "k" ? event.key : "-") + "']");
    if (event.key === "v" && button) { event.preventDefault(); button.click(); }
    if (event.key === "r" && reason) { event.preventDefault(); reason.focus(); }
    if (step) { event.preventDefault(); step.click(); }
  });
})();
