// Sending what waits: in order, steps before photos (but for the photos that a step waits for), each until the server
// has said what became of it. Nothing is forgotten before that.
import { NetError, ask, askJson, fetchDay, postJson } from "./net.js";
import { travelling } from "./outbox.js";
import * as store from "./store.js";
import { config } from "./words.js";

const FIRST_WAIT = 2000;
const LONGEST_WAIT = 60_000;
const QUIET = 45_000; // between two looks at the day when nothing happens

export const state = { kind: "starting", at: null };
let running = null;
let again = false;
let timer = 0;
let failures = 0;
let onAccount = async () => true;

/** Start sending: now, when the network returns, when the screen is looked at again, and by a timer that slows down. */
export function startSync(accountSeen) {
  onAccount = accountSeen;
  addEventListener("online", () => soon());
  addEventListener("offline", () => setState("offline"));
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && soon());
  soon();
}

/** Synchronise at once; a synchronisation that runs is followed by another. */
export function soon() {
  failures = 0;
  return sync();
}

export function sync() {
  if (running) {
    again = true;
    return running;
  }
  clearTimeout(timer);
  running = exclusively(round).finally(() => {
    running = null;
    const wait = again ? 0 : failures ? backOff() : QUIET;
    again = false;
    timer = setTimeout(sync, wait);
  });
  return running;
}

/** One window of this device at a time sends. */
function exclusively(work) {
  return navigator.locks ? navigator.locks.request("thermo-floor-sync", work) : work();
}

function backOff() {
  const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(failures - 1, 6));
  return wait * (0.75 + Math.random() / 2);
}

function setState(kind) {
  state.kind = kind;
  state.at = new Date().toISOString();
  store.changed();
}

async function round() {
  if (state.kind !== "online") setState(navigator.onLine ? "trying" : "offline");
  try {
    if (!(await onAccount())) return;
    await sendActions();
    await takeDay();
    failures = 0;
    setState("online");
  } catch (error) {
    failures += 1;
    if (!(error instanceof NetError)) {
      setState("busy");
      throw error;
    }
    setState(error.kind);
    if (["withdrawn", "gone", "signedout"].includes(error.kind)) await onAccount(error);
  }
}

/** The projects that were looked at last: they stay here though they are not in the day's queue, or no longer. */
const carried = new Set();
const MOST_CARRIED = 30;

export function carry(pk) {
  carried.delete(pk);
  carried.add(pk);
}

async function takeDay() {
  const account = await store.currentAccount();
  if (!account || (account.tablet && !account.operator)) return;
  const entries = await store.entries();
  const sent = entries.filter((entry) => entry.state === "sent").map((entry) => entry.key);
  const known = await store.fact("etag");
  const wanted = [...carried].reverse().concat(entries.map((entry) => entry.payload.project).filter(Boolean));
  const found = await fetchDay(known, [...new Set(wanted)].slice(0, MOST_CARRIED));
  if (found) await store.keepDay(found.day, found.etag);
  if (sent.length) await store.dropSent(sent);
}

const waits = (entry) => entry.state === "waiting" || entry.state === "later";
const isPicture = (entry) => entry.kind === "photo" || (entry.kind === "caption" && entry.payload.photo_key);

/** Everything that waits, steps first; an entry that appears meanwhile is sent by the next round.
 *  What the server asks to keep (it has no room for the photo that a step demands) holds what follows in its project. */
async function sendActions() {
  const waiting = (await store.entries()).filter(waits);
  const pictures = new Map(waiting.filter(isPicture).map((entry) => [entry.key, entry]));
  const held = new Map(); // project: why
  let batch = [];
  const flush = async () => {
    const answers = batch.length ? await sendBatch(batch) : [];
    for (const answer of answers) {
      const kept = answer.outcome === "later" && batch.find((entry) => entry.key === answer.key);
      if (kept) held.set(kept.payload.project, answer.reason);
    }
    batch = [];
  };
  for (const entry of waiting.filter((one) => !isPicture(one))) {
    for (const key of entry.payload.photos || []) {
      const needed = pictures.get(key);
      if (!needed) continue;
      await flush();
      const why = await sendPicture(needed);
      if (why) held.set(needed.payload.project, why);
      pictures.delete(key);
    }
    const why = held.get(entry.payload.project) || (entry.kind === "batch" && [...held.values()][0]);
    if (why) {
      held.set(entry.payload.project, why);
      await store.changeEntry(entry.key, { state: "later", error: why });
      continue;
    }
    batch.push(entry);
    if (batch.length >= config.limits.batch) await flush();
  }
  await flush();
  for (const entry of pictures.values()) await sendPicture(entry);
}

/** Send a photo; why the server asks to keep it, if it does. */
async function sendPicture(entry) {
  if (entry.kind === "photo" && !(await sendBytes(entry))) return "";
  const [answer] = await sendBatch([entry]);
  return answer?.outcome === "later" ? answer.reason : "";
}

/** Send a photo's bytes from where the server has them; false when the photo is not on the device any more. */
async function sendBytes(entry) {
  const picture = await store.photo(entry.key);
  if (!picture) {
    await store.changeEntry(entry.key, { state: "refused", error: "lost" });
    return false;
  }
  const url = `${config.urls.uploads}${entry.key}/`;
  let { received, done } = await askJson(url);
  if (done) return true;
  while (received < picture.size) {
    const piece = picture.blob.slice(received, received + config.limits.chunk);
    const headers = { "Upload-Offset": received, "Upload-Length": picture.size, "Content-Type": "application/octet-stream" };
    let told;
    try {
      told = await askJson(url, { method: "PUT", body: piece, headers, seconds: 60 });
    } catch (error) {
      if (error.kind !== "refused") throw error;
      await store.changeEntry(entry.key, { state: "refused", error: error.reason });
      return false;
    }
    if (told.done) return true;
    if (told.received <= received) throw new NetError("busy");
    received = told.received;
    await store.changeEntry(entry.key, { sent: received });
  }
  return true;
}

async function sendBatch(batch) {
  for (const entry of batch) await store.changeEntry(entry.key, { tries: entry.tries + 1 });
  let told;
  try {
    told = await postJson(config.urls.actions, { now: new Date().toISOString(), actions: batch.map(travelling) });
  } catch (error) {
    if (error.kind === "withdrawn" && error.body?.answers) await settle(batch, error.body.answers);
    else for (const entry of batch) await store.changeEntry(entry.key, { error: error.reason || error.kind });
    throw error;
  }
  await settle(batch, told.answers);
  return told.answers;
}

async function settle(batch, answers) {
  const byKey = new Map(answers.map((answer) => [answer.key, answer]));
  for (const entry of batch) {
    const answer = byKey.get(entry.key);
    if (!answer) continue;
    if (answer.outcome === "applied" || answer.outcome === "conflict") await store.markSent(entry.key);
    else await store.changeEntry(entry.key, { state: answer.outcome, error: answer.reason });
  }
}

/** Ask for the part with a number that this device does not carry; null when the workshop does not have it. */
export async function findPart(code) {
  try {
    const found = await askJson(`${config.urls.part}?code=${encodeURIComponent(code)}`);
    await store.keepProject(found.project);
    carry(found.project.pk);
    return found;
  } catch (error) {
    if (error.kind === "unknown") return null;
    throw error;
  }
}

/** Keep one side of a conflict. */
export async function decide(pk, choice) {
  await ask(`${config.urls.conflicts}${pk}/`, { method: "POST", body: new URLSearchParams({ choice }) });
  await store.setFact("etag", "");
  await soon();
}
