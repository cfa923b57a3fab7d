// What has not reached the server: what, since when, how many tries, why not. And conflicts, in the words of the trade.
import { h, icon, toast } from "../dom.js";
import { NetError } from "../net.js";
import { act } from "../outbox.js";
import { button, empty, head, section, shot, since } from "../pieces.js";
import { decide, soon, state } from "../sync.js";
import * as store from "../store.js";
import { age, moment, t } from "../words.js";

const TROUBLE = () => ({
  starting: t("Waiting"),
  trying: t("Waiting"),
  offline: t("No network"),
  signedout: t("The session is over: sign in again, everything is kept"),
  closed: t("The workshop cannot record at the moment: ask the office. Everything is kept"),
  busy: t("The server does not answer well; it will be tried again"),
  refused: t("The server does not answer well; it will be tried again"),
  unknown: t("The server does not answer well; it will be tried again"),
  gone: t("The access to the workshop was withdrawn"),
  withdrawn: t("The access to the workshop was withdrawn"),
  lost: t("The photo is not on this tablet any more"),
});

/** An error of the network in words; what the server said stays as it said it. */
export const trouble = (error) => TROUBLE()[error] || error;

export function outbox({ entries: all, tallied, refresh }) {
  const entries = all.filter((entry) => entry.state !== "sent");
  const waiting = entries.filter((entry) => entry.state === "waiting" || entry.state === "later");
  const told = entries.filter((entry) => !waiting.includes(entry));
  const note = tallied.waiting ? t("{count} to send, the oldest {age}", { count: tallied.waiting, age: age(tallied.since) }) : t("Everything has been sent.");
  return [
    head(t("To send"), { note }),
    h("div.f-row", {}, button(t("Send now"), () => soon().then(refresh), { look: "primary", sign: "arrow-path", disabled: !waiting.length }),
      state.kind === "online" ? null : h("p.f-why", {}, trouble(state.kind))),
    told.length ? section(t("Not done: read why"), h("ul.f-list", {}, told.map((entry) => refused(entry)))) : null,
    waiting.length ? section(t("Waiting"), h("ul.f-list", {}, waiting.map(line))) : null,
    entries.length ? null : empty("cloud-arrow-up", t("Everything has been sent."), t("What is done without network waits here until it can leave.")),
  ];
}

function line(entry) {
  const tries = entry.tries ? entry.tries === 1 ? t("1 try") : t("{count} tries", { count: entry.tries }) : t("not tried yet");
  const kept = entry.sent ? t("{share} of the photo is there", { share: `${Math.floor((100 * entry.sent) / entry.payload.size)} %` }) : null;
  return h("li", { "data-entry": entry.key },
    h("div", {}, h("strong", {}, entry.label), h("p.f-quiet", {}, [moment(entry.made_at), entry.by, tries, kept].filter(Boolean).join(" · "))),
    since(entry.made_at),
    entry.error ? h("p.f-why", {}, trouble(entry.error)) : null);
}

function refused(entry) {
  const preview = h("div.f-shots", {});
  store.photo(entry.key).then((kept) => kept && preview.append(shot(kept.blob, entry.label)));
  const retry = async () => {
    const kept = await store.photo(entry.key);
    const picture = kept ? { blob: kept.blob, size: kept.size, sha256: kept.sha256 } : null;
    if (await act(entry.kind, entry.payload, { base: entry.base, label: entry.label, picture })) await store.dropEntry(entry.key);
    soon();
  };
  return h("li", { "data-refused": entry.key },
    h("div", {}, h("strong", {}, entry.label), h("p.f-quiet", {}, [moment(entry.made_at), entry.by].filter(Boolean).join(" · "))),
    h("p.f-why", {}, icon("exclamation-triangle"), trouble(entry.error)),
    preview,
    h("div.f-row", {},
      entry.state === "overtaken" || entry.error === "lost" ? null : button(t("Try again"), retry, { sign: "arrow-path", name: `retry-${entry.key}` }),
      button(t("I have read it"), () => store.dropEntry(entry.key), { sign: "check", name: `read-${entry.key}` })));
}

const FIELDS = () => ({
  powder: [t("Powder"), (value, day) => day.powders?.find((one) => one.pk === value)?.colour || t("another powder")],
  coats: [t("Coats"), String],
  primer: [t("Primer"), (value) => (value ? t("Yes") : t("No"))],
  varnish: [t("Varnish"), (value) => (value ? t("Yes") : t("No"))],
  curing_celsius: [t("Curing"), (value) => (value ? `${value} °C` : "—")],
  curing_minutes: [t("Curing"), (value) => (value ? `${value} min` : "—")],
});

export function conflicts({ day, online, refresh }) {
  const open = day.conflicts || [];
  return [
    head(t("To decide"), { note: t("Two people noted something different. Which one is right?") }),
    online ? null : h("p.f-why", {}, t("Deciding needs the network.")),
    open.length ? h("ul.f-list", {}, open.map((conflict) => h("li.f-conflict", { "data-conflict": conflict.pk }, one(conflict, day, online, refresh))))
      : empty("check-circle", t("Nothing to decide"), null),
  ];
}

function one(conflict, day, online, refresh) {
  const sides = conflict.kind === "step" ? stepSides(conflict) : partSides(conflict, day);
  const choose = (choice) => async () => {
    try {
      await decide(conflict.pk, choice);
    } catch (error) {
      if (!(error instanceof NetError)) throw error;
      toast(error.reason === error.kind ? trouble(error.kind) : error.reason, "bad");
    }
    refresh();
  };
  const side = (who, at, value, choice) =>
    h("div.f-side", {},
      h("p.f-quiet", {}, at ? t("Noted by {who}, {moment}", { who, moment: moment(at) }) : t("Noted by {who}", { who })),
      h("p.f-side-value", {}, value),
      button(t("Keep this one"), choose(choice), { look: "primary", sign: "check", name: `${choice}-${conflict.pk}`, disabled: !online }));
  return [
    h("h2", {}, sides.title),
    h("p.f-quiet", {}, [conflict.title, conflict.number].join(" · ")),
    h("div.f-sides", {}, side(conflict.by, conflict.at, sides.mine, "mine"), side(conflict.theirs.by, conflict.theirs.at, sides.theirs, "theirs")),
  ];
}

function partSides({ theirs }, day) {
  const shown = Object.entries(theirs.values).map(([name, [mine, other]]) => {
    const [label, write] = FIELDS()[name];
    return { label, mine: write(mine, day), theirs: write(other, day) };
  });
  const join = (side) => shown.map((field) => (shown.length > 1 ? `${field.label} : ${field[side]}` : field[side])).join(", ");
  return { title: `${theirs.part} · ${shown[0].label}`, mine: join("mine"), theirs: join("theirs") };
}

const ANSWERS = () => ({ pass: t("Good"), fail: t("Bad"), na: t("Not concerned") });

function stepSides({ mine, theirs }) {
  const words = ANSWERS();
  const told = (comment, answers) =>
    [comment && `« ${comment} »`, ...(answers || []).map((answer, rank) => `${theirs.checklist?.[rank] || rank + 1} : ${words[answer] || answer}`)].filter(Boolean).join(", ") || t("no comment");
  return { title: theirs.step, mine: told(mine.comment, mine.answers), theirs: told(theirs.comment, theirs.answers) };
}
