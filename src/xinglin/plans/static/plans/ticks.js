// Ticks rows and shows what can be done with them; filters apply as soon as they are chosen.
(function () {
  "use strict";
  function boxes() { return Array.from(document.querySelectorAll("input[name=pick][form]")); }

  function show() {
    var bar = document.getElementById("table-many");
    if (!bar) { return; }
    var count = boxes().filter(function (one) { return one.checked; }).length;
    bar.classList.toggle("x-some", count > 0);
    bar.querySelector("[data-count]").textContent = window.xWords("picked", { n: count, unit: bar.dataset.unit });
  }

  document.addEventListener("change", function (event) {
    if (event.target.matches("[data-tick-all]")) {
      boxes().forEach(function (one) { one.checked = event.target.checked; });
    }
    if (event.target.matches("[data-tick-all], input[name=pick]")) { show(); }
    var form = event.target.closest("form[data-goes-form]");
    if (form && event.target.matches("select")) { form.requestSubmit(); }
  });
  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-untick]")) {
      boxes().forEach(function (one) { one.checked = false; });
      show();
    }
  });
})();
