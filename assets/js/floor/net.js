// Talking to the server, and saying in one word what went wrong.
import { config } from "./words.js";

/** `kind`: offline, signedout, withdrawn, gone (404), closed (the workshop may not write), busy, refused. */
export class NetError extends Error {
  constructor(kind, reason = "", body = null) {
    super(reason || kind);
    this.kind = kind;
    this.reason = reason;
    this.body = body;
  }
}

const token = () => document.cookie.match(/(?:^|;\s*)csrftoken=([^;]+)/)?.[1] || "";

/** Fetch one of the workshop mode's addresses: {status, headers, told}, `told` being its JSON or null; a NetError for
 *  anything but an answer. The time is for all of it: a line may stall in the middle of an answer. */
export async function ask(url, { method = "GET", body, headers = {}, seconds = 30 } = {}) {
  const cut = new AbortController();
  const timer = setTimeout(() => cut.abort(), seconds * 1000);
  let answer;
  let text;
  try {
    answer = await fetch(url, {
      method,
      body,
      headers: { Accept: "application/json", "X-CSRFToken": token(), ...headers },
      redirect: "manual",
      credentials: "same-origin",
      cache: "no-store",
      signal: cut.signal,
    });
    text = await answer.text();
  } catch {
    throw new NetError("offline");
  } finally {
    clearTimeout(timer);
  }
  const told = (answer.headers.get("Content-Type") || "").includes("json") ? parsed(text) : null;
  if (answer.ok || answer.status === 304) return { status: answer.status, headers: answer.headers, told };
  if (answer.type === "opaqueredirect" || answer.status === 401) throw new NetError("signedout");
  if (answer.status === 403 && told?.code === "withdrawn") throw new NetError("withdrawn", told.reason, told);
  if (answer.status === 403) throw new NetError("closed", told?.reason);
  // Only the workshop says that there is nothing for us any more: what is kept here goes then. Anybody else's "not found"
  // (a server that is being replaced) is a server that does not answer well.
  if (answer.status === 404 && told?.code === "gone") throw new NetError("gone", told.reason);
  if (answer.status === 404 && told) throw new NetError("unknown", told.reason);
  if (answer.status >= 500 || answer.status === 429 || !told) throw new NetError("busy");
  throw new NetError("refused", told?.reason, told);
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null; // cut on its way
  }
}

export async function askJson(url, options) {
  const { told } = await ask(url, options);
  if (!told) throw new NetError("busy");
  return told;
}

export const postJson = (url, value) =>
  askJson(url, { method: "POST", body: JSON.stringify(value), headers: { "Content-Type": "application/json" } });

export const postForm = (url, values) => askJson(url, { method: "POST", body: new URLSearchParams(values) });

/** The day, with these projects besides; null when nothing has changed since `etag`. */
export async function fetchDay(etag, carried) {
  const answer = await ask(`${config.urls.day}?avec=${carried.join(",")}`, { headers: etag ? { "If-None-Match": etag } : {} });
  if (answer.status === 304) return null;
  if (!answer.told) throw new NetError("busy");
  return { day: answer.told, etag: answer.headers.get("ETag") };
}
