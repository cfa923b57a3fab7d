/** Call `handler(element, event)` for each `type` event on an element matching `selector`, now or later. */
export function on(type, selector, handler, options) {
  document.addEventListener(
    type,
    (event) => {
      const element = event.target instanceof Element && event.target.closest(selector);
      if (element) handler(element, event);
    },
    options,
  );
}

/** Run `init` once for each element matching `selector`: at start and in what htmx brings later. */
export function each(selector, init) {
  const seen = new WeakSet();
  const scan = (root) => {
    const found = [...root.querySelectorAll(selector)];
    if (root instanceof Element && root.matches(selector)) found.unshift(root);
    for (const element of found) {
      if (seen.has(element)) continue;
      seen.add(element);
      init(element);
    }
  };
  scan(document);
  document.addEventListener("htmx:load", (event) => scan(event.detail.elt));
}

/** Move the focus among `items` with the arrow keys, Home and End; true when the key was used. */
export function roam(items, event, horizontal = false) {
  const [previous, next] = horizontal ? ["ArrowLeft", "ArrowRight"] : ["ArrowUp", "ArrowDown"];
  const at = items.indexOf(document.activeElement);
  const to = { [previous]: at <= 0 ? items.length - 1 : at - 1, [next]: (at + 1) % items.length, Home: 0, End: items.length - 1 }[event.key];
  if (to === undefined || !items.length) return false;
  event.preventDefault();
  items[to].focus();
  return true;
}

/** Elements of `root` that can take the focus and are visible. */
export function focusable(root) {
  const all = root.querySelectorAll("a[href], button:not(:disabled), input:not([type=hidden]):not(:disabled), select, textarea");
  return [...all].filter((element) => element.getClientRects().length);
}

/** The CSRF token, as the page gives it to htmx on <body hx-headers>. */
export function csrfToken() {
  return JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"] || "";
}
