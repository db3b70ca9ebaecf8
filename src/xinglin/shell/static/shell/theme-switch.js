// Switches light and dark and keeps the choice in a cookie.
(function () {
  "use strict";
  document.addEventListener("click", function (event) {
    if (!event.target.closest("[data-theme-switch]")) { return; }
    var root = document.documentElement;
    var theme = root.dataset.bsTheme === "dark" ? "light" : "dark";
    root.dataset.bsTheme = theme;
    root.dataset.chosen = "";
    document.cookie = "theme=" + theme + ";path=/;max-age=31536000;samesite=lax" +
      (location.protocol === "https:" ? ";secure" : "");
    document.dispatchEvent(new CustomEvent("x-theme"));
  });
})();
