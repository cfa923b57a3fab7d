// Who acts on a shared tablet. The server gives each operator a key at this tablet; it is kept sealed by their code
// (PBKDF2, AES-GCM), so that the code can be checked without network, and it signs each action when it is made.
import { dropSeat, keepSeat, seat } from "./store.js";

const ROUNDS = 310_000;
const TRIES = 5;
const LOCKED_MS = 5 * 60_000;
const encoder = new TextEncoder();

const hex = (bytes) => [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const bytesOf = (text) => new Uint8Array(text.match(/../g).map((pair) => parseInt(pair, 16)));

async function lockOf(code, salt) {
  const material = await crypto.subtle.importKey("raw", encoder.encode(code), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS };
  return crypto.subtle.deriveKey(how, material, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

const signingKey = (key) =>
  crypto.subtle.importKey("raw", bytesOf(key), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);

/** Keep an operator's key under their code; the key that signs. */
export async function seal(operator, code, key) {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await lockOf(code, salt), encoder.encode(key));
  await keepSeat({ ...operator, salt, iv, sealed, failures: 0, lockedUntil: 0 });
  return signingKey(key);
}

/** Open a key without network: {key}, or {left}, {lockedUntil}, or {unknown} for somebody new at this tablet. */
export async function unseal(operator, code) {
  const kept = await seat(operator.pk);
  if (!kept) return { unknown: true };
  if (kept.lockedUntil > Date.now()) return { lockedUntil: kept.lockedUntil };
  try {
    const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: kept.iv }, await lockOf(code, kept.salt), kept.sealed);
    await keepSeat({ ...kept, failures: 0, lockedUntil: 0 });
    return { key: await signingKey(new TextDecoder().decode(plain)) };
  } catch {
    const failures = kept.failures + 1;
    const locked = failures >= TRIES;
    const lockedUntil = locked ? Date.now() + LOCKED_MS : 0;
    await keepSeat({ ...kept, failures: locked ? 0 : failures, lockedUntil });
    return locked ? { lockedUntil } : { left: TRIES - failures };
  }
}

/** Forget an operator who may not use this tablet any more. */
export const forgetSeat = (pk) => dropSeat(pk);

/** The signature of a text. */
export async function sign(key, text) {
  return hex(await crypto.subtle.sign("HMAC", key, encoder.encode(text)));
}

/** The fingerprint of a photo. */
export async function fingerprint(blob) {
  return hex(await crypto.subtle.digest("SHA-256", await blob.arrayBuffer()));
}
