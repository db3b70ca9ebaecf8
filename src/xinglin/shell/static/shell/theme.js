// Sets the theme before the first paint: the reader's choice, else the system's.
(function () {
  "use strict";
  var root = document.documentElement;
  function follow() {
    root.dataset.bsTheme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  }
  if (!("chosen" in root.dataset)) {
    follow();
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", function () {
      if (!("chosen" in root.dataset)) { follow(); }
    });
  }
})();
