import { each, on } from "./dom.js";

/** form[data-guard]: the browser asks before a page with unsaved changes is left. */
export function startGuard() {
  const changed = new Set();
  for (const type of ["input", "change"]) on(type, "form[data-guard]", (form) => changed.add(form));
  on("submit", "form[data-guard]", (form) => changed.delete(form));
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful) changed.delete(event.detail.elt);
  });
  window.addEventListener("beforeunload", (event) => {
    if ([...changed].some((form) => form.isConnected)) event.preventDefault();
  });
}

/** A plain form is sent once: its button shows that it is working (not for downloads). */
export function startBusy() {
  on("submit", "form:not([data-download])", (form, event) => {
    const button = event.submitter;
    if (!button || form.method === "dialog" || form.target === "_blank") return;
    // After this turn, so that a handler that refuses the submission and the button's own value still count.
    setTimeout(() => !event.defaultPrevented && button.setAttribute("aria-busy", "true"));
  });
  // A page that comes back from the browser's cache is ready again.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll("[aria-busy=true]").forEach((button) => button.removeAttribute("aria-busy"));
  });
}

/** .file-drop: names of the chosen files, and a mark while files hover over it. */
export function startFileDrops() {
  each(".file-drop", (zone) => {
    const input = zone.querySelector("input[type=file]");
    const names = zone.querySelector(".file-drop-names");
    input.addEventListener("change", () => {
      names.textContent = [...input.files].map((file) => file.name).join(", ");
      zone.removeAttribute("data-over");
    });
    zone.addEventListener("dragover", () => zone.setAttribute("data-over", ""));
    zone.addEventListener("dragleave", () => zone.removeAttribute("data-over"));
  });
}

/** Fields marked data-autosubmit (filters, sort) send their form when they change. */
export function startAutosubmit() {
  on("change", "[data-autosubmit]", (field) => field.form.requestSubmit());
}

/** [data-select-all="name"] ticks every box of that name in its form; a partial choice shows as a dash. */
export function startSelectAll() {
  const boxes = (master) => [...master.form.querySelectorAll(`input[type=checkbox][name="${master.dataset.selectAll}"]`)];
  on("change", "[data-select-all]", (master) => {
    for (const box of boxes(master)) box.checked = master.checked;
  });
  on("change", "input[type=checkbox][name]", (box) => {
    const master = box.form?.querySelector(`[data-select-all="${box.name}"]`);
    if (!master) return;
    const ticked = boxes(master).filter((one) => one.checked).length;
    master.checked = ticked === boxes(master).length;
    master.indeterminate = ticked > 0 && !master.checked;
  });
}

/** [data-copy="text"] puts the text on the clipboard and says so in its own label. */
export function startCopy() {
  on("click", "[data-copy]", async (button) => {
    await navigator.clipboard.writeText(button.dataset.copy);
    const label = button.querySelector("[data-copy-label]") || button;
    const before = label.textContent;
    label.textContent = button.dataset.copyDone || before;
    setTimeout(() => (label.textContent = before), 2000);
  });
}

/** [data-changed] on a field that htmx has just brought: its form hears of the new value. */
export function startChanged() {
  each("[data-changed]", (field) => field.dispatchEvent(new Event("change", { bubbles: true })));
}

/** A page that comes back with a refused form begins at what is to be corrected: a live region is silent at load. */
export function startSummaries() {
  document.querySelector(".error-summary")?.focus();
}

/** A late answer to what one has left does not take away what one has typed since in the place where it would come. */
export function startKeptTyping() {
  const isTyped = (field) => field.type !== "hidden" && field.value !== field.defaultValue;
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { target, requestConfig } = event.detail;
    const asker = requestConfig.elt;
    if (target.contains(asker) || asker.contains(document.activeElement)) return;
    if ([...target.querySelectorAll("input, textarea")].some(isTyped)) event.detail.shouldSwap = false;
  });
}
