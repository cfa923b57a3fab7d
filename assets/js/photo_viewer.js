import { on } from "./dom.js";
import { toast } from "./toasts.js";

const SWIPE = 48; // pixels

/** The viewer: a dialog that reads each photo's page; arrows, swipes and Escape work in it. */
export function startViewer() {
  const dialog = () => document.getElementById("photo-viewer");
  on("click", "[data-photo-open]", (link, event) => {
    if (!dialog() || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    show(dialog(), link.href, link);
  });
  on("click", "#photo-viewer [data-photo-step]", (link, event) => {
    event.preventDefault();
    if (mayLeave()) show(dialog(), link.href);
  });
  on("click", "#photo-viewer [data-photo-close]", (_link, event) => {
    event.preventDefault();
    if (mayLeave()) dialog().close();
  });
  on("submit", "#photo-viewer form", (form, event) => {
    event.preventDefault();
    submit(dialog(), form);
  });
  document.addEventListener("cancel", (event) => event.target === dialog() && !mayLeave() && event.preventDefault(), true);
  document.addEventListener("keydown", (event) => step(event));
  startSwipes();
}

let opener = null;
let turn = 0; // what is wanted now: an answer to what was wanted before comes too late, and is not shown

async function show(dialog, address, from) {
  if (from) opener = from;
  const mine = ++turn;
  const html = await read(address);
  if (mine !== turn || !(from || dialog.open)) return; // closed this instant: it has not been told yet
  if (html === null) window.location.assign(address);
  else put(dialog, html);
}

/** The server's page; null when it refuses or does not answer. */
async function read(address, options = {}) {
  try {
    const response = await fetch(address, { ...options, headers: { "HX-Request": "true" } });
    return response.ok ? await response.text() : null;
  } catch {
    return null;
  }
}

function put(dialog, html) {
  const body = dialog.querySelector("#photo-viewer-body");
  body.innerHTML = html; // our own page, drawn by the server; its scripts are data only
  document.dispatchEvent(new CustomEvent("htmx:load", { detail: { elt: body } }));
  if (!dialog.open) {
    dialog.showModal();
    dialog.addEventListener("close", () => closed(body), { once: true });
  }
  body.querySelector("[data-photo-close]")?.focus({ preventScroll: true });
}

function closed(body) {
  turn += 1;
  body.replaceChildren();
  refreshGrid().then(() => document.getElementById(opener?.id)?.focus());
}

async function refreshGrid() {
  const grid = document.querySelector("[data-photo-form]")?.dataset.grid;
  if (grid) await window.htmx.ajax("GET", grid, { target: "#photo-grid", swap: "outerHTML" });
}

/** Send a form of the viewer, then show the photo as it has become. */
async function submit(dialog, form) {
  const mine = ++turn;
  const html = await read(form.action, { method: "POST", body: new FormData(form) });
  if (mine === turn && dialog.open) return html === null ? form.submit() : put(dialog, html);
  if (html === null) toast(document.body.dataset.textFailed, "error");
  else if (!dialog.open) refreshGrid();
}

function view() {
  return document.querySelector("#photo-viewer[open] [data-photo-view]") || document.querySelector(".photo-page [data-photo-view]");
}

function mayLeave() {
  const editor = view()?.querySelector("[data-photo-editor]");
  return !editor?.hasAttribute("data-dirty") || window.confirm(editor.dataset.textLeave);
}

function step(event) {
  const side = { ArrowLeft: "previous", ArrowRight: "next" }[event.key];
  if (!side || !view() || event.target.closest("input, select, textarea, [role=radiogroup]")) return;
  view().querySelector(`[data-photo-step=${side}]`)?.click();
}

function startSwipes() {
  let start = null;
  on("pointerdown", ".photo-stage", (stage, event) => {
    start = event.pointerType === "touch" && !stage.closest("[data-drawing]") ? event.clientX : null;
  });
  on("pointerup", ".photo-stage", (stage, event) => {
    if (start === null) return;
    const moved = event.clientX - start;
    start = null;
    if (Math.abs(moved) > SWIPE) stage.querySelector(`[data-photo-step=${moved > 0 ? "previous" : "next"}]`)?.click();
  });
}
