// The correction page: cards and marks find each other, keys walk through the cards, marked words become a commitment.
(function () {
  "use strict";
  var marked = null;
  var next = null;

  function root() { return document.getElementById("read"); }
  function cards() { return Array.from(document.querySelectorAll("#read-list > .x-commit")); }
  function current() { return document.querySelector("#read-list > .x-commit[aria-current]"); }
  function marks(key) { return document.querySelectorAll("#read-original mark[data-c~='" + key + "']"); }

  // Scrolls the document's own pane, or the page where the document has none.
  function bring(mark) {
    var pane = document.getElementById("read-original");
    if (pane.scrollHeight > pane.clientHeight + 4 && getComputedStyle(pane).overflowY === "auto") {
      pane.scrollTo({ top: mark.offsetTop - pane.clientHeight / 3, behavior: "smooth" });
    }
  }

  function choose(card, focus) {
    cards().forEach(function (one) { one.removeAttribute("aria-current"); });
    document.querySelectorAll("#read-original mark[aria-current]").forEach(function (one) { one.removeAttribute("aria-current"); });
    if (!card) { return; }
    card.setAttribute("aria-current", "true");
    var found = marks(card.dataset.key);
    found.forEach(function (one) { one.setAttribute("aria-current", "true"); });
    if (found.length) { bring(found[0]); }
    if (focus) {
      card.focus({ preventScroll: true });
      card.scrollIntoView({ block: "nearest" });
    }
  }

  function toCard(key) {
    var card = document.getElementById("c-" + key);
    if (card) { choose(card, true); return; }
    window.htmx.ajax("GET", root().dataset.cards + "?tab=all", { target: "#read-cards" }).then(function () {
      choose(document.getElementById("c-" + key), true);
    });
  }

  function step(by) {
    var all = cards();
    var at = all.indexOf(current());
    var there = all[at < 0 ? 0 : Math.max(0, Math.min(all.length - 1, at + by))];
    choose(there, true);
  }

  function press(what) {
    var button = current() && current().querySelector("[data-act=" + what + "]");
    if (button) { button.click(); }
  }

  document.addEventListener("keydown", function (event) {
    if (!root() || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) { return; }
    if (event.key === "Escape" && current()) { press("cancel"); return; }
    if (event.target.closest("input, textarea, select, [contenteditable]") || document.querySelector("dialog[open]")) { return; }
    var does = {
      j: function () { step(1); }, k: function () { step(-1); },
      a: function () { press("accept"); }, e: function () { press("edit"); }, x: function () { press("discard"); },
      u: function () { window.htmx.ajax("POST", root().dataset.undo, { target: "#read", swap: "outerHTML", values: { tab: tab() } }); },
      "?": function () { document.getElementById("read-keys").showModal(); }
    }[event.key];
    if (does) { event.preventDefault(); event.stopImmediatePropagation(); does(); }
  }, true);

  function tab() { var kept = document.getElementById("read-tab"); return kept ? kept.value : ""; }

  document.addEventListener("click", function (event) {
    var to = event.target.closest("#read-original a[data-to]");
    if (to) { event.preventDefault(); toCard(to.dataset.to); return; }
    var back = event.target.closest("#read-side a[data-mark]");
    if (back) {
      event.preventDefault();
      document.getElementById("read-original").setAttribute("data-open", "");
      choose(back.closest(".x-commit"), false);
      var mark = marks(back.dataset.mark)[0];
      if (mark && window.innerWidth < 1280) { mark.scrollIntoView({ block: "center" }); }
      return;
    }
    if (event.target.closest("[data-doc]")) {
      var open = document.getElementById("read-original").toggleAttribute("data-open");
      event.target.closest("[data-doc]").setAttribute("aria-expanded", String(open));
    }
    var card = event.target.closest("#read-list > .x-commit");
    if (card && !event.target.closest("button, a, input, select, textarea, label")) { choose(card, false); }
    if (event.target.closest("[data-untick]")) {
      picks().forEach(function (one) { one.checked = false; });
      count();
    }
  });

  function picks() { return Array.from(document.querySelectorAll("#read-list input[name=pick]")); }

  function count() {
    var bar = document.getElementById("read-many");
    if (!bar) { return; }
    var n = picks().filter(function (one) { return one.checked; }).length;
    bar.classList.toggle("x-some", n > 0);
    bar.querySelector("[data-count]").textContent = window.xWords("picked", { n: n, unit: bar.dataset.unit });
  }
  document.addEventListener("change", function (event) { if (event.target.matches("#read-list input[name=pick]")) { count(); } });

  // Numbers and looks of the marks after a step; discarding one renumbers those behind it.
  document.addEventListener("plans:marks", function (event) {
    var known = event.detail.marks;
    document.querySelectorAll("[data-no]").forEach(function (one) {
      if (known[one.dataset.no]) { one.textContent = known[one.dataset.no][0]; }
    });
    document.querySelectorAll("#read-original mark").forEach(function (one) {
      var keys = one.dataset.c.split(" ").filter(function (key) { return known[key]; });
      if (!keys.length) { one.replaceWith.apply(one, Array.from(one.childNodes).filter(function (n) { return n.nodeType === 3; })); return; }
      Array.from(one.querySelectorAll("a[data-to]")).forEach(function (a) { if (!known[a.dataset.to]) { a.remove(); } });
      var states = keys.map(function (key) { return known[key][1]; });
      var state = states.indexOf("waiting") >= 0 ? "wait" : states.indexOf("words") >= 0 ? "none" : "";
      if (state) { one.dataset.s = state; } else { delete one.dataset.s; }
    });
  });

  // When the card in hand leaves the list, the next one takes its place.
  document.addEventListener("htmx:beforeSwap", function (event) {
    // Measures load into parts of cards by themselves; only a step replaces a whole card.
    var card = event.detail.target;
    if (card.matches && card.matches("#read-list > .x-commit") && event.detail.xhr.status < 300) {
      next = { key: card.dataset.key, after: card.nextElementSibling && card.nextElementSibling.id };
    }
  });
  document.addEventListener("htmx:afterSettle", function () {
    if (!root() || !next) { return; }
    var here = document.getElementById("c-" + next.key);
    choose(here || document.getElementById(next.after), !here);
    next = null;
  });

  // Where the marked words stand in the text without white space: paragraphs know where they begin.
  function place(node, offset) {
    var block = (node.nodeType === 1 ? node : node.parentElement).closest("[data-start]");
    if (!block) { return null; }
    var walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT, function (one) {
      return one.parentElement.closest("a[data-to]") ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT;
    });
    var at = Number(block.dataset.start);
    while (walker.nextNode()) {
      if (walker.currentNode === node) { return at + offset; }
      at += walker.currentNode.length;
    }
    return at;
  }

  document.addEventListener("selectionchange", function () {
    var button = document.querySelector("[data-add-marked]");
    if (!button) { return; }
    var selection = getSelection();
    var inside = selection.rangeCount && selection.toString().trim().length > 3 &&
      selection.anchorNode.parentElement.closest("#read-original .x-doc");
    button.hidden = !inside;
    if (!inside) { return; }
    var range = selection.getRangeAt(0);
    var words = document.createElement("div");
    words.append(range.cloneContents());
    words.querySelectorAll("a[data-to]").forEach(function (one) { one.remove(); });
    marked = { text: words.textContent.trim(), span_from: place(range.startContainer, range.startOffset), span_to: place(range.endContainer, range.endOffset) };
    var pane = document.getElementById("read-original");
    var box = range.getBoundingClientRect();
    var frame = pane.getBoundingClientRect();
    button.style.top = (box.bottom - frame.top + pane.scrollTop + 6) + "px";
    button.style.left = Math.max(12, Math.min(box.left - frame.left, frame.width - 160)) + "px";
  });
  document.addEventListener("mousedown", function (event) {
    if (!event.target.closest("[data-add-marked]") || !marked) { return; }
    event.preventDefault();
    window.htmx.ajax("GET", root().dataset.add, { target: "#read-add", values: Object.assign({ tab: tab() }, marked) }).then(function () {
      document.getElementById("read-add").scrollIntoView({ block: "center" });
    });
    getSelection().removeAllRanges();
  });

  document.addEventListener("DOMContentLoaded", function () {
    if (!root()) { return; }
    var asked = location.hash.match(/^#[cm]-(\d+)$/);
    if (asked) { toCard(asked[1]); } else { choose(cards()[0], false); }
  });
})();
