// Keys: `/` searches, `?` shows the keys, g and a letter goes to a page.
(function () {
  "use strict";
  var waiting = 0;
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) { return; }
    if (event.target.closest("input, textarea, select, [contenteditable]") || document.querySelector("dialog[open]")) { return; }
    if (event.key === "/") {
      var box = document.querySelector("#x-find");
      if (box && box.offsetParent) { event.preventDefault(); box.focus(); box.select(); return; }
      var page = document.querySelector(".x-search input, a[href*='/search/']");
      if (page) { event.preventDefault(); page.focus(); }
    }
    if (event.key === "?") { event.preventDefault(); document.getElementById("x-keys").showModal(); }
    if (event.key === "g") { waiting = Date.now(); return; }
    if (Date.now() - waiting < 1200 && /^[a-z]$/.test(event.key)) {
      var link = document.querySelector("[data-go='" + event.key + "']");
      if (link) { event.preventDefault(); link.click(); }
    }
    waiting = 0;
  });
})();
