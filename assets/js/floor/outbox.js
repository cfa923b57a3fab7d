// What is done on the device: written first, signed by whoever does it, shown until the server has it.
import { sign } from "./seals.js";
import { addEntries, isFull } from "./store.js";
import { toast } from "./dom.js";
import { t } from "./words.js";

let operator = null; // {pk, name, key} on a shared tablet
let latest = null; // the key of whoever acted last
const typing = [];

/** Have what is being typed forgotten when somebody else sits down: nobody signs another's words. */
export const forgetWith = (forget) => typing.push(forget);

/** Who acts from now on; null when the tablet is locked, or on a device of one's own. */
export function actAs(person) {
  operator = person;
  if (!person) return;
  if (latest !== null && latest !== person.pk) for (const forget of typing) forget();
  latest = person.pk;
}

export const actingOperator = () => operator;

/** A key that sorts by time (RFC 9562, version 7). */
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const now = Date.now();
  for (let place = 0; place < 6; place += 1) bytes[place] = Math.floor(now / 2 ** (40 - 8 * place)) % 256;
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const text = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return text.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** Write an action, as `actAll`; its key once it is on the disk, or null when it could not be written (which is said). */
export async function act(kind, payload, options = {}) {
  const key = options.key || newKey();
  return (await actAll([{ kind, payload, ...options, key }])) ? key : null;
}

/** Write actions, all or none; false when they could not be, which is said. A key that is there already is written once. */
export async function actAll(wanted) {
  try {
    await addEntries(await Promise.all(wanted.map(made)));
  } catch (error) {
    toast(isFull(error)
      ? t("This tablet has no room left: this was NOT recorded. Send what waits, or free some room, then do it again.")
      : t("This tablet could not write it: this was NOT recorded. Do it again; if it fails again, start the tablet anew."), "bad");
    if (!isFull(error)) reportError(error);
    return false;
  }
  return true;
}

/** An action as it is kept, signed by whoever sits at a shared tablet. */
async function made({ kind, payload, key, base = {}, label = "", picture = null }) {
  const told = { key, kind, made_at: new Date().toISOString(), payload, base };
  const entry = { ...told, label, state: "waiting", tries: 0, error: "", by: operator?.name || "" };
  if (operator) {
    entry.operator = operator.pk;
    entry.signed = JSON.stringify(told);
    entry.signature = await sign(operator.key, entry.signed);
  }
  return { entry, picture };
}

/** The action as it travels. */
export function travelling(entry) {
  if (entry.signed) return { operator: entry.operator, signed: entry.signed, signature: entry.signature };
  const { key, kind, made_at, payload, base } = entry;
  return { key, kind, made_at, payload, base };
}
