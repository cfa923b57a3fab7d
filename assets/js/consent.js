// The cookie banner and the tools that it lets in. The page is the same for every visitor: the choice is read here,
// from a first-party cookie that the server writes; nothing is loaded before it.
import { playFilm } from "./film.js";

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

const LOADERS = { audience: loadAnalytics, chat: loadChat, video: showVideos };

export function startConsent() {
  const banner = $("[data-consent]");
  if (!banner) return;
  const categories = $$("input[type=checkbox]", banner).map((box) => box.name);
  const choice = readChoice();
  fill(banner, choice);
  $("[data-consent-all]", banner).addEventListener("click", () => choose(banner, () => true));
  $("[data-consent-none]", banner).addEventListener("click", () => choose(banner, () => false));
  $("[data-consent-form]", banner).addEventListener("submit", (event) => {
    event.preventDefault();
    choose(banner, (box) => box.checked);
  });
  for (const button of $$("[data-consent-open]")) button.addEventListener("click", () => open(banner));
  if (categories.some((name) => !(name in choice))) banner.hidden = false;
  for (const name of categories) if (choice[name]) LOADERS[name](banner);
}

/** `consent=<proof>.audience-1.video-0` → {audience: true, video: false}. */
function readChoice() {
  const value = document.cookie.match(/(?:^|; )consent=([^;]*)/);
  const parts = value ? value[1].split(".").slice(1) : [];
  return Object.fromEntries(parts.map((part) => [part.slice(0, -2), part.endsWith("-1")]));
}

function fill(banner, choice) {
  for (const box of $$("input[type=checkbox]", banner)) box.checked = Boolean(choice[box.name]);
}

function open(banner) {
  fill(banner, readChoice());
  banner.hidden = false;
  $("#cookies-title").focus();
}

/** Ask the server to keep the choice; the tools that it opens need the next page's policy, so the page is read again. */
async function choose(banner, accepts) {
  const before = readChoice();
  const boxes = $$("input[type=checkbox]", banner);
  const choice = Object.fromEntries(boxes.map((box) => [box.name, accepts(box)]));
  const failed = $("[data-consent-failed]", banner);
  failed.hidden = true;
  try {
    const headers = { "Content-Type": "application/json" };
    const answer = await fetch(banner.dataset.url, { method: "POST", headers, body: JSON.stringify(choice) });
    if (!answer.ok) throw new Error(answer.status);
  } catch {
    failed.hidden = false;
    return;
  }
  banner.hidden = true;
  for (const name of Object.keys(choice)) if (before[name] && !choice[name]) forget();
  const changed = Object.keys(choice).some((name) => choice[name] !== Boolean(before[name]));
  const typing = $$("form:not([data-consent-form]) :is(input, textarea)").some((field) => field.value !== field.defaultValue);
  if (changed && !typing) location.reload();
}

/** A tool that was accepted and no longer is: its cookies go. */
function forget() {
  const domain = location.hostname.split(".").slice(-2).join(".");
  for (const name of document.cookie.split("; ").map((pair) => pair.split("=")[0])) {
    if (!/^(_ga|crisp-client)/.test(name)) continue;
    for (const where of ["", `; domain=${location.hostname}`, `; domain=.${domain}`]) {
      document.cookie = `${name}=; max-age=0; path=/${where}`;
    }
  }
}

function addScript(address) {
  const script = document.createElement("script");
  script.src = address;
  script.async = true;
  document.head.append(script);
}

function loadAnalytics(banner) {
  const id = banner.dataset.analytics;
  if (!id) return;
  window.dataLayer = window.dataLayer || [];
  function gtag() {
    window.dataLayer.push(arguments);
  }
  gtag("js", new Date());
  gtag("config", id, { cookie_expires: 13 * 30 * 24 * 3600, cookie_update: false, allow_google_signals: false });
  addScript(`https://www.googletagmanager.com/gtag/js?id=${id}`);
  for (const link of $$("[data-conversion]")) link.addEventListener("click", () => gtag("event", link.dataset.conversion));
  for (const seen of $$("[data-conversion-seen]")) gtag("event", seen.dataset.conversionSeen);
}

function loadChat(banner) {
  if (!banner.dataset.chat) return;
  window.$crisp = [];
  window.CRISP_WEBSITE_ID = banner.dataset.chat;
  addScript("https://client.crisp.chat/l.js");
}

/** Films play without asking each time. */
function showVideos() {
  for (const button of $$("[data-film-play]")) playFilm(button);
}
