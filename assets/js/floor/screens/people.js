// A shared tablet: choose a name, type the code. And the page of the device: who, theme, sign out.
import { farewell, lock, signOut, sitDown } from "../account.js";
import { h, icon } from "../dom.js";
import { actingOperator } from "../outbox.js";
import { button, empty, head, link, section } from "../pieces.js";
import * as store from "../store.js";
import { soon } from "../sync.js";
import { config, t } from "../words.js";

let chosen = null;
let typed = "";
let said = "";
let busy = false;

/** Who works at this tablet? Nothing else is shown while it is locked. */
export function locked({ operators, account, refresh, go }) {
  const person = operators.find((one) => one.pk === chosen);
  const title = h("div.f-head", {}, h("div.f-head-text", {}, h("h1", { tabindex: "-1" }, person ? person.name : t("Who are you?")), h("p.f-quiet", {}, `${config.workshop.name} · ${account.tablet}`)));
  if (!person) {
    const people = operators.map((one) =>
      h("button.f-tile.f-person", { type: "button", disabled: !one.ready, "data-operator": one.pk, "data-k": `who-${one.pk}`, onclick: () => { chosen = one.pk; typed = ""; said = ""; refresh(); } },
        icon("user-circle"), h("span", {}, one.name), one.ready ? null : h("small", {}, t("no code yet: ask the office"))));
    return [title, people.length ? h("div.f-people", {}, people) : empty("user-circle", t("Nobody may use this tablet yet"), null)];
  }
  const enter = () => trySitting(person, refresh, go);
  const digit = (value) => () => { if (typed.length < 6) typed += value; refresh(); };
  const keys = "123456789".split("").map((value) => button(value, digit(value), { look: "key", name: `key-${value}` }));
  return [
    title,
    h("div.f-keypad", {},
      h("p.f-dots", { role: "status", "aria-label": typed.length === 1 ? t("1 digit typed") : t("{count} digits typed", { count: typed.length }) }, "•".repeat(typed.length) || "—"),
      h("p.f-why", { role: "alert" }, said),
      h("div.f-keys", {}, keys,
        h("button.f-btn.f-btn-key", { type: "button", "aria-label": t("Erase"), "data-k": "erase", onclick: () => { typed = typed.slice(0, -1); refresh(); } }, icon("x-mark")),
        button("0", digit("0"), { look: "key", name: "key-0" }),
        h("button.f-btn.f-btn-key.f-btn-primary", { type: "button", "aria-label": t("Enter"), "data-k": "enter", disabled: busy, onclick: enter }, icon("check"))),
      button(t("Somebody else"), () => { chosen = null; typed = ""; said = ""; refresh(); }, { sign: "arrow-left" })),
  ];
}

function sayWhy(told) {
  if (told.seconds || told.lockedUntil) return t("Too many wrong codes: wait five minutes.");
  if (told.unknown) return t("The first time at this tablet needs the network.");
  if (told.left) return told.left === 1 ? t("Wrong code: 1 try left.") : t("Wrong code: {count} tries left.", { count: told.left });
  return told.reason || t("Wrong code.");
}

async function trySitting(person, refresh, go) {
  if (busy || typed.length < 4) return;
  busy = true;
  said = "";
  refresh();
  try {
    const told = await sitDown(person, typed);
    if (told.opened) {
      chosen = null;
      soon();
      go("#/");
    } else said = sayWhy(told);
  } catch {
    said = t("The server does not answer well; it will be tried again");
  } finally {
    busy = false;
    typed = "";
  }
  refresh();
}

/** Keys of a keyboard while the tablet is locked, whatever has the focus. */
export async function typeDigit(event, { refresh, go }) {
  if (!chosen) return;
  if (/^\d$/.test(event.key) && typed.length < 6) typed += event.key;
  else if (event.key === "Backspace") typed = typed.slice(0, -1);
  else if (event.key === "Enter" && typed.length >= 4) {
    event.preventDefault(); // the name that was touched may still have the focus
    const person = ((await store.fact("operators")) || []).find((one) => one.pk === chosen);
    if (person) await trySitting(person, refresh, go);
    return;
  } else return;
  refresh();
}

/** The device: who works here, the theme, leaving. */
export function me({ account, tallied, theme, setTheme, refresh }) {
  const operator = actingOperator();
  const themes = [["light", "sun", t("Bright")], ["dark", "moon", t("Dark")]];
  return [
    head(operator ? operator.name : account.name, { note: account.tablet || config.workshop.name }),
    section(t("Screen"), h("div.f-row", {}, themes.map(([value, sign, label]) => button(label, () => setTheme(value), { sign, pressed: theme === value, name: `theme-${value}` })))),
    account.tablet
      ? section(t("Shared tablet"), button(t("Lock the tablet"), lock, { look: "primary", big: true, sign: "lock-closed", name: "lock" }))
      : section(t("Account"), h("div.f-row", {}, link(t("Back to the office"), config.urls.home, { sign: "home" }), link(t("Help"), config.urls.help), leaving(tallied, refresh))),
  ];
}

let sure = false;
let unsent = 0; // here and in the person's other workshops, once they asked to leave

function leaving(tallied, refresh) {
  const count = Math.max(tallied.waiting, unsent);
  if (count && !sure) {
    return h("div.f-stack", {}, h("p.f-why", {}, count === 1 ? t("1 action has not been sent: signing out now would lose it.") : t("{count} actions have not been sent: signing out now would lose them.", { count })),
      h("div.f-row", {}, link(t("See them"), "#/envois", { sign: "cloud-arrow-up" }), button(t("Lose them and sign out"), () => { sure = true; refresh(); }, { look: "bad", name: "lose" })));
  }
  const out = async () => {
    unsent = await store.countUnsent();
    if (unsent && !sure) {
      refresh();
      return;
    }
    await signOut();
    location.assign(config.urls.login);
  };
  return button(sure ? t("Lose them and sign out") : t("Sign out of this device"), out, { sign: "no-symbol", name: "sign-out" });
}

/** Nothing is known here: no network at the first visit, a session that is over, an access withdrawn. */
export function outside({ kind }) {
  const left = farewell();
  if (left) {
    return [
      h("div.f-head", {}, h("h1", { tabindex: "-1" }, t("The access to the workshop was withdrawn"))),
      h("p", {}, t("Everything of the workshop has been removed from this device.")),
      left.reported ? h("p", {}, left.reported === 1 ? t("1 action that had not been sent was handed to the office, which sees it as refused.") : t("{count} actions that had not been sent were handed to the office, which sees them as refused.", { count: left.reported })) : null,
      left.lost.length ? h("div", {}, h("p", {}, t("These could not be handed over; tell the office:")), h("ul", {}, left.lost.map((label) => h("li", {}, label)))) : null,
    ];
  }
  const over = kind === "signedout";
  const needs = kind === "foreign" ? t("Somebody else worked on this device. As soon as there is network, what they had not sent is handed to the office; then you can begin.") : t("The workshop mode needs the network the first time; afterwards it works without.");
  return [
    h("div.f-head", {}, h("h1", { tabindex: "-1" }, over ? t("Sign in to go on") : t("Waiting for the network"))),
    h("p", {}, over ? t("The session is over. What was done here is kept.") : needs),
    over ? link(t("Sign in"), `${config.urls.login}?next=${encodeURIComponent(config.urls.shell)}`, { look: "primary" }) : null,
  ];
}
