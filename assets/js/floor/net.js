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

/** Fetch one of the workshop mode's addresses; a NetError for anything but an answer. */
export async function ask(url, { method = "GET", body, headers = {}, seconds = 30 } = {}) {
  const cut = new AbortController();
  const timer = setTimeout(() => cut.abort(), seconds * 1000);
  let answer;
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
  } catch {
    throw new NetError("offline");
  } finally {
    clearTimeout(timer);
  }
  if (answer.ok || answer.status === 304) return answer;
  if (answer.type === "opaqueredirect" || answer.status === 401) throw new NetError("signedout");
  const told = (answer.headers.get("Content-Type") || "").includes("json") ? await answer.json() : null;
  if (answer.status === 403 && told?.code === "withdrawn") throw new NetError("withdrawn", told.reason, told);
  if (answer.status === 403) throw new NetError("closed", told?.reason);
  if (answer.status === 404) throw new NetError("gone", told?.reason);
  if (answer.status >= 500 || answer.status === 429) throw new NetError("busy");
  throw new NetError("refused", told?.reason, told);
}

export async function askJson(url, options) {
  return (await ask(url, options)).json();
}

export const postJson = (url, value) =>
  askJson(url, { method: "POST", body: JSON.stringify(value), headers: { "Content-Type": "application/json" } });

export const postForm = (url, values) => askJson(url, { method: "POST", body: new URLSearchParams(values) });

/** The day, or null when nothing has changed since `etag`. */
export async function fetchDay(etag) {
  const answer = await ask(config.urls.day, { headers: etag ? { "If-None-Match": etag } : {} });
  return answer.status === 304 ? null : { day: await answer.json(), etag: answer.headers.get("ETag") };
}
