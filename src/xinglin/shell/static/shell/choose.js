// Hit lists under a box, walked with the arrow keys: the chooser of a form and the search of the page.
(function () {
  "use strict";
  function list(box) { return document.getElementById(box.getAttribute("aria-controls")); }
  function hits(box) { return Array.from(list(box).querySelectorAll("[role=option]")); }
  function marked(box) { return list(box).querySelector("[aria-selected=true]"); }

  function mark(box, hit) {
    hits(box).forEach(function (one) { one.setAttribute("aria-selected", String(one === hit)); });
    if (hit) { box.setAttribute("aria-activedescendant", hit.id); hit.scrollIntoView({ block: "nearest" }); }
    else { box.removeAttribute("aria-activedescendant"); }
  }

  function close(box) {
    list(box).replaceChildren();
    box.setAttribute("aria-expanded", "false");
    box.removeAttribute("aria-activedescendant");
  }

  function choose(box, hit) {
    var chooser = box.closest("[data-choose]");
    if (!chooser) { if (hit.href) { location.href = hit.href; } return; }
    var chosen = chooser.querySelector(".x-chosen");
    if (!("many" in chooser.dataset)) { chosen.replaceChildren(); }
    if (chosen.querySelector("input[value='" + CSS.escape(hit.dataset.ref) + "']")) { close(box); box.value = ""; return; }
    var chip = document.createElement("span");
    chip.className = "x-chip";
    var field = document.createElement("input");
    field.type = "hidden";
    field.name = chooser.dataset.name;
    field.value = hit.dataset.ref;
    var away = document.createElement("button");
    away.type = "button";
    away.dataset.unchoose = "";
    away.setAttribute("aria-label", window.xWords("remove", { name: hit.dataset.label }));
    away.append(document.getElementById("x-icon-x").content.firstElementChild.cloneNode(true));
    chip.append(field, hit.dataset.label, away);
    chosen.append(chip);
    box.value = "";
    close(box);
    box.focus();
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  document.addEventListener("htmx:afterSwap", function (event) {
    var box = document.querySelector("[role=combobox][aria-controls='" + event.detail.target.id + "']");
    if (box) { box.setAttribute("aria-expanded", String(hits(box).length > 0)); }
  });

  document.addEventListener("keydown", function (event) {
    var box = event.target.closest("[role=combobox]");
    if (!box) { return; }
    var all = hits(box);
    var at = all.indexOf(marked(box));
    if (event.key === "ArrowDown" && all.length) { event.preventDefault(); mark(box, all[(at + 1) % all.length]); }
    if (event.key === "ArrowUp" && all.length) { event.preventDefault(); mark(box, all[(at - 1 + all.length) % all.length]); }
    if (event.key === "Escape" && list(box).children.length) { event.stopPropagation(); close(box); }
    if (event.key === "Enter") {
      if (marked(box)) { event.preventDefault(); choose(box, marked(box)); }
      else if (box.closest("[data-choose]")) { event.preventDefault(); if (all.length) { choose(box, all[0]); } }
    }
  });

  document.addEventListener("click", function (event) {
    var hit = event.target.closest(".x-choose [role=option]");
    if (hit) { choose(hit.closest(".x-choose-in").querySelector("[role=combobox]"), hit); }
    var away = event.target.closest("[data-unchoose]");
    if (away) {
      var box = away.closest("[data-choose]").querySelector("[role=combobox]");
      away.closest(".x-chip").remove();
      box.focus();
    }
    document.querySelectorAll("[role=combobox][aria-expanded=true]").forEach(function (one) {
      if (!list(one).contains(event.target) && one !== event.target) { close(one); }
    });
  });
  document.addEventListener("focusout", function (event) {
    var box = event.target.closest && event.target.closest("[role=combobox]");
    if (box) { setTimeout(function () { if (document.activeElement !== box && !list(box).contains(document.activeElement)) { close(box); } }, 200); }
  });
})();
