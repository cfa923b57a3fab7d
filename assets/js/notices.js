import { on } from "./dom.js";

const MONTH = 60 * 60 * 24 * 30;

/** Banners of incidents and maintenance: put away in this browser, until there is something new to say. */
export function startNotices() {
  on("click", "[data-notice-hide]", (button) => {
    const banner = button.closest("[data-notice]");
    const held = /(?:^|; )hidden_notices=([^;]*)/.exec(document.cookie);
    const keys = [...(held ? held[1].split(".") : []), banner.dataset.notice].slice(-20);
    const secure = location.protocol === "https:" ? ";secure" : "";
    document.cookie = `hidden_notices=${keys.join(".")};path=/;max-age=${MONTH};samesite=lax${secure}`;
    banner.remove();
  });
}
