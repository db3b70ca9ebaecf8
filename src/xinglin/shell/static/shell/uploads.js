// Sends forms with files: checks the size first, shows how far the upload is, keeps the form on failure.
(function () {
  "use strict";
  function size(bytes) {
    return bytes > 1048576 ? (bytes / 1048576).toFixed(1) + " MB" : Math.ceil(bytes / 1024) + " KB";
  }

  document.addEventListener("change", function (event) {
    if (event.target.type !== "file") { return; }
    var names = event.target.parentElement.querySelector("[data-upload-name]");
    if (names) {
      names.textContent = Array.from(event.target.files).map(function (file) { return file.name + "　" + size(file.size); }).join("；");
    }
    if (!event.target.dataset.max) { return; }
    var most = Number(event.target.dataset.max);
    var big = Array.from(event.target.files).find(function (file) { return file.size > most; });
    var error = event.target.parentElement.querySelector("[data-upload-error]");
    if (!error) { return; }
    error.hidden = !big;
    error.textContent = big ? window.xWords("big", { size: size(big.size), most: size(most) }) : "";
    if (big) { event.target.value = ""; names.textContent = ""; }
  });

  function finish(form, request) {
    if (request.status >= 500 || request.status === 0) { fail(form, "fault"); return; }
    if (request.responseURL && request.responseURL.split("#")[0] !== new URL(form.action || location.href, location.href).href.split("#")[0]) {
      location.href = request.responseURL;
      return;
    }
    // The form came back with remarks: show that answer in place of this page.
    var answer = new DOMParser().parseFromString(request.responseText, "text/html");
    document.getElementById("main").replaceWith(document.adoptNode(answer.getElementById("main")));
    window.htmx.process(document.getElementById("main"));
    var wrong = document.querySelector("[aria-invalid=true], [role=alert]");
    if (wrong) { wrong.focus(); wrong.scrollIntoView({ block: "center" }); }
  }

  function fail(form, word) {
    form.querySelector(".x-sending").hidden = true;
    form.xSent = false;
    form.removeAttribute("aria-busy");
    form.querySelectorAll("button:not([type=button])").forEach(function (one) { one.disabled = false; });
    window.xSay(window.xWords(word), "bad");
  }

  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (!("upload" in form.dataset) || event.defaultPrevented) { return; }
    var chosen = Array.from(form.querySelectorAll("[type=file]")).some(function (one) { return one.files.length; });
    if (!chosen || !form.querySelector(".x-sending")) { return; }
    event.preventDefault();
    var bar = form.querySelector(".x-sending");
    var request = new XMLHttpRequest();
    bar.hidden = false;
    request.open("POST", form.action || location.href);
    request.upload.addEventListener("progress", function (step) {
      var percent = step.total ? Math.round(step.loaded * 100 / step.total) : 0;
      bar.querySelector("progress").value = percent;
      bar.querySelector("span").textContent = window.xWords("sending", { percent: percent });
    });
    request.addEventListener("load", function () { finish(form, request); });
    request.addEventListener("error", function () { fail(form, "lost"); });
    request.send(new FormData(form, event.submitter));
    form.setAttribute("aria-busy", "true");
    form.querySelectorAll("button:not([type=button])").forEach(function (one) { one.disabled = true; });
  });
})();
