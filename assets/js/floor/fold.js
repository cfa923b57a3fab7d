// What the screen shows: the day as the server told it, with what was done here since. Pure.

const PENDING = new Set(["waiting", "later"]);
/** The server has it, the day that this device keeps does not yet. */
const SHOWN = new Set([...PENDING, "sent"]);

/** The project with the actions that wait put over it. */
export function fold(project, entries) {
  const shown = { ...project, steps: project.steps.map((step) => ({ ...step })), parts: project.parts.map((part) => ({ ...part })),
    photos: project.photos.map((photo) => ({ ...photo })) };
  shown.pending = 0;
  shown.shots = [];
  for (const entry of entries) {
    if (!SHOWN.has(entry.state) || entry.payload.project !== project.pk) continue;
    if (PENDING.has(entry.state)) shown.pending += 1;
    const put = PUT[entry.kind];
    if (put) put(shown, entry);
  }
  shown.current = shown.sentBack ? null : shown.steps.find((step) => !step.done_at) || null;
  shown.done = shown.steps.filter((step) => step.done_at).length;
  return shown;
}

const PUT = {
  step(project, { payload, made_at, by, state }) {
    const step = project.steps.find((one) => one.pk === payload.step);
    if (step && !step.done_at) Object.assign(step, { done_at: made_at, done_by: by, comment: payload.comment, waits: state !== "sent" });
  },
  part(project, { payload, state }) {
    const part = project.parts.find((one) => one.pk === payload.part);
    const { coats, primer, varnish, curing_celsius, curing_minutes } = payload;
    if (part) Object.assign(part, { coats, primer, varnish, curing_celsius, curing_minutes, waits: state !== "sent" });
  },
  note(project, { payload }) {
    project.note = payload.text;
  },
  nc(project, { payload }) {
    project.sentBack = payload.defectName;
  },
  caption(project, { payload }) {
    const photo = project.photos.find((one) => one.pk === payload.photo);
    if (photo) photo.caption = payload.text;
  },
  photo(project, entry) {
    project.shots.push({ key: entry.key, step: entry.payload.step, caption: entry.payload.caption });
  },
};

/** How many actions wait, since when, and whether one of them needs somebody. */
export function tally(entries) {
  const waiting = entries.filter((entry) => PENDING.has(entry.state));
  return {
    waiting: waiting.length,
    since: waiting.length ? waiting.map((entry) => entry.made_at).sort()[0] : null,
    told: entries.filter((entry) => !SHOWN.has(entry.state)).length,
  };
}

/** Whether a project is late today. */
export const isLate = (project, today) => Boolean(project.promised_on && project.promised_on < today);
