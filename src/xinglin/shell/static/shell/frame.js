// Opens and closes the side navigation on narrow screens, and the pop-ups of the page.
(function () {
  "use strict";
  var opener = null;

  function side(open) {
    document.body.classList.toggle("x-side-open", open);
    document.querySelectorAll("[data-nav]").forEach(function (one) { one.setAttribute("aria-expanded", String(open)); });
    var first = document.querySelector("#x-side a, #x-side button");
    if (open && first) { first.focus(); }
    if (!open && opener) { opener.focus(); opener = null; }
  }

  document.addEventListener("click", function (event) {
    var nav = event.target.closest("[data-nav]");
    if (nav) { opener = nav; side(!document.body.classList.contains("x-side-open")); return; }
    if (event.target.closest("[data-nav-close]")) { side(false); return; }
    if (document.body.classList.contains("x-side-open") && !event.target.closest("#x-side")) { side(false); }
    document.querySelectorAll("details.x-pop[open]").forEach(function (pop) {
      if (!pop.contains(event.target) || event.target.closest("[data-pop-close]")) { pop.open = false; }
    });
  });

  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") { return; }
    var pop = document.querySelector("details.x-pop[open]");
    if (pop) { pop.open = false; pop.querySelector("summary").focus(); return; }
    if (document.body.classList.contains("x-side-open")) { side(false); }
  });

  // A list narrower than its table can be scrolled with the keyboard; others need no stop there.
  function stops() {
    document.querySelectorAll(".x-scroll").forEach(function (box) {
      box.classList.remove("x-fits");
      var fits = box.scrollWidth <= box.clientWidth + 1;
      box.classList.toggle("x-fits", fits);
      box.tabIndex = fits ? -1 : 0;
    });
  }
  addEventListener("resize", stops);
  document.addEventListener("DOMContentLoaded", stops);
  document.addEventListener("htmx:afterSettle", stops);

  document.addEventListener("DOMContentLoaded", function () {
    var field = document.querySelector("[aria-invalid=true]") || document.querySelector("[data-autofocus]");
    if (field) { field.focus(); }
  });
})();
