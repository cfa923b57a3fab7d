import { csrfToken, each } from "./dom.js";

const SIDE = 4096; // longest side after a reduction on the device, in pixels
const ATTEMPTS = 3; // of a photo whose answer is lost: its key tells the server that it is the same one
const QUALITIES = [0.9, 0.8, 0.7];

const keys = new Map(); // of the files that have not arrived for sure, so that choosing one again adds it once

/** form[data-photo-form]: the chosen photos leave at once, one by one, each with its own state. */
export function startPhotoForms() {
  each("form[data-photo-form]", (form) => {
    const input = form.querySelector("input[type=file]");
    form.querySelector("[data-photo-send]").hidden = true;
    input.addEventListener("change", () => sendAll(form, [...input.files], input));
  });
}

async function sendAll(form, files, input) {
  if (!files.length) return;
  input.disabled = true;
  const lines = files.map((file) => addLine(form, file));
  for (const [index, file] of files.entries()) await sendOne(form, file, lines[index]);
  input.value = "";
  input.disabled = false;
  form.querySelector(".file-drop-names").textContent = "";
  window.htmx.ajax("GET", form.dataset.grid, { target: "#photo-grid", swap: "outerHTML" });
}

function addLine(form, file) {
  const line = document.createElement("li");
  line.append(Object.assign(document.createElement("span"), { textContent: file.name }), document.createElement("strong"));
  form.querySelector("[data-photo-sending]").append(line);
  return line;
}

function say(line, text, state) {
  line.lastElementChild.textContent = text;
  line.dataset.state = state;
}

async function sendOne(form, file, line) {
  const largest = Number(form.dataset.largest);
  try {
    let photo = file;
    if (file.size > largest) {
      say(line, form.dataset.textReducing, "busy");
      photo = (await reduce(file, largest)) || file;
    }
    say(line, form.dataset.textSending, "busy");
    const answer = await persist(form, photo, file);
    say(line, answer.refused?.join(" ") || form.dataset.textDone, answer.refused?.length ? "bad" : "ok");
    if (!answer.refused?.length) setTimeout(() => line.remove(), 4000);
  } catch {
    say(line, form.dataset.textFailed, "bad");
  }
}

async function persist(form, photo, file) {
  const known = `${form.action} ${file.name} ${file.size} ${file.lastModified}`;
  if (!keys.has(known)) keys.set(known, crypto.randomUUID?.() ?? "");
  for (let attempt = 1; ; attempt += 1) {
    try {
      const answer = await post(form, photo, file.name, keys.get(known));
      keys.delete(known);
      return answer;
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
      await new Promise((done) => setTimeout(done, 1000 * attempt));
    }
  }
}

async function post(form, photo, name, key) {
  const body = new FormData(form);
  body.set("key", key);
  body.delete("photos");
  const token = photo.size <= Number(form.dataset.largest) && form.dataset.slot ? await sendToStorage(form.dataset.slot, photo) : "";
  if (token) body.append("slot", token);
  else body.append("photos", photo, name);
  const response = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
  if (!(response.headers.get("content-type") || "").includes("json")) throw new Error(`${response.status}`);
  return response.json();
}

/** Put the photo straight into the storage where the server offers it; the token to give back, or "". */
async function sendToStorage(address, photo) {
  const asked = await fetch(address, { method: "POST", headers: { "X-CSRFToken": csrfToken(), Accept: "application/json" } });
  if (!asked.ok) return "";
  const { url, fields, token } = await asked.json();
  const body = new FormData();
  for (const [key, value] of Object.entries(fields)) body.append(key, value);
  body.append("file", photo);
  const sent = await fetch(url, { method: "POST", body }).catch(() => null);
  return sent?.ok ? token : "";
}

/** A smaller JPEG of a photo that is too heavy, turned as it is seen; null when this browser cannot read it. */
export async function reduce(file, largest) {
  const bitmap = await createImageBitmap(file).catch(() => null);
  if (!bitmap) return null;
  const ratio = Math.min(1, SIDE / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(bitmap.width * ratio);
  canvas.height = Math.round(bitmap.height * ratio);
  canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  for (const quality of QUALITIES) {
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", quality));
    if (blob && blob.size <= largest) return blob;
  }
  return null;
}
