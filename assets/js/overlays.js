import { each, focusable, on, roam } from "./dom.js";

/** Dialogs: native <dialog>, so focus is trapped inside and returned to the opener by the browser. */
export function startDialogs() {
  on("click", "[data-dialog-open]", (opener, event) => {
    event.preventDefault();
    document.getElementById(opener.dataset.dialogOpen)?.showModal();
  });
  on("click", "[data-dialog-close]", (button, event) => {
    event.preventDefault();
    button.closest("dialog")?.close();
  });
  // A click on the backdrop lands on the dialog itself; a click inside lands on a child.
  on("click", "dialog[data-light-dismiss]", (dialog, event) => event.target === dialog && dialog.close());
  each("dialog[data-open-on-load]", (dialog) => dialog.showModal());
}

function setMenu(button, open) {
  button.setAttribute("aria-expanded", String(open));
  document.getElementById(button.getAttribute("aria-controls")).hidden = !open;
}

/** Menus: a button and the list it shows. Arrows move, Escape closes and returns to the button. */
export function startMenus() {
  const openButton = () => document.querySelector("[data-menu][aria-expanded=true]");
  on("click", "[data-menu]", (button) => {
    const current = openButton();
    if (current && current !== button) setMenu(current, false);
    setMenu(button, current !== button);
  });
  document.addEventListener("click", (event) => {
    const button = openButton();
    if (button && !event.target.closest(".menu")) setMenu(button, false);
  });
  on("focusout", ".menu", (menu, event) => {
    const button = menu.querySelector("[data-menu][aria-expanded=true]");
    if (button && event.relatedTarget && !menu.contains(event.relatedTarget)) setMenu(button, false);
  });
  on("keydown", ".menu", (menu, event) => {
    const button = menu.querySelector("[data-menu]");
    if (!button) return;
    const list = document.getElementById(button.getAttribute("aria-controls"));
    if (event.key === "Escape" && !list.hidden) {
      event.stopPropagation();
      setMenu(button, false);
      button.focus();
    } else if (event.target === button && event.key === "ArrowDown" && list.hidden) {
      event.preventDefault();
      setMenu(button, true);
      focusable(list)[0]?.focus();
    } else if (!list.hidden) {
      roam(focusable(list), event);
    }
  });
}

/** A button that shows and hides a region: [data-toggle="id"]. */
export function startToggles() {
  on("click", "[data-toggle]", (button) => {
    const open = document.getElementById(button.dataset.toggle).toggleAttribute("data-open");
    button.setAttribute("aria-expanded", String(open));
  });
}
