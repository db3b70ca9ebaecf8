// Takes a file dropped on the upload field, and says which one it holds.
(function () {
  "use strict";
  function field(zone) { return zone.querySelector("input[type=file]"); }

  function name(zone) {
    var chosen = field(zone).files[0];
    zone.querySelector("[data-drop-name]").textContent = chosen ? chosen.name : "";
  }

  ["dragover", "dragleave", "drop"].forEach(function (kind) {
    document.addEventListener(kind, function (event) {
      var zone = event.target.closest && event.target.closest("[data-drop]");
      if (!zone) { if (kind !== "dragleave" && document.querySelector("[data-drop]")) { event.preventDefault(); } return; }
      event.preventDefault();
      zone.toggleAttribute("data-over", kind === "dragover");
      if (kind === "drop" && event.dataTransfer.files.length) {
        field(zone).files = event.dataTransfer.files;
        field(zone).dispatchEvent(new Event("change", { bubbles: true }));
      }
    });
  });
  document.addEventListener("change", function (event) {
    var zone = event.target.closest && event.target.closest("[data-drop]");
    if (zone) { name(zone); }
  });
})();
