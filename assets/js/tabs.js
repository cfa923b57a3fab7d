import { on, roam } from "./dom.js";

function select(tab) {
  const list = tab.closest("[role=tablist]");
  for (const other of list.querySelectorAll("[role=tab]")) {
    const current = other === tab;
    other.setAttribute("aria-selected", String(current));
    other.tabIndex = current ? 0 : -1;
    document.getElementById(other.getAttribute("aria-controls")).hidden = !current;
  }
}

/** Tabs inside one page: arrows move and select, one stop in the tab order. */
export function startTabs() {
  on("click", "[role=tab]", select);
  on("keydown", "[role=tab]", (tab, event) => {
    const tabs = [...tab.closest("[role=tablist]").querySelectorAll("[role=tab]")];
    if (roam(tabs, event, true)) select(document.activeElement);
  });
}
