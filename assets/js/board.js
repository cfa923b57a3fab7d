import { on } from "./dom.js";
import { toast } from "./toasts.js";

/** Cards of the board: moved to the next column, a card sends the form of its own button. */
export function startBoard() {
  let moving = null;

  on("dragstart", "[data-board] [data-card]", (card, event) => {
    moving = card;
    card.classList.add("is-moving");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", "");
  });
  on("dragend", "[data-board] [data-card]", (card) => {
    card.classList.remove("is-moving");
    mark(null);
    moving = null;
  });
  on("dragover", "[data-board] [data-column]", (column, event) => {
    if (!moving) return;
    event.preventDefault();
    mark(next() === column ? column : null);
  });
  on("drop", "[data-board] [data-column]", (column, event) => {
    if (!moving) return;
    event.preventDefault();
    const own = moving.closest("[data-column]");
    if (column === own) return;
    if (column === next()) moving.querySelector("form").requestSubmit();
    else toast(column.closest("[data-board]").dataset.refused, "warning");
  });

  const next = () => document.querySelector(`[data-column="${CSS.escape(moving.dataset.next)}"]`);
  const mark = (column) => {
    for (const other of document.querySelectorAll("[data-column].is-target")) other.classList.remove("is-target");
    column?.classList.add("is-target");
  };
}
