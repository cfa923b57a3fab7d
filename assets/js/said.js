const LATER = 600; // milliseconds: what is typed is read first, and several answers are said once

/** Says how many rows or results a search found that answers while one types. */
export function startSaying() {
  let waiting;
  document.body.addEventListener("htmx:afterSettle", (event) => {
    const field = event.detail.requestConfig?.elt;
    if (!field?.matches("input[type=search], input[name=q]")) return;
    const region = (field.closest("dialog") ?? document.querySelector(".app")).querySelector("[data-said]");
    const shown = document.querySelector(field.getAttribute("hx-target"));
    if (!region || !shown) return;
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      const found = shown.querySelectorAll("tbody tr, .palette-group ~ a, .powder").length;
      const { none, one, many } = region.dataset;
      region.textContent = found === 0 ? none : found === 1 ? one : many.replace("#", found);
    }, LATER);
  });
}
