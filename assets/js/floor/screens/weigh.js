// The scale on a tablet: choose or scan a carton, type what it weighs, confirm. Three taps when nothing is doubtful.
import { h, toast } from "../dom.js";
import { act, forgetWith, newKey } from "../outbox.js";
import { button, empty, head, pill, powder, section } from "../pieces.js";
import { soon } from "../sync.js";
import { doubts, isImpossible, meant, read } from "../weights.js";
import { config, t } from "../words.js";

const LONGEST = 9; // characters of a weight
let search = "";
const nothing = (carton = null) => ({ key: newKey(), carton, text: "", tare: null, into: "text", asked: null });
/** What is being typed: the weight, and the tare while it is corrected (null when it is not); the keys go into one of them. */
let typed = nothing();
forgetWith(() => { typed = nothing(); });

const spaced = (number) => `${number.slice(0, 3)} ${number.slice(3)}`;
const kg = (value) => new Intl.NumberFormat(config.language, { maximumFractionDigits: 3 }).format(value);

/** The items weighed on this device since the day was told. */
function weighedHere(stock, entries) {
  const items = new Map(stock.cartons.map((carton) => [carton.pk, carton.item]));
  const kept = entries.filter((entry) => entry.kind === "weigh" && ["waiting", "later", "sent"].includes(entry.state));
  return new Set(kept.map((entry) => items.get(entry.payload.carton)));
}

const isDone = (line, here) => line.done || here.has(line.item);

/** How many of today's list are still to weigh. */
export function leftToWeigh(stock, entries) {
  const here = weighedHere(stock, entries);
  return stock.list.filter((line) => !isDone(line, here)).length;
}

/** The list of the day, then every carton. */
export function weighings({ day, entries, refresh }) {
  const stock = day.stock;
  if (!stock) return [head(t("To weigh")), empty("archive-box", t("No carton is known here yet."))];
  const here = weighedHere(stock, entries);
  const words = search.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const found = stock.cartons.filter((carton) => words.every((word) => wordsOf(carton).includes(word))).slice(0, 40);
  const field = h("input.f-code-input", { id: "carton-search", autocomplete: "off", maxlength: 60, value: search, "data-k": "carton-search", "data-code": true,
    oninput: (event) => { search = event.target.value; }, onchange: refresh });
  return [
    head(t("To weigh today"), { note: stock.blind ? t("Blind count: what is expected is told after the weighing.") : null }),
    stock.list.length ? h("ul.f-queue", {}, stock.list.map((line) => h("li", {}, today(line, stock.cartons, isDone(line, here))))) : null,
    section(stock.list.length ? t("Weigh another carton") : t("All the cartons"),
      h("form.f-field", { onsubmit: (event) => { event.preventDefault(); field.blur(); refresh(); } },
        h("label.f-label", { for: "carton-search" }, t("Number, reference or lot")),
        h("div.f-row", {}, field, h("button.f-btn", { type: "submit", "data-k": "carton-find" }, t("Find a carton")))),
      found.length ? h("ul.f-cartons", {}, found.map((carton) => h("li", {}, cartonLink(carton, "")))) : empty("archive-box", t("No carton is known here yet."))),
  ];
}

const wordsOf = (carton) => `${carton.number} ${carton.lot} ${carton.powder?.colour} ${carton.powder?.label}`.toLowerCase();

function today(line, cartons, done) {
  const mine = cartons.filter((carton) => carton.item === line.item);
  return h("div.f-weigh", { "data-done": String(done), "data-item": line.item },
    h("div.f-weigh-head", {}, powder(line.powder, true), done ? pill(t("Weighed"), "ok") : pill(line.why)),
    done ? null : h("ul.f-cartons", {}, mine.map((carton) => h("li", {}, cartonLink(carton, `/${line.powder.pk}`)))));
}

function cartonLink(carton, asked) {
  return h("a.f-carton", { href: `#/peser/${carton.pk}${asked}`, "data-carton": carton.number, "data-k": `carton-${carton.pk}${asked}` },
    h("strong", {}, spaced(carton.number)),
    asked ? null : powder(carton.powder),
    h("span.f-card-facts", {}, carton.open ? pill(t("Begun"), "info") : null, carton.lot ? h("span.f-quiet", {}, t("Lot {lot}", { lot: carton.lot })) : null));
}

/** One carton on the scale. */
export function weigh({ day, cartonPk, asked, refresh, go }) {
  const stock = day.stock;
  const carton = stock?.cartons.find((one) => one.pk === cartonPk);
  if (!carton) return [head(t("Unknown carton"), { back: "#/a-peser" })];
  if (typed.carton !== cartonPk) typed = nothing(cartonPk);
  const press = (key) => () => {
    const before = typed[typed.into];
    typed[typed.into] = key === "back" ? before.slice(0, -1) : (before + key).slice(0, LONGEST);
    typed.asked = null;
    refresh();
  };
  const facts = [t("Empty carton: {tare} kg", { tare: kg(carton.tare) }), !stock.blind && carton.last !== null ? t("Last weighing: {last} kg left", { last: kg(carton.last) }) : null];
  const field = h("input.f-weight", { id: "weight", inputmode: "decimal", autocomplete: "off", maxlength: LONGEST, value: typed.text, "data-k": "weight",
    onfocus: () => { typed.into = "text"; },
    oninput: (event) => { typed.text = event.target.value.trim(); typed.asked = null; } });
  const confirm = (event) => {
    event.preventDefault();
    field.blur();
    judge(carton, stock, asked, { refresh, go });
  };
  return [
    head(spaced(carton.number), { back: "#/a-peser", note: facts.filter(Boolean).join(" · ") }),
    powder(carton.powder, true),
    typed.asked ? question(carton, asked, { refresh, go }) : null,
    h("form.f-scale", { onsubmit: confirm },
      h("label.f-label", { for: "weight" }, t("Weight on the scale, carton included")),
      h("div.f-scale-read", {}, field, h("span", { "aria-hidden": "true" }, "kg")),
      typed.tare === null ? button(t("Correct the tare"), () => correctTare(refresh), { name: "tare-correct" }) : tareField(carton, refresh),
      h("div.f-keys", {}, [..."123456789"].map((key) => digit(key, key, press)), digit(",", ",", press), digit("0", "0", press), digit("back", "⌫", press, t("Delete the last digit"))),
      typed.asked ? null : h("button.f-btn.f-btn-primary.f-btn-big", { type: "submit", "data-k": "weigh" }, h("span", {}, t("Weigh")))),
  ];
}

/** Another packaging than was believed: the keys type what the empty carton weighs. */
function correctTare(refresh) {
  Object.assign(typed, { tare: "", into: "tare", asked: null });
  refresh();
}

function tareField(carton, refresh) {
  const keep = () => {
    Object.assign(typed, { tare: null, into: "text", asked: null });
    refresh();
  };
  return h("div.f-stack", {},
    h("label.f-label", { for: "tare" }, t("Empty carton, in kg")),
    h("div.f-scale-read", {},
      h("input.f-weight", { id: "tare", inputmode: "decimal", autocomplete: "off", maxlength: LONGEST, value: typed.tare, "data-k": "tare",
        onfocus: () => { typed.into = "tare"; }, oninput: (event) => { typed.tare = event.target.value.trim(); typed.asked = null; } }),
      h("span", { "aria-hidden": "true" }, "kg")),
    button(t("Leave {tare} kg", { tare: kg(carton.tare) }), keep, { name: "tare-keep" }));
}

function digit(key, shown, press, label = null) {
  return h("button.f-btn.f-key", { type: "button", onclick: press(key), "data-k": `key-${key}`, "aria-label": label }, shown);
}

const knownOf = (carton, stock) => ({ ...carton, tolerance: stock.tolerance, heaviest: stock.heaviest });

/** Record it, or ask first. */
function judge(carton, stock, asked, { refresh, go }) {
  const gross = read(typed.text);
  const tare = typed.tare === null ? carton.tare : read(typed.tare);
  if (Number.isNaN(tare) || tare > carton.full) {
    toast(t("No empty carton weighs this."), "bad");
    return;
  }
  const known = knownOf({ ...carton, tare }, stock);
  if (Number.isNaN(gross) || isImpossible(gross, known)) {
    toast(t("No carton weighs this."), "bad");
    return;
  }
  const found = doubts(gross, known);
  if (asked && asked !== carton.powder?.pk) found.unshift("other_powder");
  if (!found.length) {
    keep(carton, { gross, tare }, [], { asked, go });
    return;
  }
  typed.asked = { gross, tare, found, meant: meant(gross, known), certain: gross <= stock.heaviest };
  refresh();
}

function question(carton, asked, { refresh, go }) {
  const { gross, tare, found, meant: better, certain } = typed.asked;
  const values = { gross: kg(gross), tare: kg(tare), full: kg(carton.full + tare), net: kg(gross - tare), last: kg(carton.last ?? 0),
    meant: kg(better ?? gross), powder: carton.powder?.label };
  const sentences = {
    unit: t("You typed {gross} kg: did you mean {meant} kg?", values),
    above_full: t("A full carton of this kind weighs {full} kg, and you typed {gross} kg. Is it right?", values),
    below_tare: t("{gross} kg is less than the empty carton ({tare} kg). Is the carton empty, or the tare wrong?", values),
    more_than_before: t("{net} kg would be left, more than at the last weighing ({last} kg). Is it the right carton?", values),
    other_powder: t("This carton holds {powder}, which is not the powder that was asked for. Weigh it all the same?", values),
  };
  const correct = () => {
    typed.text = kg(better).replace(/\s/g, "");
    typed.asked = null;
    refresh();
  };
  return h("div.f-ask", { role: "alert" },
    h("h2", {}, t("Check this weight")), found.map((doubt) => h("p", {}, sentences[doubt])),
    h("div.f-row", {},
      better === null ? null : button(t("Yes, {meant} kg", values), correct, { look: "primary", name: "meant" }),
      certain ? button(t("{gross} kg is right", values), () => keep(carton, { gross, tare }, found, { asked, go }), { name: "certain" }) : null));
}

async function keep(carton, { gross, tare }, confirmed, { asked, go }) {
  const label = t("Carton {number} weighed", { number: spaced(carton.number) });
  const corrected = tare === carton.tare ? {} : { tare: String(tare) };
  if (!(await act("weigh", { carton: carton.pk, gross: String(gross), powder: asked, confirmed, ...corrected }, { key: typed.key, label }))) return;
  typed = nothing();
  toast(`${label}. ${t("Its gap is computed when it is sent.")}`, "ok");
  go("#/a-peser");
  soon();
}
