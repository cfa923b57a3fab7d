// What the screen shows: the day as the server told it, with what was done here since. Pure.

const PENDING = new Set(["waiting", "later"]);

/** The project with the actions that wait put over it. */
export function fold(project, entries) {
  const shown = { ...project, steps: project.steps.map((step) => ({ ...step })), parts: project.parts.map((part) => ({ ...part })) };
  shown.pending = 0;
  shown.shots = [];
  for (const entry of entries) {
    if (!PENDING.has(entry.state) || entry.payload.project !== project.pk) continue;
    shown.pending += 1;
    const put = PUT[entry.kind];
    if (put) put(shown, entry);
  }
  shown.current = shown.sentBack ? null : shown.steps.find((step) => !step.done_at) || null;
  shown.done = shown.steps.filter((step) => step.done_at).length;
  return shown;
}

const PUT = {
  step(project, { payload, made_at, by }) {
    const step = project.steps.find((one) => one.pk === payload.step);
    if (step && !step.done_at) Object.assign(step, { done_at: made_at, done_by: by, comment: payload.comment, waits: true });
  },
  part(project, { payload }) {
    const part = project.parts.find((one) => one.pk === payload.part);
    const { coats, primer, varnish, curing_celsius, curing_minutes } = payload;
    if (part) Object.assign(part, { coats, primer, varnish, curing_celsius, curing_minutes, waits: true });
  },
  note(project, { payload }) {
    project.note = payload.text;
  },
  nc(project, { payload }) {
    project.sentBack = payload.defectName;
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
    told: entries.filter((entry) => !PENDING.has(entry.state)).length,
  };
}

/** Whether a project is late today. */
export const isLate = (project, today) => Boolean(project.promised_on && project.promised_on < today);
