// Where a visitor comes from: the name of the campaign goes from one address to the next, up to the sign-up. Nothing is
// kept in the browser.
const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

const NAME = /^[a-z0-9][a-z0-9-]{0,39}$/;

export function startCampaign() {
  const page = $("[data-campaign]");
  const query = new URLSearchParams(location.search);
  const asked = (query.get("campagne") || query.get("utm_campaign") || "").toLowerCase();
  const name = NAME.test(asked) ? asked : page?.dataset.campaign;
  if (!name) return;
  for (const link of $$("a[href^='/']")) {
    const address = new URL(link.href);
    address.searchParams.set("campagne", name);
    link.href = address.pathname + address.search + address.hash;
  }
  if (page && !document.referrer.startsWith(location.origin)) {
    navigator.sendBeacon(page.dataset.campaignUrl, new URLSearchParams({ campaign: name }));
  }
}
