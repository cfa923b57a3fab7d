// The workshop mode: what the tablet shows, from what the tablet keeps.
import { isForeign, lock, meet } from "./floor/account.js";
import { h, icon, toast } from "./floor/dom.js";
import { dateOf, fold, tally } from "./floor/fold.js";
import { actingOperator } from "./floor/outbox.js";
import { batches } from "./floor/screens/batches.js";
import { caption, nonconformity, note, record, recoverDrafts } from "./floor/screens/forms.js";
import { conflicts, outbox, trouble } from "./floor/screens/outbox.js";
import { locked, me, outside, typeDigit } from "./floor/screens/people.js";
import { project } from "./floor/screens/project.js";
import { queue } from "./floor/screens/queue.js";
import { listenToScanner, scan, stopCamera } from "./floor/screens/scan.js";
import { leftToWeigh, weigh, weighings } from "./floor/screens/weigh.js";
import * as store from "./floor/store.js";
import { startSync, state } from "./floor/sync.js";
import { config, t } from "./floor/words.js";
import { startErrors } from "./errors.js";

const root = document.getElementById("floor");
const main = document.getElementById("main");
const bar = h("header.f-bar");
const nav = h("nav.f-nav", { "aria-label": t("Workshop mode") });
let shownRoute = null;
let drawing = null;
let dirty = false;
let update = null;
let lastTouch = Date.now();
let pressed = false;

const route = () => location.hash.replace(/^#\/?/, "").split("/");
const go = (hash) => {
  if (location.hash === hash) refresh();
  else location.hash = hash;
};

/** Draw the screen again; while somebody writes in it or holds a button down, once they have finished. */
function refresh() {
  dirty = true;
  drawing ||= Promise.resolve().then(draw).finally(() => {
    drawing = null;
    if (dirty && !busy()) refresh();
  });
  return drawing;
}

const busy = () => pressed || writing();

const writing = () => main.contains(document.activeElement) && document.activeElement.matches("input:not([type=file]), textarea, select") && route().join("/") === shownRoute;

async function draw() {
  if (busy()) return;
  dirty = false;
  const [entries, kept, day, operators, account] = await Promise.all([
    store.entries(), store.projects(), store.fact("day"), store.fact("operators"), store.currentAccount(),
  ]);
  await recoverDrafts(account);
  if (pressed) {
    dirty = true; // a button that is replaced under a finger does nothing
    return;
  }
  const asked = route();
  const context = {
    entries, tallied: tally(entries), account, day: day ? { ...day, today: dateOf(day) } : { today: "" }, operators: operators || [], refresh, go,
    projects: kept.map((one) => fold(one, entries, day?.powders)), online: state.kind === "online", theme: document.documentElement.dataset.theme, setTheme,
    mayUpdate: account?.mayUpdate || Boolean(actingOperator()),
  };
  const here = asked.join("/");
  const moved = here !== shownRoute;
  if (moved) stopCamera();
  const focused = document.activeElement?.dataset?.k;
  const onHeading = document.activeElement?.tagName === "H1"; // drawn again under a reader, it must not lose them
  main.replaceChildren(...[screen(asked, context, day)].flat().filter(Boolean));
  const closed = !account || isForeign(account) || isLocked(account);
  drawBar(context, closed);
  drawNav(asked[0], context, closed);
  shownRoute = here;
  if (moved) scrollTo(0, 0);
  if (moved || onHeading) {
    main.querySelector("h1")?.focus({ preventScroll: true });
  } else if (focused) root.querySelector(`[data-k="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  root.dataset.ready = "yes";
}

const isLocked = (account) => Boolean(account?.tablet && !actingOperator());

function screen([name, first, second], context, day) {
  if (!context.account) return outside({ kind: state.kind });
  if (isForeign(context.account)) return outside({ kind: "foreign" });
  if (isLocked(context.account)) return locked(context);
  if (!day) return state.kind === "signedout" ? outside({ kind: "signedout" }) : [h("h1.f-loading", { tabindex: "-1" }, t("Fetching the day's work…"))];
  const pk = Number(first);
  const one = { ...context, project: context.projects.find((found) => found.pk === pk) };
  const screens = {
    projet: () => project({ ...one, highlight: Number(second) }),
    nc: () => nonconformity(one),
    note: () => note(one),
    piece: () => record({ ...one, partPk: Number(second) }),
    legende: () => caption({ ...one, photoPk: Number(second) }),
    scan: () => scan(context),
    series: () => batches(context),
    "a-peser": () => weighings(context),
    peser: () => weigh({ ...context, cartonPk: pk, asked: Number(second) || null }),
    envois: () => outbox(context),
    conflits: () => conflicts(context),
    moi: () => me(context),
  };
  return (screens[name] || (() => queue(context)))();
}

function drawBar({ account, tallied }, closed) {
  const kind = state.kind;
  const tone = kind === "online" ? "ok" : kind === "starting" || kind === "trying" ? "" : "warn";
  const words = tallied.waiting ? t("{count} to send", { count: tallied.waiting }) : kind === "online" ? t("Up to date") : kind === "offline" ? t("No network") : kind === "signedout" ? t("Sign in") : t("Waiting");
  const sign = kind === "online" ? "check-circle" : kind === "offline" ? "signal-slash" : "clock";
  const who = actingOperator()?.name || account?.name || "";
  bar.replaceChildren(
    h("a.f-brand", { href: "#/" }, h("strong", {}, config.workshop.name)),
    closed ? h("span") : h("a.f-state", { href: "#/envois", "data-tone": tone, "data-waiting": tallied.waiting, "data-sync": kind, "aria-label": [words, kind !== "online" && trouble(kind) !== words ? trouble(kind) : ""].filter(Boolean).join(". ") }, icon(sign), h("span", {}, words)),
    closed ? h("span") : h("a.f-me", { href: "#/moi", "aria-label": who || t("This device") }, icon("user-circle"), h("span", {}, who)),
  );
  const strip = [];
  if (kind === "signedout" && !closed) strip.push(h("p.f-strip", { "data-tone": "warn" }, trouble("signedout"), " ", h("a", { href: `${config.urls.login}?next=${encodeURIComponent(config.urls.shell)}` }, t("Sign in"))));
  if (kind === "closed") strip.push(h("p.f-strip", { "data-tone": "warn" }, trouble("closed")));
  if (update) strip.push(h("p.f-strip", { "data-tone": "info" }, t("A new version is ready."), " ", h("button", { type: "button", onclick: () => update.postMessage("update") }, t("Take it now"))));
  bar.append(...strip);
}

function drawNav(current, { tallied, day, entries }, closed) {
  nav.hidden = closed;
  const link = (name, sign, text, count = 0) =>
    h("a", { href: `#/${name}`, "aria-current": (current || "") === name ? "page" : null }, icon(sign), h("span", {}, text), count ? h("b", {}, String(count)) : null);
  const decide = day.conflicts?.length || 0;
  nav.replaceChildren(...[
    link("", "queue-list", t("Work")),
    link("scan", "qr-code", t("Scan")),
    link("series", "rectangle-stack", t("Batches"), (day.batches?.current || []).filter((one) => one.state === "launched").length),
    day.stock ? link("a-peser", "archive-box", t("To weigh"), leftToWeigh(day.stock, entries)) : null,
    link("envois", "cloud-arrow-up", t("To send"), tallied.waiting + tallied.told),
    link("conflits", "scale", t("To decide"), decide),
  ].filter(Boolean));
}

async function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
  await store.setSetting("theme", theme);
  refresh();
}

function startWorker() {
  if (!("serviceWorker" in navigator)) return;
  const had = Boolean(navigator.serviceWorker.controller);
  navigator.serviceWorker.register(config.urls.worker, { scope: config.urls.shell }).then((registration) => {
    const look = () => {
      if (registration.waiting && navigator.serviceWorker.controller) {
        update = registration.waiting;
        refresh();
      }
    };
    look();
    registration.addEventListener("updatefound", () => registration.installing?.addEventListener("statechange", look));
  }, () => {}); // without it the mode still works while there is network
  let reloading = false;
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (!had || reloading) return;
    reloading = true;
    location.reload();
  });
}

/** Between the finger that comes down and its click nothing is drawn: the click would find another button, or none. */
function startPressing() {
  let longest = 0;
  const released = () => {
    clearTimeout(longest);
    pressed = false;
    if (dirty) refresh();
  };
  const held = () => {
    clearTimeout(longest);
    longest = setTimeout(released, 3000); // a list of the browser's own may keep the end of the press for itself
    pressed = true;
  };
  addEventListener("pointerdown", held, { capture: true, passive: true });
  addEventListener("click", released, { capture: true });
  // A finger that slid away, or whose click follows within a moment.
  for (const type of ["pointerup", "pointercancel"]) addEventListener(type, () => setTimeout(released, 150), { capture: true, passive: true });
}

/** A shared tablet locks itself when nobody has touched it for a while, with or without network. */
function startLock() {
  for (const type of ["pointerdown", "keydown"]) addEventListener(type, () => { lastTouch = Date.now(); }, { capture: true, passive: true });
  setInterval(async () => {
    const account = await store.currentAccount();
    if (account?.tablet && actingOperator() && Date.now() - lastTouch > account.lockMinutes * 60_000) lock();
  }, 5000);
}

async function start() {
  const theme = (await store.setting("theme")) || document.cookie.match(/(?:^|;\s*)theme=(light|dark)/)?.[1];
  if (theme) document.documentElement.dataset.theme = theme;
  root.prepend(bar);
  root.append(nav);
  store.onChange(refresh);
  addEventListener("hashchange", refresh);
  main.addEventListener("focusout", () => setTimeout(() => dirty && refresh(), 0));
  addEventListener("keydown", (event) => typeDigit(event, { refresh, go }));
  listenToScanner(go, (why) => toast(why, "bad"));
  await refresh();
  startWorker();
  startLock();
  startPressing();
  store.askToPersist();
  startSync(meet);
}

startErrors();
start();
