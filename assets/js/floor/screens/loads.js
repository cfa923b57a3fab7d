// The next loads of the ovens: what is in them, what has changed since the plan, and what is taken out at the hanging station.
import { h, icon, swatch } from "../dom.js";
import { pill, section } from "../pieces.js";
import { moment, t } from "../words.js";
import { takeOut } from "./taking-out.js";

/** The loads, in time; null when none is planned. `send` sends at once and says what became of it. */
export function loads({ day, may, refresh }, send) {
  const planned = day.batches?.loads || [];
  return planned.length ? section(t("Oven loads"), h("ul.f-batches", {}, planned.map((one) => h("li.f-batch", { "data-load": one.pk }, load(one, may, refresh, send))))) : null;
}

function load(one, may, refresh, send) {
  const when = one.in_oven ? pill(t("In the oven"), "info") : one.starts_at ? pill(moment(one.starts_at)) : null;
  const out = (part, pieces) => send(
    { act: "unhang", load: one.pk, part: part.pk, pieces, project: part.project },
    t("Load {number}: {part} taken out", { number: one.number, part: part.designation }), t("Taken out"), refresh);
  const line = (part) => h("li", {},
    h("a", { href: `#/projet/${part.project}/${part.pk}` }, `${part.pieces} × ${part.designation}`), h("span.f-quiet", {}, `${part.number} · `, h("span.f-code", {}, part.code)),
    one.in_oven ? null : takeOut({ name: `load-${one.pk}-${part.pk}`, label: part.designation, pieces: part.pieces, may, refresh, out: (pieces) => out(part, pieces) }));
  return [
    h("div.f-batch-head", {}, swatch(one.powder, true), h("div.f-card-text", {},
      h("span.f-card-title", {}, t("Load {number}, {oven}", { number: one.number, oven: one.oven })), h("span.f-quiet", {}, one.powder?.colour), h("span.f-card-facts", {}, when))),
    one.changes.length ? h("div.f-stack", {}, h("p.f-why", {}, icon("exclamation-triangle"), t("Changed since the plan: take it out, or have the loads planned again.")),
      h("ul.f-changes", {}, one.changes.map((text) => h("li", {}, text)))) : null,
    h("ul.f-batch-parts", {}, one.parts.map(line)),
  ];
}
