// What the screen shows: the day as the server told it, with what was done here since. Pure.

const PENDING = new Set(["waiting", "later"]);
/** The server has it, the day that this device keeps does not yet. */
const SHOWN = new Set([...PENDING, "sent"]);

/** The project with the actions that wait put over it; `powders` are those that a part may be given. */
export function fold(project, entries, powders = []) {
  const shown = { ...project, steps: project.steps.map((step) => ({ ...step })), parts: project.parts.map((part) => ({ ...part })),
    photos: project.photos.map((photo) => ({ ...photo })) };
  shown.pending = 0;
  shown.shots = [];
  for (const entry of entries) {
    if (!SHOWN.has(entry.state) || entry.payload.project !== project.pk) continue;
    if (PENDING.has(entry.state)) shown.pending += 1;
    const put = PUT[entry.kind];
    if (put) put(shown, entry, powders);
  }
  shown.current = shown.sentBack ? null : shown.steps.find((step) => !step.done_at) || null;
  shown.done = shown.steps.filter((step) => step.done_at).length;
  return shown;
}

const PUT = {
  step(project, { payload, made_at, by, state }) {
    const step = find(project, payload.step);
    const { comment, answers } = payload;
    if (step && !step.done_at) Object.assign(step, { done_at: made_at, done_by: by, comment, answers, waits: state !== "sent" });
  },
  part(project, { payload, state }, powders) {
    const part = project.parts.find((one) => one.pk === payload.part);
    if (!part) return;
    const { coats, primer, varnish, curing_celsius, curing_minutes } = payload;
    const same = (part.powder?.pk ?? null) === payload.powder;
    const powder = same ? part.powder : powders.find((one) => one.pk === payload.powder) || null;
    Object.assign(part, { powder, coats, primer, varnish, curing_celsius, curing_minutes, waits: state !== "sent" });
  },
  note(project, { payload }) {
    project.note = payload.text;
  },
  nc(project, entry) {
    if (!sendBack(project, entry)) project.sentBack = entry.payload.defectName;
  },
  caption(project, { payload }) {
    const photo = project.photos.find((one) => one.pk === payload.photo);
    if (photo) photo.caption = payload.text;
  },
  photo(project, entry) {
    project.shots.push({ key: entry.key, step: find(project, entry.payload.step)?.pk ?? entry.payload.step, caption: entry.payload.caption });
  },
};

/**
 * The steps that a declaration adds, as the workshop's rules say (app/projects/services/quality.py), before the server
 * has them: each is known by the declaration, its rank, and whether it is the rework. False when this cannot be told.
 */
function sendBack(project, { key, payload }) {
  const { steps } = project;
  if (!steps.every((step) => Number.isInteger(step.rank))) return false;
  const waiting = steps.filter((step) => !step.done_at);
  const until = Math.min(...waiting.filter((step) => !step.rework).map((step) => step.rank));
  const models = [];
  let first;
  if (payload.return_to === null) {
    if (waiting.some((step) => step.rework)) return true;
    if (!project.rework) return false;
    models.push({ ...project.rework, rework: true });
    first = project.rework.rank + 1;
  } else {
    const target = find(project, payload.return_to);
    if (!target?.done_at || target.rework) return false;
    first = target.rank;
  }
  const latest = new Map(steps.filter((step) => step.done_at && !step.rework).map((step) => [step.rank, step]));
  const again = [...latest.keys()].filter((rank) => rank >= first && rank < until).sort((one, other) => one - other);
  models.push(...again.map((rank) => latest.get(rank)));
  if (!models.length) return true;
  const current = Math.max(1, ...steps.map((step) => step.pass));
  const pass = steps.some((step) => step.done_at && step.pass === current) ? current + 1 : current;
  const added = models.map((model) => ({ ...model, pk: `${key}:${model.rank}:${model.rework ? 1 : 0}`, pass, rework: Boolean(model.rework),
    done_at: null, done_by: "", comment: "", answers: [], waits: false }));
  for (const step of waiting) step.pass = pass;
  project.steps = [...steps.filter((step) => step.done_at), ...added, ...waiting];
  return true;
}

/** The step of a key; for one that a declaration has added, the server's once it is there. */
function find(project, ref) {
  const same = project.steps.find((one) => one.pk === ref);
  if (same || typeof ref !== "string") return same;
  const [, rank, rework] = ref.split(":").map(Number);
  return project.steps.findLast((one) => one.rank === rank && Boolean(one.rework) === (rework === 1));
}

/** How many actions wait, since when, and whether one of them needs somebody. */
export function tally(entries) {
  const waiting = entries.filter((entry) => PENDING.has(entry.state));
  return {
    waiting: waiting.length,
    since: waiting.length ? waiting.map((entry) => entry.made_at).sort()[0] : null,
    told: entries.filter((entry) => !SHOWN.has(entry.state)).length,
  };
}

/** Whether a failed item holds the work back when `step` would end it with these answers (app/projects/services/working.py). */
export function isHeldBack(project, step, answers) {
  if (project.steps.some((other) => !other.done_at && other !== step)) return false;
  const latest = new Map(project.steps.map((one) => [`${one.rank} ${one.rework}`, one]));
  return [...latest.values()].some((one) => one.blocks && (one === step ? answers : one.answers || []).includes("fail"));
}

const midnight = (at) => new Date(at.getFullYear(), at.getMonth(), at.getDate());

/** The date: the server's, and the days that this device has counted since it was told; its clock may be wrong by years. */
export function dateOf(day, now = new Date()) {
  const since = Math.max(0, Math.round((midnight(now) - midnight(new Date(day.at))) / 86_400_000));
  const [year, month, date] = day.today.split("-").map(Number);
  return new Date(Date.UTC(year, month - 1, date + since)).toISOString().slice(0, 10);
}

/** Whether a project is late today. */
export const isLate = (project, today) => Boolean(project.promised_on && project.promised_on < today);
