// Opens dialogues and the drawer, and arms destructive buttons by a typed word.
(function () {
  "use strict";
  function open(dialog) { if (dialog && !dialog.open) { dialog.showModal(); } }

  document.addEventListener("click", function (event) {
    var opener = event.target.closest("[data-opens]");
    if (opener && !opener.hasAttribute("hx-get")) { open(document.getElementById(opener.dataset.opens)); }
    if (event.target.closest("[data-closes]")) { event.target.closest("dialog").close(); }
    if (event.target.nodeName === "DIALOG") { event.target.close(); } // a click beside it
  });

  // What htmx puts into the drawer or the dialogue opens it.
  document.addEventListener("htmx:afterSwap", function (event) {
    if (event.detail.target.id === "x-drawer-body") { open(document.getElementById("x-drawer")); }
    if (event.detail.target.id === "x-dialog-body") { open(document.getElementById("x-dialog")); }
  });

  document.addEventListener("input", function (event) {
    var field = event.target.closest("[data-arms]");
    if (!field) { return; }
    document.getElementById(field.dataset.arms).disabled = field.value.trim() !== field.dataset.word;
  });
})();
