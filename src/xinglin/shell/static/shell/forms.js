// Guards forms: sent once, not left by accident, drafts kept, dates typed or picked.
(function () {
  "use strict";
  var leaving = null;

  function snapshot(form) {
    return JSON.stringify(Array.from(new FormData(form).entries()).filter(function (pair) {
      return typeof pair[1] === "string" && pair[0] !== "csrfmiddlewaretoken" && !/once$/.test(pair[0]);
    }));
  }

  function changed() {
    return Array.from(document.querySelectorAll("form[data-guarded]")).some(function (form) {
      return form.xAtStart !== undefined && !form.xSent && form.xAtStart !== snapshot(form);
    });
  }

  function key(form) { return "draft:" + location.pathname + ":" + (form.id || form.getAttribute("action") || ""); }

  // A draft belongs to one account on one machine, is dropped when the form is sent, and never outlives a week.
  function offer(form) {
    var kept = JSON.parse(localStorage.getItem(key(form)) || "null");
    if (!kept || kept.fields === snapshot(form)) { return; }
    if (Date.now() - kept.at > 7 * 24 * 3600 * 1000) { localStorage.removeItem(key(form)); return; }
    var bar = document.createElement("p");
    bar.className = "x-strip x-draft";
    bar.setAttribute("role", "status");
    bar.append(window.xWords("draft", { time: new Date(kept.at).toLocaleString(document.documentElement.lang) }));
    [["use", function () { fill(form, JSON.parse(kept.fields)); }], ["drop", function () { localStorage.removeItem(key(form)); }]]
      .forEach(function (pair) {
        var button = document.createElement("button");
        button.type = "button";
        button.className = "btn x-btn-s";
        button.textContent = window.xWords(pair[0]);
        button.addEventListener("click", function () { pair[1](); bar.remove(); });
        bar.append(button);
      });
    form.prepend(bar);
  }

  function fill(form, pairs) {
    pairs.forEach(function (pair) {
      form.querySelectorAll("[name='" + CSS.escape(pair[0]) + "']").forEach(function (field) {
        if (field.type === "checkbox" || field.type === "radio") { field.checked = field.checked || field.value === pair[1]; }
        else if (field.type !== "hidden") { field.value = pair[1]; }
      });
    });
  }

  function begin(root) {
    root.querySelectorAll("form[data-guarded]").forEach(function (form) {
      if (form.xAtStart === undefined) {
        form.xAtStart = form.querySelector("[aria-invalid]") ? "" : snapshot(form);
        if ("draft" in form.dataset) { offer(form); }
      }
    });
  }

  document.addEventListener("DOMContentLoaded", function () { begin(document); });
  document.addEventListener("htmx:load", function (event) { begin(event.target.parentElement || document); });

  document.addEventListener("input", function (event) {
    var form = event.target.closest("form[data-draft]");
    if (form) { localStorage.setItem(key(form), JSON.stringify({ at: Date.now(), fields: snapshot(form) })); }
  });

  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.method !== "post") { return; }
    if ("once" in form.dataset) {
      if (form.xSent && !form.hasAttribute("hx-post")) { event.preventDefault(); return; }
      // After the browser has collected the fields, or the pressed button's own value would be missing.
      setTimeout(function () {
        if (event.defaultPrevented && !form.hasAttribute("hx-post")) { return; }
        form.querySelectorAll("button:not([type=button])").forEach(function (one) { one.disabled = true; });
        form.setAttribute("aria-busy", "true");
      }, 0);
    }
    form.xSent = true;
    if ("draft" in form.dataset) { localStorage.removeItem(key(form)); }
  });
  function again(form) {
    form.xSent = false;
    form.removeAttribute("aria-busy");
    form.querySelectorAll("button:not([type=button])").forEach(function (one) { one.disabled = false; });
  }
  document.addEventListener("htmx:afterRequest", function (event) {
    var form = event.target.closest && event.target.closest("form[data-once]");
    if (form) { again(form); }
  });
  addEventListener("pageshow", function (event) {
    if (event.persisted) { document.querySelectorAll("form[data-once]").forEach(again); }
  });

  addEventListener("beforeunload", function (event) { if (!leaving && changed()) { event.preventDefault(); } });
  document.addEventListener("click", function (event) {
    var link = event.target.closest("a[href]");
    if (link && !link.target && !link.hasAttribute("hx-get") && link.origin === location.origin && !event.ctrlKey && !event.metaKey &&
        link.getAttribute("href")[0] !== "#" && changed()) {
      event.preventDefault();
      leaving = null;
      document.getElementById("x-leave").xTo = link.href;
      document.getElementById("x-leave").showModal();
    }
    if (event.target.closest("[data-leave]")) { leaving = true; location.href = document.getElementById("x-leave").xTo; }
    var pick = event.target.closest("[data-pick-date]");
    if (pick) { pick.parentElement.querySelector(".x-pick").showPicker(); }
  });

  document.addEventListener("change", function (event) {
    if (event.target.matches(".x-pick")) {
      var text = event.target.parentElement.querySelector("[data-date]");
      text.value = event.target.value;
      text.dispatchEvent(new Event("input", { bubbles: true }));
      text.focus();
    }
    // 20261121, 2026.11.21 and full-width digits become 2026-11-21 as soon as the field is left.
    if (event.target.matches("[data-date]")) {
      var found = event.target.value.normalize("NFKC").trim().match(/^(\d{4})[年\-/.]?(\d{1,2})[月\-/.]?(\d{1,2})日?$/);
      if (found) { event.target.value = found[1] + "-" + found[2].padStart(2, "0") + "-" + found[3].padStart(2, "0"); }
    }
  });
})();
