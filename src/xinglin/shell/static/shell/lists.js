// Lists: rows picked for a bulk action, pages of another size, cells that open in place.
(function () {
  "use strict";
  function picks(list) { return Array.from(list.querySelectorAll("[name=picked]")); }

  function count(list) {
    var form = list.querySelector("[data-bulk]");
    if (!form) { return; }
    var all = form.elements.everything.value === "1";
    var number = all ? Number(form.dataset.total) : picks(list).filter(function (one) { return one.checked; }).length;
    form.classList.toggle("x-some", number > 0);
    form.querySelector("[data-picked]").textContent = window.xWords("picked", { n: number.toLocaleString("en"), unit: form.dataset.unit });
    form.querySelector("[data-pick-all]").hidden = all || number === Number(form.dataset.total);
    picks(list).forEach(function (one) {
      if (one.checked) { one.closest("tr").setAttribute("aria-selected", "true"); }
      else { one.closest("tr").removeAttribute("aria-selected"); }
    });
    var head = list.querySelector("[data-pick-page]");
    if (!head) { return; }
    var some = picks(list).filter(function (one) { return one.checked; }).length;
    head.checked = some > 0 && some === picks(list).length;
    head.indeterminate = some > 0 && !head.checked;
  }

  function set(list, on, everything) {
    picks(list).forEach(function (one) { one.checked = on; });
    list.querySelector("[data-bulk]").elements.everything.value = everything ? "1" : "";
    count(list);
  }

  document.addEventListener("change", function (event) {
    var list = event.target.closest("[data-list]");
    if (event.target.matches("[data-goes]")) { location.href = event.target.value; return; }
    if (!list) { return; }
    if (event.target.matches("[data-pick-page]")) { set(list, event.target.checked, false); }
    if (event.target.name === "picked") { list.querySelector("[data-bulk]").elements.everything.value = ""; count(list); }
  });
  document.addEventListener("click", function (event) {
    var list = event.target.closest("[data-list]");
    if (!list) { return; }
    if (event.target.closest("[data-pick-all]")) { set(list, true, true); }
    if (event.target.closest("[data-unpick]")) { set(list, false, false); }
  });

  // The search box keeps cursor and focus when the list under it is renewed.
  var typing = null;
  document.addEventListener("htmx:beforeSwap", function (event) {
    var here = document.activeElement;
    typing = event.detail.target.contains(here) && here.type === "search" ? { id: here.id, at: here.selectionEnd, value: here.value } : null;
  });
  document.addEventListener("htmx:afterSettle", function () {
    document.querySelectorAll("[data-list]").forEach(count);
    var field = typing && document.getElementById(typing.id);
    if (field) { field.value = typing.value; field.focus(); field.setSelectionRange(typing.at, typing.at); }
    typing = null;
  });
  document.addEventListener("DOMContentLoaded", function () { document.querySelectorAll("[data-list]").forEach(count); });
  document.addEventListener("submit", function (event) { // a download leaves the page as it was
    if ("download" in event.target.dataset) { event.target.closest("details").open = false; }
  });
})();
