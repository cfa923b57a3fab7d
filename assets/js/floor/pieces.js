// What screens are drawn from.
import { h, icon, swatch } from "./dom.js";
import { age, day, moment, t } from "./words.js";

const running = new Set();

/** What a button does, not twice at once: a glove taps twice. Its name tells it from the others, drawn again or not. */
const once = (name, act) => async (event) => {
  if (running.has(name)) return;
  running.add(name);
  try {
    await act(event);
  } finally {
    running.delete(name);
  }
};

/** A large button: {look: "primary" | "quiet" | "bad", big: true}; `name` lets the focus come back to it. */
export function button(label, onclick, { look = "", big = false, sign = "", name = label, disabled = false, pressed = null } = {}) {
  const classes = ["f-btn", look && `f-btn-${look}`, big && "f-btn-big"].filter(Boolean).join(".");
  const attributes = { type: "button", onclick: once(name, onclick), "data-k": name, disabled };
  if (pressed !== null) attributes["aria-pressed"] = String(pressed);
  return h(`button.${classes}`, attributes, sign && icon(sign), h("span", {}, label));
}

export function link(label, href, { sign = "", look = "" } = {}) {
  return h(`a.f-btn${look ? `.f-btn-${look}` : ""}`, { href, "data-k": href }, sign && icon(sign), h("span", {}, label));
}

/** The head of a screen: where back leads, what it is. */
export function head(title, { back = "#/", note = null } = {}) {
  return h(
    "div.f-head",
    {},
    back && h("a.f-back", { href: back, "aria-label": t("Back"), "data-k": "back" }, icon("arrow-left")),
    h("div.f-head-text", {}, h("h1", { tabindex: "-1" }, title), note && h("p.f-quiet", {}, note)),
  );
}

export function section(title, ...children) {
  return h("section.f-section", {}, title && h("h2", {}, title), children);
}

export function empty(sign, title, note) {
  return h("div.f-empty", {}, icon(sign), h("p.f-empty-title", {}, title), note && h("p.f-quiet", {}, note));
}

export const pill = (text, tone = "") => h("span.f-pill", { "data-tone": tone }, text);

/** When it is promised, loud when that has passed. */
export function promise(project, today) {
  if (!project.promised_on) return null;
  if (project.promised_on < today) return pill(t("Late: {day}", { day: day(project.promised_on) }), "bad");
  if (project.promised_on === today) return pill(t("For today"), "warn");
  return pill(day(project.promised_on));
}

/** A powder with its drawing. */
export function powder(row, large = false) {
  if (!row) return h("span.f-powder", {}, swatch(null, large), h("span.f-quiet", {}, t("No powder chosen")));
  return h("span.f-powder", {}, swatch(row, large), h("span", {}, row.colour, h("small", {}, row.label)));
}

/** How far the work has gone: one mark a step. */
export function course(project) {
  const text = t("{done} of {all} steps", { done: project.done, all: project.steps.length });
  const marks = project.steps.map((step) => h("i", { "data-state": step.waits ? "waits" : step.done_at ? "done" : "" }));
  return h("span.f-course", { role: "img", "aria-label": text }, marks);
}

/** "14:02, Omar Petit", and that it has not left the tablet yet. */
export function whoWhen(step) {
  const said = [step.done_by, step.done_at && moment(step.done_at)].filter(Boolean).join(", ");
  return h("span.f-quiet", {}, said, step.waits ? ` · ${t("not sent yet")}` : "");
}

export const since = (iso) => h("span.f-quiet", {}, age(iso));

/** A choice among a few: large tiles, one pressed. */
export function tiles(label, options, chosen, choose) {
  const made = options.map(({ value, text, note }) =>
    h(
      "button.f-tile",
      { type: "button", "aria-pressed": String(value === chosen), "data-k": `${label}-${value}`, onclick: () => choose(value) },
      h("span", {}, text),
      note && h("small", {}, note),
    ),
  );
  return h("div.f-tiles", { role: "group", "aria-label": label }, made);
}

/** A number with large less and more buttons. */
export function stepper(label, value, { step = 1, least, most, start, unit = "", change }) {
  const shown = value ?? "";
  const move = (by) => () => change(Math.min(most, Math.max(least, value === null || value === undefined ? start : value + by)));
  return h(
    "div.f-stepper",
    { role: "group", "aria-label": label },
    h("span.f-label", {}, label),
    h("div.f-stepper-row", {},
      h("button.f-btn", { type: "button", "aria-label": t("Less"), onclick: move(-step), "data-k": `${label}-less` }, "−"),
      h("output", {}, shown === "" ? "—" : `${shown} ${unit}`),
      h("button.f-btn", { type: "button", "aria-label": t("More"), onclick: move(step), "data-k": `${label}-more` }, "+"),
    ),
  );
}

/** A button that takes a photo with the device's camera; `taken` receives the file. */
export function camera(label, taken, { name = "camera" } = {}) {
  const input = h("input.f-file", { type: "file", accept: "image/*", capture: "environment", "data-k": name, "aria-label": label,
    onchange: (event) => event.target.files[0] && taken(event.target.files[0]) });
  return h("label.f-btn.f-btn-photo", {}, icon("camera"), h("span", { "aria-hidden": "true" }, label), input);
}

/** A photo that is on the device. */
export function shot(blob, alt) {
  const url = URL.createObjectURL(blob);
  const image = h("img.f-shot", { src: url, alt, onload: () => URL.revokeObjectURL(url) });
  return image;
}
