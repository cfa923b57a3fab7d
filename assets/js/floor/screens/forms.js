// Declaring a non-conformity, recording a part, writing the note.
import { h, toast } from "../dom.js";
import { act, actAll, actingOperator, forgetWith, newKey } from "../outbox.js";
import { button, camera, head, section, shot, stepper, tiles } from "../pieces.js";
import * as store from "../store.js";
import { soon } from "../sync.js";
import { t } from "../words.js";
import { pictureOf } from "./project.js";

const drafts = new Map();
forgetWith(() => drafts.clear());
const KEPT_FOR = 7 * 24 * 3600_000;
let whose = "";

/** Find again, after a reload, the declarations that whoever acts had begun; those of others, and the old ones, go. */
export async function recoverDrafts(account) {
  const owner = actingOperator()?.pk ?? null;
  if (!account) { // nobody's device any more
    drafts.clear();
    whose = "";
  }
  if (!account || (account.tablet && owner === null)) return;
  const mine = `${account.key}:${owner}`;
  if (whose === mine) return;
  if (whose) drafts.clear();
  whose = mine;
  for (const row of await store.drafts()) {
    const isKept = row.owner === owner && Date.now() - row.at <= KEPT_FOR;
    const photos = isKept ? await shotsOf(row.typed) : await store.dropDraft(row.name, row.typed.photos);
    if (isKept && whose === mine && !drafts.has(row.name)) drafts.set(row.name, { ...row.typed, photos });
  }
}

const shotsOf = async ({ photos }) => (await Promise.all(photos.map(({ key }) => store.photo(key)))).filter(Boolean);

/** Keep what is typed, and a photo that was just taken, on the disk. */
async function keep(name, picture = null) {
  const owner = actingOperator()?.pk ?? null;
  try {
    if (picture) await store.keepPhoto(picture);
    const typed = drafts.get(name);
    if (!typed) return; // given up while its photo was written
    const photos = typed.photos.map(({ key }) => ({ key }));
    await store.keepDraft({ name, owner, at: Date.now(), typed: { ...typed, photos } });
  } catch (error) {
    toast(store.isFull(error) ? t("No room is left: what you have begun is lost if this page is closed. Declare it, or send what waits.") : t("This tablet could not keep what you have begun: declare it without leaving this page."), "bad");
  }
}

/** The declaration is made, or given up. */
async function forget(name, { photos }) {
  drafts.delete(name);
  await store.dropDraft(name, photos).catch(() => {}); // it is dropped for its age, or with its owner
}

/** What is being typed, under the key that it will be written with, however often it is asked. */
function draft(name, make) {
  if (!drafts.has(name)) drafts.set(name, { key: newKey(), ...make() });
  return drafts.get(name);
}

/** What is wrong, a photo of it, where the work goes back to. */
export function nonconformity({ project, day, refresh, go }) {
  if (!project) return [head(t("Unknown project"))];
  const name = `nc-${project.pk}`;
  const typed = draft(name, () => ({ defect: null, to: "rework", comment: "", photos: [] }));
  const set = (field) => (value) => { typed[field] = value; keep(name); refresh(); };
  const done = project.steps.filter((step) => step.done_at && !step.rework);
  const latest = [...new Map(done.map((step) => [step.name, step])).values()];
  const targets = [{ value: "rework", text: t("Rework") }, ...latest.map((step) => ({ value: step.pk, text: step.name }))];
  const declare = async () => {
    if (!(await declared(project, day, typed))) return;
    await forget(name, typed);
    toast(t("Non-conformity declared"), "ok");
    go(`#/projet/${project.pk}`);
    soon();
  };
  return [
    head(t("Non-conformity"), { back: `#/projet/${project.pk}`, note: project.title }),
    section(t("What is wrong?"), tiles(t("What is wrong?"), (day.defects || []).map((one) => ({ value: one.pk, text: one.name })), typed.defect, set("defect"))),
    section(t("Photo"), typed.photos.length ? h("div.f-shots", {}, typed.photos.map((one) => shot(one.blob, t("Photo of the defect")))) : null,
      h("div.f-row", {}, camera(t("Photo of the defect"), async (file) => {
        const picture = await pictureOf(file);
        if (!picture || drafts.get(name) !== typed) return; // what it belongs to was given up meanwhile
        const taken = { key: newKey(), ...picture };
        typed.photos.push(taken);
        await keep(name, taken);
        refresh();
      }))),
    section(t("Back to which step?"), tiles(t("Back to which step?"), targets, typed.to, set("to"))),
    section(null, h("div.f-field", {}, h("label.f-label", { for: "nc-comment" }, t("Comment")),
      h("textarea", { id: "nc-comment", rows: 2, maxlength: 500, "data-k": "nc-comment", value: typed.comment, oninput: (event) => { typed.comment = event.target.value; keep(name); } }))),
    button(t("Declare"), declare, { look: "bad", big: true, sign: "exclamation-triangle", name: "declare", disabled: typed.defect === null }),
    isBegun(typed) ? button(t("Give up this declaration"), async () => { await forget(name, typed); go(`#/projet/${project.pk}`); }, { look: "quiet", name: "give-up" }) : null,
  ];
}

const isBegun = (typed) => typed.defect !== null || typed.comment.trim() !== "" || typed.photos.length > 0;

async function declared(project, day, typed) {
  const { key } = typed;
  const defect = day.defects.find((one) => one.pk === typed.defect);
  const at = project.current || project.steps.at(-1);
  const payload = {
    project: project.pk,
    step: at.pk,
    stepName: at.name,
    defect: defect.pk,
    defectName: defect.name,
    comment: typed.comment.trim(),
    return_to: typed.to === "rework" ? null : typed.to,
  };
  const label = t("Non-conformity: {defect}, {number}", { defect: defect.name, number: project.number });
  const photos = typed.photos.map((picture) => ({
    kind: "photo",
    key: picture.key,
    payload: { project: project.pk, moment: "defect", nc: key, caption: defect.name, sha256: picture.sha256, size: picture.size },
    label: t("Photo, {step}, {number}", { step: defect.name, number: project.number }),
    picture: { blob: picture.blob, size: picture.size, sha256: picture.sha256 },
  }));
  return actAll([{ kind: "nc", payload, key, label }, ...photos]);
}

const valuesOf = (part) => ({
  powder: part.powder?.pk ?? null,
  coats: part.coats,
  primer: part.primer,
  varnish: part.varnish,
  curing_celsius: part.curing_celsius,
  curing_minutes: part.curing_minutes,
});

/** The powder really used, its layers, its curing. */
export function record({ project, partPk, day, refresh, go }) {
  const part = project?.parts.find((one) => one.pk === partPk);
  if (!part) return [head(t("Unknown part"))];
  const name = `part-${partPk}`;
  // What it is compared with is what the screen shows, with what was done here and has not left yet.
  const typed = draft(name, () => ({ ...valuesOf(part), before: valuesOf(part) }));
  const set = (field) => (value) => { typed[field] = value; refresh(); };
  const save = async () => {
    const label = t("{part} recorded, {number}", { part: part.designation, number: project.number });
    const { key, before, ...values } = typed;
    if (!(await act("part", { project: project.pk, part: part.pk, ...values }, { key, base: before, label }))) return;
    drafts.delete(name);
    toast(t("Recorded"), "ok");
    go(`#/projet/${project.pk}`);
    soon();
  };
  const yesNo = [{ value: true, text: t("Yes") }, { value: false, text: t("No") }];
  const sheet = part.powder || {};
  return [
    head(part.designation, { back: `#/projet/${project.pk}`, note: `${project.title} · ${part.code}` }),
    h("div.f-split", {},
      h("div.f-stack", {},
        section(t("Curing"),
          stepper(t("Temperature"), typed.curing_celsius, { step: 5, least: 80, most: 300, start: sheet.celsius || 180, unit: "°C", change: set("curing_celsius") }),
          stepper(t("Time"), typed.curing_minutes, { step: 1, least: 1, most: 240, start: sheet.minutes || 15, unit: "min", change: set("curing_minutes") }))),
      h("div.f-stack", {},
        section(t("Coats"), tiles(t("Coats"), [1, 2, 3].map((value) => ({ value, text: String(value) })), typed.coats, set("coats"))),
        section(t("Primer"), tiles(t("Primer"), yesNo, typed.primer, set("primer"))),
        section(t("Varnish"), tiles(t("Varnish"), yesNo, typed.varnish, set("varnish"))))),
    section(t("Powder really used"), powderChoice(day.powders || [], part, typed, set("powder"))),
    button(t("Record"), save, { look: "primary", big: true, sign: "check", name: "save" }),
  ];
}

function powderChoice(powders, part, typed, choose) {
  const known = new Map(powders.map((one) => [one.pk, one]));
  if (part.powder) known.set(part.powder.pk, part.powder);
  const options = [...known.values()].map((one) => h("option", { value: one.pk }, `${one.colour} · ${one.label}`));
  const select = h("select", { id: "powder", "data-k": "powder", onchange: (event) => choose(Number(event.target.value) || null) },
    h("option", { value: "" }, t("No powder chosen")), options);
  select.value = typed.powder ?? "";
  return h("div.f-field", {}, h("label.f-label", { for: "powder" }, t("Powder")), select);
}

/** The note to the workshop. */
export function note({ project, refresh, go }) {
  if (!project) return [head(t("Unknown project"))];
  const name = `note-${project.pk}`;
  const typed = draft(name, () => ({ text: project.note }));
  const save = async () => {
    const label = t("Note, {number}", { number: project.number });
    if (!(await act("note", { project: project.pk, text: typed.text.trim() }, { key: typed.key, base: { text: project.note }, label }))) return;
    drafts.delete(name);
    toast(t("Note written"), "ok");
    go(`#/projet/${project.pk}`);
    refresh();
    soon();
  };
  return [
    head(t("Note to the workshop"), { back: `#/projet/${project.pk}`, note: project.title }),
    h("div.f-field", {}, h("label.f-label", { for: "note" }, t("Note")),
      h("textarea", { id: "note", rows: 6, maxlength: 4000, "data-k": "note", value: typed.text, oninput: (event) => { typed.text = event.target.value; } })),
    button(t("Write the note"), save, { look: "primary", big: true, sign: "check", name: "save" }),
  ];
}

/** What a photo shows, in words. */
export function caption({ project, photoPk, go }) {
  const photo = project?.photos.find((one) => one.pk === photoPk);
  if (!photo) return [head(t("Unknown photo"))];
  const name = `caption-${photoPk}`;
  const typed = draft(name, () => ({ text: photo.caption }));
  const save = async () => {
    const label = t("Caption, photo {photo}, {number}", { photo: photo.number, number: project.number });
    const payload = { project: project.pk, photo: photo.pk, text: typed.text.trim() };
    if (!(await act("caption", payload, { key: typed.key, base: { text: photo.caption }, label }))) return;
    drafts.delete(name);
    go(`#/projet/${project.pk}`);
    soon();
  };
  return [
    head(t("Caption"), { back: `#/projet/${project.pk}`, note: `${project.title} · ${photo.moment}` }),
    h("div.f-field", {}, h("label.f-label", { for: "caption" }, t("Caption")),
      h("textarea", { id: "caption", rows: 2, maxlength: 200, "data-k": "caption", value: typed.text, oninput: (event) => { typed.text = event.target.value; } })),
    button(t("Save"), save, { look: "primary", big: true, sign: "check", name: "save" }),
  ];
}
