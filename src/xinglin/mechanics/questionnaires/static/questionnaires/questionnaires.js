// Shows the questions that are asked, and puts what the server says of an answer in place of what it said before.
(() => {
  "use strict";
  const form = document.querySelector("form[data-questionnaire]");
  if (!form) return;

  const answers = (code) => new FormData(form).getAll(code).map(String);
  const asked = (one) => Object.entries(JSON.parse(one.dataset.when || "{}")).every(([code, wanted]) => {
    const before = form.querySelector(`[data-ask="${code}"]`);
    return before && !before.hidden && answers(code).some((value) => wanted.includes(value));
  });
  const renew = () => {
    for (const one of form.querySelectorAll("[data-when]")) one.hidden = !asked(one);
  };

  for (const one of form.querySelectorAll("[data-condition]")) one.hidden = true;
  form.addEventListener("change", renew);
  form.addEventListener("htmx:afterSwap", (event) => {
    const ask = event.target.closest("[data-ask]");
    if (!ask) return;
    for (const old of ask.querySelectorAll(".x-field .x-err")) old.remove();
    const bad = Boolean(ask.querySelector(".x-said .x-err"));
    for (const field of ask.querySelectorAll(".x-field")) field.classList.toggle("x-field-bad", bad);
  });
  renew();
})();
