import { each, on } from "./dom.js";

const STAY = 7000; // milliseconds; errors and warnings stay until they are closed

function arm(toast) {
  if (toast.matches(".toast-error, .toast-warning")) return;
  let timer;
  const start = () => (timer = setTimeout(() => toast.remove(), STAY));
  toast.addEventListener("pointerenter", () => clearTimeout(timer));
  toast.addEventListener("focusin", () => clearTimeout(timer));
  toast.addEventListener("pointerleave", start);
  start();
}

/** Show `text` as a toast; level: success, info, warning or error. */
export function toast(text, level = "info") {
  const template = document.querySelector(`template[data-toast="${level}"]`);
  const region = document.getElementById("toasts");
  if (!template || !region) return;
  const node = template.content.firstElementChild.cloneNode(true);
  node.querySelector(".toast-text").textContent = text;
  region.append(node);
  arm(node);
}

/** Toasts of the page, of an htmx answer (HX-Trigger: {"toast": {"text", "level"}}) and of failed requests. */
export function startToasts() {
  // Screen readers announce what changes in a live region, not what was there at load: put it again.
  const region = document.getElementById("toasts");
  if (region) {
    const waiting = [...region.children];
    region.replaceChildren();
    setTimeout(() => region.append(...waiting), 150);
  }
  each(".toast", arm);
  on("click", "[data-toast-close]", (button) => button.closest(".toast").remove());
  document.addEventListener("toast", (event) => toast(event.detail.text, event.detail.level));
  const failed = (key) => () => toast(document.body.dataset[key], "error");
  document.addEventListener("htmx:responseError", failed("textFailed"));
  document.addEventListener("htmx:sendError", failed("textOffline"));
  document.addEventListener("htmx:timeout", failed("textOffline"));
}
