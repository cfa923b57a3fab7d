import { csrfToken, each, on } from "./dom.js";

const YEAR = 60 * 60 * 24 * 365;

function show(theme) {
  document.documentElement.dataset.theme = theme;
  for (const button of document.querySelectorAll("[data-theme-set]")) {
    button.setAttribute("aria-pressed", String(button.dataset.themeSet === theme));
  }
}

/** Theme buttons: a cookie for this device and, signed in, the user's own preference. */
export function startTheme() {
  each("[data-theme-set]", (button) => {
    button.setAttribute("aria-pressed", String(button.dataset.themeSet === document.documentElement.dataset.theme));
  });
  on("click", "[data-theme-set]", (button) => {
    const theme = button.dataset.themeSet;
    show(theme);
    const secure = location.protocol === "https:" ? ";secure" : "";
    document.cookie = `theme=${theme};path=/;max-age=${YEAR};samesite=lax${secure}`;
    const url = document.body.dataset.themeUrl;
    if (url) fetch(url, { method: "POST", headers: { "X-CSRFToken": csrfToken() }, body: new URLSearchParams({ theme }) });
  });
}
