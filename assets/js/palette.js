import { focusable, on, roam } from "./dom.js";

/** Command palette: Ctrl or Cmd-K opens it, arrows go through the results, Enter follows one. */
export function startPalette() {
  const palette = document.getElementById("palette");
  if (!palette) return;
  const field = palette.querySelector("input");
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    if (palette.open) palette.close();
    else palette.showModal();
  });
  palette.addEventListener("toggle", () => palette.open && field.select());
  on("keydown", "#palette", (_, event) => {
    const links = focusable(palette.querySelector(".palette-results"));
    if (event.key === "Enter" && event.target === field) {
      event.preventDefault();
      // Results of what was typed are still on their way: the list shown is not theirs.
      const early = field.value.trim() && palette.querySelector("[data-palette-default]");
      if (!early) links[0]?.click();
    } else if (["ArrowUp", "ArrowDown"].includes(event.key)) {
      roam([field, ...links], event);
    }
  });
}
