import { each } from "./dom.js";

/** In form[data-lookup], a reference that the maker knows fills every field that nobody has written in. */
export function startLookups() {
  each("form[data-lookup]", (form) => {
    const reference = form.elements.reference;
    const told = form.querySelector("[data-lookup-told]");
    const hint = told.textContent;
    const filled = new Set();
    let asked = "";
    reference?.addEventListener("change", async () => {
      const wanted = (asked = reference.value.trim());
      told.textContent = hint;
      if (!wanted) return;
      const answer = await fetch(`${form.dataset.lookup}?${new URLSearchParams({ reference: wanted })}`).catch(() => null);
      if (!answer?.ok || asked !== wanted) return;
      const found = await answer.json();
      told.textContent = found.known ? told.dataset.known : told.dataset.unknown;
      for (const [name, value] of Object.entries(found.values || {})) {
        const field = form.elements[name];
        if (!field || (field.value && !filled.has(field) && field !== reference)) continue;
        field.value = value;
        filled.add(field);
        field.dispatchEvent(new Event("input", { bubbles: true }));
      }
    });
    form.addEventListener("input", (event) => event.isTrusted && filled.delete(event.target));
  });
}
