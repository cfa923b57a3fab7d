// Taking a part out of a batch or of a load: one tap asks, the next one does.
import { h } from "../dom.js";
import { forgetWith } from "../outbox.js";
import { button } from "../pieces.js";
import { t } from "../words.js";

/** The one that is being asked about. */
let asked = "";
forgetWith(() => { asked = ""; });

/** The buttons of a part: `out(pieces)` takes so many out, or all of them without a number. */
export function takeOut({ name, label, pieces = 1, may, refresh, out }) {
  const ask = (what) => () => { asked = what; refresh(); };
  if (asked !== name) return button(t("Take it out"), ask(name), { look: "quiet", name: `out-${name}`, disabled: !may });
  const done = (many) => async () => {
    asked = "";
    await out(many);
  };
  return h("div.f-row", { role: "group", "aria-label": t("Take {part} out?", { part: label }) },
    pieces > 1 ? button(t("1 piece"), done(1), { name: `one-${name}`, disabled: !may }) : null,
    button(pieces > 1 ? t("All {count} pieces", { count: pieces }) : t("Yes, take it out"), done(null), { look: "bad", name: `all-${name}`, disabled: !may }),
    button(t("No"), ask(""), { look: "quiet", name: `keep-${name}` }));
}
