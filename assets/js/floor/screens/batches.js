// The batches: those at work, to launch and to close; those to open, the most urgent first. All this wants the network:
// a batch concerns several projects, and others may be at it.
import { h, icon, swatch, toast } from "../dom.js";
import { act, forgetWith } from "../outbox.js";
import { button, camera, empty, head, pill, promise, section, tiles } from "../pieces.js";
import { entries } from "../store.js";
import { soon } from "../sync.js";
import { t } from "../words.js";
import { trouble } from "./outbox.js";
import { loads } from "./loads.js";
import { pictureOf } from "./project.js";
import { takeOut } from "./taking-out.js";

/** What is being answered for a batch, until it is closed. */
const drafts = new Map();
forgetWith(() => drafts.clear());

function draftOf(batch) {
  if (!drafts.has(batch.pk)) drafts.set(batch.pk, { lot: batch.lot, answers: {} });
  return drafts.get(batch.pk);
}

export function batches({ day, online, mayUpdate, refresh, entries: kept }) {
  const { current = [], recommended = [] } = day.batches || {};
  const waits = new Set(kept.filter((entry) => entry.kind === "batch" && ["waiting", "later"].includes(entry.state)).map((entry) => entry.payload.batch || entry.payload.group));
  const context = { day, refresh, may: online && mayUpdate, waits, shots: shotsOf(kept) };
  return [
    head(t("Batches")),
    online ? null : h("p.f-why", {}, icon("signal-slash"), t("Batches need the network.")),
    current.length ? section(t("Open and launched"), h("ul.f-batches", {}, current.map((one) => h("li.f-batch", { "data-batch": one.pk }, atWork(one, context))))) : null,
    loads(context, send),
    recommended.length ? section(t("Recommended"), h("ul.f-batches", {}, recommended.map((one) => h("li.f-batch", { "data-group": one.key }, toOpen(one, context))))) : null,
    current.length || recommended.length || day.batches?.loads?.length ? null : empty("check-circle", t("Nothing waits for the powder"), null),
  ];
}

const title = (powder, said, ...pills) =>
  h("div.f-batch-head", {}, swatch(powder, true), h("div.f-card-text", {}, h("span.f-card-title", {}, said), h("span.f-quiet", {}, powder.label), h("span.f-card-facts", {}, pills)));

function layers({ coats, primer, varnish, celsius, minutes }) {
  const said = [coats === 1 ? t("1 coat") : t("{count} coats", { count: coats })];
  if (primer) said.push(t("primer"));
  if (varnish) said.push(t("varnish"));
  if (celsius) said.push(`${celsius} °C`);
  if (minutes) said.push(`${minutes} min`);
  return h("p.f-quiet", {}, said.join(" · "));
}

/** The last photo taken here of each step, whatever became of it. */
const shotsOf = (kept) => new Map(kept.filter((entry) => entry.kind === "photo" && entry.payload.step).map((entry) => [entry.payload.step, entry]));

function atWork(batch, { day, may, waits, shots, refresh }) {
  const launched = batch.state === "launched";
  const out = (part) => () => send({ act: "remove", batch: batch.pk, part: part.pk, project: part.project },
    t("Batch {number}: {part} taken out", { number: batch.number, part: part.designation }), t("Taken out"), refresh);
  const parts = batch.parts.map((part) =>
    h("li", {}, h("a", { href: `#/projet/${part.project}/${part.pk}` }, `${part.quantity} × ${part.designation}`), h("span.f-quiet", {}, `${part.number} · `, h("span.f-code", {}, part.code)),
      launched ? null : takeOut({ name: `batch-${part.pk}`, label: part.designation, may: may && !waits.has(batch.pk), refresh, out: out(part) })));
  return [
    title(batch.powder, batch.number, promise(batch, day.today), launched ? pill(t("Launched"), "info") : null, waits.has(batch.pk) ? pill(t("not sent yet"), "info") : null),
    layers(batch.layers),
    batch.note ? h("p.f-note", {}, icon("chat-bubble-left-ellipsis"), batch.note) : null,
    h("ul.f-batch-parts", {}, parts),
    launched ? closing(batch, shots, may && !waits.has(batch.pk), refresh) : launching(batch, may && !waits.has(batch.pk), refresh),
  ];
}

function launching(batch, may, refresh) {
  const draft = draftOf(batch);
  const lacking = batch.wants_lot && !draft.lot.trim();
  const late = batch.unready.length ? t("Not ready: {numbers}", { numbers: batch.unready.join(", ") }) : "";
  const id = `lot-${batch.pk}`;
  const write = (event) => {
    draft.lot = event.target.value;
    refresh();
  };
  const launch = () => send({ act: "launch", batch: batch.pk, project: batch.project, lot: draft.lot.trim() }, t("Batch {number}: launch", { number: batch.number }), t("Batch launched"), refresh);
  return h("div.f-stack", {},
    batch.wants_lot ? h("div.f-field", {}, h("label.f-label", { for: id }, t("Lot of the powder")), h("input", { id, type: "text", maxlength: 60, autocomplete: "off", "data-k": id, value: draft.lot, onchange: write })) : null,
    late ? h("p.f-why", {}, late) : lacking ? h("p.f-why", {}, t("Write the lot first.")) : null,
    button(t("Launch"), launch, { look: "primary", big: true, sign: "play", name: `launch-${batch.pk}`, disabled: !may || !batch.project || Boolean(late) || lacking }));
}

function closing(batch, shots, may, refresh) {
  const draft = draftOf(batch);
  const options = [{ value: "pass", text: t("Good") }, { value: "fail", text: t("Bad") }, { value: "na", text: t("Not concerned") }];
  const answer = (item) => (value) => {
    draft.answers[item] = value;
    refresh();
  };
  const wanted = (batch.photos || []).map((one) => ({ ...one, shot: shots.get(one.step) }));
  const lacking = wanted.filter((one) => !one.has && !isKept(one.shot));
  const missing = batch.checklist.some((item) => !draft.answers[item]);
  const why = lacking.length ? t("A photo is wanted for: {numbers}", { numbers: lacking.map((one) => one.number).join(", ") }) : missing ? t("Answer every item first.") : "";
  const close = () => {
    const photos = wanted.filter((one) => isKept(one.shot)).map((one) => one.shot.key);
    return send({ act: "close", batch: batch.pk, project: batch.project, answers: draft.answers, photos }, t("Batch {number}: close", { number: batch.number }), t("Batch closed"), refresh);
  };
  return h("div.f-stack", {},
    batch.checklist.length ? h("ul.f-checks", {}, batch.checklist.map((item) => h("li", {}, h("span", {}, item), tiles(item, options, draft.answers[item], answer(item))))) : null,
    wanted.length ? wantedPhotos(batch, wanted, lacking, may, refresh) : null,
    why ? h("p.f-why", {}, why) : null,
    button(t("Close the batch"), close, { look: "primary", big: true, sign: "check", name: `close-${batch.pk}`, disabled: !may || Boolean(why) }));
}

/** The device has it, or the server does. */
const isKept = (shot) => Boolean(shot) && shot.state !== "refused";

/** Each project whose step wants a photo: taken, refused and why, or to take; one photo may serve for all that lack one. */
function wantedPhotos(batch, wanted, lacking, may, refresh) {
  const line = (one) => {
    const lacks = lacking.includes(one);
    return h("li", { "data-photo": one.project },
      h("span", {}, h("strong", {}, one.number), h("span.f-quiet", {}, ` · ${one.name}`),
        lacks && one.shot ? h("small.f-why", {}, t("Refused: {reason}", { reason: trouble(one.shot.error) })) : null),
      !lacks ? pill(t("Photo taken"), "ok") : may ? camera(t("Photo of {project}", { project: one.number }), (file) => takePhoto([one], file, refresh), { name: `photo-${one.step}` }) : null);
  };
  return h("div.f-stack", { "data-photos": batch.pk },
    h("ul.f-batch-photos", {}, wanted.map(line)),
    may && lacking.length > 1 ? camera(t("One photo for all ({count})", { count: lacking.length }), (file) => takePhoto(lacking, file, refresh), { name: `photos-${batch.pk}` }) : null);
}

/** The same photo, kept for the step of each of these projects. */
async function takePhoto(wanted, file, refresh) {
  const picture = await pictureOf(file);
  if (!picture) return;
  for (const { project, step, name, number } of wanted) {
    const payload = { project, step, moment: "step", caption: "", sha256: picture.sha256, size: picture.size };
    if (!(await act("photo", payload, { label: t("Photo, {step}, {number}", { step: name, number }), picture }))) break;
  }
  refresh();
  soon();
}

function toOpen(group, { day, may, waits, refresh }) {
  const ready = group.ready === group.projects ? t("All projects are ready") : t("{ready} of {projects} projects are ready", { ready: group.ready, projects: group.projects });
  const open = () => send({ act: "open", group: group.key, project: group.project }, t("Batch of {powder}: open", { powder: group.powder.colour }), t("Batch opened"), refresh);
  return [
    title(group.powder, group.powder.colour, promise(group, day.today), waits.has(group.key) ? pill(t("not sent yet"), "info") : null),
    layers(group.layers),
    h("p", {}, t("Parts: {count}, projects: {projects}", { count: group.parts, projects: group.projects }), " · ", h("span.f-quiet", {}, ready)),
    button(t("Open the batch"), open, { sign: "rectangle-stack", name: `open-${group.key}`, disabled: !may || waits.has(group.key) }),
  ];
}

/** Send at once, and say what became of it: done, refused and why, or kept until the network is back. */
async function send(payload, label, done, refresh) {
  const key = await act("batch", payload, { label });
  if (!key) return;
  await soon();
  const entry = (await entries()).find((one) => one.key === key);
  if (entry?.state === "refused") toast(entry.error, "bad");
  else toast(entry && entry.state !== "sent" ? t("not sent yet") : done, entry && entry.state !== "sent" ? "info" : "ok");
  refresh();
}
