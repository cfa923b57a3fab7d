// A page whose wording is compared says that it was read, then that its call was pressed. Nothing is kept in the browser.
const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

export function startMeasure() {
  const page = $("[data-experiment]");
  if (!page) return;
  const { experiment, variant, measureUrl } = page.dataset;
  const tell = (what) => navigator.sendBeacon(measureUrl, new URLSearchParams({ experiment, variant, what }));
  tell("view");
  let told = false;
  for (const call of $$("[data-conversion=start_trial]")) {
    call.addEventListener("click", () => {
      if (!told) tell("call");
      told = true;
    });
  }
}
