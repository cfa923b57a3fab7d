// The help centre: what every public page has, then results under the typing, judgements, films.
import "./public.js";
import { on } from "./dom.js";
import { playFilm } from "./film.js";

const WAIT = 200; // ms after the last key before asking
const STOPPED = 3000; // ms on a search without result before it is counted

const post = (address, values) => fetch(address, { method: "POST", body: new URLSearchParams(values), keepalive: true });

function startSearch(form) {
  const field = form.elements.q;
  const place = document.querySelector("[data-help-results]");
  let asked, stopped;
  const show = async () => {
    const query = field.value.trim();
    clearTimeout(stopped);
    const address = new URL(form.dataset.helpSearch, location.href);
    address.search = new URLSearchParams({ q: query, partie: form.dataset.helpPart || "" });
    const answer = await fetch(address).catch(() => null);
    if (!answer?.ok || query !== field.value.trim()) return; // the form still works by its page
    place.innerHTML = await answer.text();
    if (place.querySelector("[data-help-nothing]")) {
      stopped = setTimeout(() => post(form.dataset.helpMissed, { q: query }), STOPPED);
    }
  };
  field.addEventListener("input", () => {
    clearTimeout(asked);
    asked = setTimeout(show, WAIT);
  });
  field.addEventListener("keydown", (event) => {
    const first = event.key === "ArrowDown" && place.querySelector("a");
    if (!first) return;
    event.preventDefault();
    first.focus();
  });
  if (place.querySelector("[data-help-nothing]")) post(form.dataset.helpMissed, { q: field.value.trim() });
}

document.querySelectorAll("[data-help-search]").forEach(startSearch);

const article = document.querySelector("[data-article]");
if (article) post(article.dataset.articleRead, { path: article.dataset.article });

on("submit", "[data-judgement]", async (form, event) => {
  event.preventDefault();
  const values = new FormData(form, event.submitter);
  const answer = await post(form.action, values).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  form.replaceChildren(...page.querySelector("[data-thanks]").childNodes);
});

on("click", "[data-film-play]", (button) => playFilm(button).focus());

// A link to a question opens it.
const opened = location.hash.startsWith("#question-") && document.getElementById(location.hash.slice(1));
if (opened) opened.open = true;
addEventListener("hashchange", () => {
  const asked = document.getElementById(location.hash.slice(1));
  if (asked instanceof HTMLDetailsElement) asked.open = true;
});
