// One project: what is done now, in large; photo, checklist, validate. The rest below.
import { h, icon, toast } from "../dom.js";
import { act, forgetWith, newKey } from "../outbox.js";
import { button, camera, course, head, link, pill, powder, promise, section, shot, tiles, whoWhen } from "../pieces.js";
import { isHeldBack } from "../fold.js";
import { prepare } from "../pictures.js";
import { carry, soon } from "../sync.js";
import { config, moment, t } from "../words.js";

/** What is being typed for a step, until it is validated. */
const drafts = new Map();
forgetWith(() => drafts.clear());

export function draftOf(stepPk) {
  if (!drafts.has(stepPk)) drafts.set(stepPk, { key: newKey(), comment: "", answers: [], photos: [], commenting: false });
  return drafts.get(stepPk);
}

export function project({ project: shown, day, mayUpdate, refresh, highlight }) {
  if (!shown) return [head(t("Unknown project")), h("p", {}, t("This tablet does not have it. Scan it again with network."))];
  carry(shown.pk);
  return [
    head(shown.title, { note: [shown.customer, shown.number].join(" · ") }),
    h("div.f-facts", {}, promise(shown, day.today), shown.priority > 3 ? pill(t("Urgent"), "bad") : null, course(shown)),
    shown.note ? h("p.f-note", {}, icon("chat-bubble-left-ellipsis"), shown.note) : null,
    h("div.f-split", {},
      h("div.f-stack", {}, now(shown, mayUpdate, refresh), mayUpdate ? others(shown) : null),
      h("div.f-stack", {}, parts(shown, mayUpdate, highlight), photos(shown, mayUpdate), steps(shown))),
  ];
}

function now(shown, mayUpdate, refresh) {
  if (shown.sentBack) {
    return h("div.f-now", { "data-tone": "warn" }, h("p.f-now-label", {}, t("Non-conformity declared")), h("p.f-now-step", {}, shown.sentBack),
      h("p", {}, t("The steps to do again appear once this is sent.")));
  }
  const step = shown.current;
  if (!step) {
    return h("div.f-now", { "data-tone": "ok" }, h("p.f-now-label", {}, t("All steps are done")), h("p.f-now-step", {}, t("Ready")));
  }
  const draft = draftOf(step.pk);
  return h(
    "div.f-now",
    { "data-step": step.pk },
    h("p.f-now-label", {}, step.pass > 1 ? t("To do now, pass {count}", { count: step.pass }) : t("To do now")),
    h("h2.f-now-step", {}, step.name),
    mayUpdate ? form(shown, step, draft, refresh) : h("p", {}, t("Your role does not validate steps.")),
  );
}

function form(shown, step, draft, refresh) {
  const late = step.checklist.length && step.checklist.some((item, rank) => !draft.answers[rank]);
  const lacking = step.needs_photo && !draft.photos.length && !hasPhoto(shown, step);
  const failed = isHeldBack(shown, step, draft.answers) ? t("An item has failed: declare a non-conformity, or rework the parts before validating.") : "";
  const why = lacking ? t("This step wants a photo first.") : late ? t("Answer every item first.") : failed;
  return h("div.f-stack", {},
    checklist(step, draft, refresh),
    draft.photos.length ? h("div.f-shots", {}, draft.photos.map((one) => shot(one.blob, t("Photo of {step}", { step: step.name })))) : null,
    draft.commenting ? comment(step, draft) : null,
    h("div.f-row", {},
      camera(draft.photos.length ? t("Another photo") : t("Photo"), (file) => takePhoto(shown, step, draft, file, refresh), { name: `photo-${step.pk}` }),
      draft.commenting ? null : button(t("Comment"), () => { draft.commenting = true; refresh(); }, { sign: "chat-bubble-left-ellipsis" })),
    why ? h("p.f-why", {}, why) : null,
    button(t("Validate {step}", { step: step.name }), () => validate(shown, step, draft, refresh), { look: "primary", big: true, sign: "check", name: "validate", disabled: Boolean(why) }),
  );
}

const hasPhoto = (shown, step) => (shown.photos || []).some((one) => one.step === step.pk) || shown.shots.some((one) => one.step === step.pk);

function checklist(step, draft, refresh) {
  if (!step.checklist.length) return null;
  const options = [{ value: "pass", text: t("Good") }, { value: "fail", text: t("Bad") }, { value: "na", text: t("Not concerned") }];
  return h("ul.f-checks", {}, step.checklist.map((item, rank) =>
    h("li", {}, h("span", {}, item), tiles(item, options, draft.answers[rank], (value) => { draft.answers[rank] = value; refresh(); }))));
}

function comment(step, draft) {
  const id = `comment-${step.pk}`;
  return h("div.f-field", {}, h("label.f-label", { for: id }, t("Comment")),
    h("textarea", { id, rows: 2, maxlength: 500, "data-k": id, value: draft.comment, oninput: (event) => { draft.comment = event.target.value; } }));
}

async function takePhoto(shown, step, draft, file, refresh) {
  const picture = await pictureOf(file);
  if (!picture) return;
  const payload = { project: shown.pk, step: step.pk, moment: momentOf(shown, step), caption: "", sha256: picture.sha256, size: picture.size };
  const key = await act("photo", payload, { label: t("Photo, {step}, {number}", { step: step.name, number: shown.number }), picture });
  if (!key) return;
  draft.photos.push({ key, blob: picture.blob });
  refresh();
  soon();
}

/** As the parts came, during the work, or as they leave: by the place of the step in the work. */
function momentOf(shown, step) {
  if (step === shown.steps.at(-1)) return "after";
  return step === shown.steps[0] ? "before" : "step";
}

/** A photo ready to be kept, or null when it cannot be one, which is said. */
export async function pictureOf(file) {
  try {
    return await prepare(file);
  } catch (error) {
    toast(error.message === "large" ? t("This photo is too large, even reduced.") : t("This file is not a photo that the tablet can read."), "bad");
    return null;
  }
}

async function validate(shown, step, draft, refresh) {
  const payload = { project: shown.pk, step: step.pk, comment: draft.comment.trim(), answers: step.checklist.length ? draft.answers : [] };
  if (step.needs_photo) {
    const taken = shown.shots.filter((one) => one.step === step.pk).map((one) => one.key);
    payload.photos = [...new Set([...draft.photos.map((one) => one.key), ...taken])];
  }
  const key = await act("step", payload, { key: draft.key, base: { done_at: step.done_at }, label: t("{step} validated, {number}", { step: step.name, number: shown.number }) });
  if (!key) return;
  drafts.delete(step.pk);
  toast(t("{step} validated", { step: step.name }), "ok");
  refresh();
  soon();
}

const others = (shown) =>
  h("div.f-row", {},
    shown.sentBack ? null : link(t("Non-conformity"), `#/nc/${shown.pk}`, { sign: "exclamation-triangle", look: "warn" }),
    link(t("Note"), `#/note/${shown.pk}`, { sign: "pencil-square" }));

function parts(shown, mayUpdate, highlight) {
  return section(t("Parts"), h("ul.f-parts", {}, shown.parts.map((part) =>
    h("li", { "data-found": part.pk === highlight ? "yes" : null },
      h("div.f-part-text", {}, h("strong", {}, `${part.quantity} × ${part.designation}`), h("span.f-code", {}, part.code)),
      powder(part.powder),
      h("p.f-quiet", {}, laid(part)),
      mayUpdate ? link(t("Record"), `#/piece/${shown.pk}/${part.pk}`, { sign: "fire" }) : null))));
}

function laid(part) {
  const said = [part.coats === 1 ? t("1 coat") : t("{count} coats", { count: part.coats })];
  if (part.primer) said.push(t("primer"));
  if (part.varnish) said.push(t("varnish"));
  if (part.curing_celsius) said.push(`${part.curing_celsius} °C`);
  if (part.curing_minutes) said.push(`${part.curing_minutes} min`);
  else if (part.powder?.celsius) said.push(t("sheet: {celsius} °C, {minutes} min", { celsius: part.powder.celsius, minutes: part.powder.minutes ?? "—" }));
  if (part.waits) said.push(t("not sent yet"));
  return said.join(" · ");
}

function photos(shown, mayUpdate) {
  if (!shown.photos.length) return null;
  const text = (photo) => photo.caption || t("{moment}, photo {number}", { moment: photo.moment, number: photo.number });
  const picture = (photo) => h("img.f-shot", { src: `${config.urls.photos}${photo.pk}/`, alt: text(photo), loading: "lazy", onerror: (event) => { event.target.hidden = true; } });
  return section(t("Photos"), h("ul.f-photos", {}, shown.photos.map((photo) =>
    h("li", {}, picture(photo), h("span", {}, text(photo), h("small", {}, [photo.by, moment(photo.at)].join(", "))),
      mayUpdate ? link(t("Caption"), `#/legende/${shown.pk}/${photo.pk}`, { sign: "pencil-square" }) : null))));
}

const steps = (shown) =>
  section(t("Steps"), h("ol.f-steps", {}, shown.steps.map((step) =>
    h("li", { "data-state": step.waits ? "waits" : step.done_at ? "done" : step === shown.current ? "now" : "" },
      h("span", {}, step.name, step.pass > 1 ? ` · ${t("pass {count}", { count: step.pass })}` : ""),
      step.done_at ? whoWhen(step) : null,
      step.comment ? h("span.f-quiet", {}, `« ${step.comment} »`) : null))));

