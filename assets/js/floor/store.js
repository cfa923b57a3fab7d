// What the device keeps, in IndexedDB: one database for each account of each workshop, and a register of them.
// Whatever is written here is written to the disk before the screen says so.
import Dexie from "dexie";
import { config } from "./words.js";

const DURABLE = { chromeTransactionDurability: "strict" };
export const REGISTER = "thermo-floor";

const register = new Dexie(REGISTER, DURABLE);
register.version(1).stores({ accounts: "workshop", settings: "name" });

let db = null;
let account = null;
const listeners = new Set();

/** Call `listener` after each change of what the device keeps. */
export function onChange(listener) {
  listeners.add(listener);
}

export function changed() {
  for (const listener of listeners) listener();
}

function databaseOf(key) {
  return `${REGISTER}-${config.workshop.pk}-${key}`;
}

function opened(key) {
  const made = new Dexie(databaseOf(key), DURABLE);
  made.version(1).stores({
    facts: "name",
    projects: "pk",
    outbox: "++seq, &key",
    photos: "key",
    seats: "pk",
  });
  made.version(2).stores({ drafts: "name" });
  return made;
}

/** The account that this device belongs to in this workshop, as it was last seen; null before the first visit. */
export async function currentAccount() {
  if (account) return account;
  const known = await register.accounts.get(config.workshop.pk);
  if (known) await enter(known.account);
  return account;
}

/** Make this the account of the device; another one's data must have been wiped before. */
export async function enter(entered) {
  if (!account || account.key !== entered.key) {
    db?.close();
    db = opened(entered.key);
    await db.open();
  }
  account = entered;
  await register.accounts.put({ workshop: config.workshop.pk, account: entered, database: databaseOf(entered.key) });
}

/** Forget everything of the account: projects, actions, photos, keys. */
export async function wipe() {
  const name = account ? databaseOf(account.key) : null;
  db?.close();
  db = null;
  account = null;
  await register.accounts.delete(config.workshop.pk);
  if (name) await Dexie.delete(name);
  changed();
}

/** How many actions wait on this device under this account, in every workshop that it has: a sign-out empties them all. */
export async function countUnsent() {
  let count = 0;
  for (const { account: other, database } of await register.accounts.toArray()) {
    if (other.key !== account?.key || !(await Dexie.exists(database))) continue;
    const found = database === databaseOf(account.key) ? db : await new Dexie(database, DURABLE).open();
    const rows = await found.table("outbox").toArray();
    count += rows.filter((row) => row.state === "waiting" || row.state === "later").length;
    if (found !== db) found.close();
  }
  return count;
}

export async function setting(name) {
  return (await register.settings.get(name))?.value;
}

export async function setSetting(name, value) {
  await register.settings.put({ name, value });
}

export async function fact(name) {
  return db ? (await db.facts.get(name))?.value : undefined;
}

export async function setFact(name, value) {
  await db.facts.put({ name, value });
}

/** Replace the day by what the server says. */
export async function keepDay(day, etag) {
  await db.transaction("rw", db.projects, db.facts, async () => {
    await db.projects.clear();
    await db.projects.bulkPut(day.projects.map((project, rank) => ({ ...project, rank })));
    const { projects, ...rest } = day;
    await db.facts.bulkPut([
      { name: "day", value: { ...rest, at: new Date().toISOString() } },
      { name: "etag", value: etag },
    ]);
  });
  changed();
}

export async function keepProject(project) {
  const known = await db.projects.get(project.pk);
  await db.projects.put({ ...project, rank: known?.rank ?? 10_000 });
  changed();
}

export const projects = async () => (db ? (await db.projects.toArray()).sort((one, other) => one.rank - other.rank) : []);
export const entries = async () => (db ? db.outbox.orderBy("seq").toArray() : []);
export const seats = async () => (db ? db.seats.toArray() : []);
export const seat = async (pk) => db?.seats.get(pk);
export const keepSeat = async (row) => db.seats.put(row);
export const dropSeat = async (pk) => db.seats.delete(pk);
/** What is begun and not declared yet: {name, owner, at, typed}; `owner` is who sits at a shared tablet. Its photos stand
 *  with those that wait to be sent: what is typed is not written anew with them, nor behind them. */
export const drafts = async () => (db ? db.drafts.toArray() : []);
export const keepDraft = async (row) => db?.drafts.put(row);
export const keepPhoto = async (row) => db?.photos.put(row);

/** Forget what was begun, and its `photos` but for those that wait to be sent. */
export async function dropDraft(name, photos) {
  await db?.transaction("rw", db.drafts, db.photos, db.outbox, async () => {
    await db.drafts.delete(name);
    const keys = photos.map(({ key }) => key);
    const sent = new Set((await db.outbox.where("key").anyOf(keys).toArray()).map(({ key }) => key));
    await db.photos.bulkDelete(keys.filter((key) => !sent.has(key)));
  });
}

export const photo = async (key) => db?.photos.get(key);

/** Write actions with their photos, all or none, before anything else happens; a key that is there already stays as it
 *  is. A QuotaExceededError when the device is full. */
export async function addEntries(made) {
  await db.transaction("rw", db.outbox, db.photos, async () => {
    for (const { entry, picture } of made) {
      if (await db.outbox.where("key").equals(entry.key).count()) continue;
      if (picture) await db.photos.put({ key: entry.key, ...picture });
      await db.outbox.add(entry);
    }
  });
  changed();
}

export async function changeEntry(key, changes) {
  await db?.outbox.where("key").equals(key).modify(changes);
  changed();
}

/** The server has it: its bytes go now, its effect stays on the screen until the day says it too. */
export async function markSent(key) {
  await db.transaction("rw", db.outbox, db.photos, async () => {
    await db.outbox.where("key").equals(key).modify({ state: "sent", error: "" });
    await db.photos.delete(key);
  });
  changed();
}

/** The day is newer than what was sent before it was asked for. */
export async function dropSent(keys) {
  await db.outbox.where("key").anyOf(keys).delete();
  changed();
}

/** The action is on the server, or the person has read why not. */
export async function dropEntry(key) {
  await db?.transaction("rw", db.outbox, db.photos, async () => {
    await db.outbox.where("key").equals(key).delete();
    await db.photos.delete(key);
  });
  changed();
}

/** Whether the device had no room for what was written. */
export function isFull(error) {
  const names = [error?.name, error?.inner?.name, error?.message].join(" ");
  return /QuotaExceeded/i.test(names);
}

/** Ask the browser never to make room by removing what is kept here. */
export async function askToPersist() {
  try {
    await navigator.storage?.persist?.();
  } catch {
    // The browser decides; what is kept is kept as long as it can be.
  }
}
