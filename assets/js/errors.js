// What breaks in a page is told to our own server: message, place and stack, never what was typed.
const ADDRESS = "/erreurs/";
const MOST = 5; // a page that breaks in a loop is heard once
const told = new Set();

function tell(message, stack) {
  if (!message || told.size >= MOST || told.has(message)) return;
  told.add(message);
  const body = JSON.stringify({ message, stack: (stack || "").slice(0, 6000), page: location.pathname });
  fetch(ADDRESS, { method: "POST", body, headers: { "Content-Type": "application/json" }, keepalive: true }).catch(() => {});
}

/** Listen to the errors and the refused promises of the page; a `data-test-error` button makes one. */
export function startErrors() {
  addEventListener("error", (event) => {
    // Scripts of others (extensions, tools) say nothing of themselves: nobody could act on them.
    if (event.filename && new URL(event.filename, location.href).origin !== location.origin) return;
    if (event.message) tell(event.message, event.error?.stack || `${event.filename}:${event.lineno}:${event.colno}`);
  });
  addEventListener("unhandledrejection", ({ reason }) => {
    if (reason instanceof Error && reason.name !== "AbortError") tell(`${reason.name}: ${reason.message}`, reason.stack);
  });
  document.addEventListener("click", ({ target }) => {
    if (target instanceof Element && target.closest("[data-test-error]")) throw new Error("a test of the error tracking");
  });
}
