// Finding a part or a carton: by the camera, by a scanner that types, or by typing its number.
import { readCode } from "../codes.js";
import { h } from "../dom.js";
import { button, head } from "../pieces.js";
import { findPart } from "../sync.js";
import * as store from "../store.js";
import { config, t } from "../words.js";

/** The camera from the tap that opens it: its picture stays while the screen is drawn again around it. */
let camera = null;
let said = "";

/** Stop the camera: the screen is left, or something was found. */
export function stopCamera() {
  camera?.end();
  camera = null;
}

/** Where a number leads, or why nowhere. */
export async function lookUp(text) {
  const read = readCode(text, config.workshop.pk);
  if (read.error === "foreign") return { why: t("Unknown number.") };
  if (read.error === "shape") return { why: t("A part number has six characters or a few more, such as GTM4DT.") };
  if (read.error) return { why: t("This number is mistyped: one character is wrong. Look at the label again.") };
  if (read.carton) {
    const carton = (await store.fact("day"))?.stock?.cartons.find((one) => one.number === read.carton);
    return carton ? { to: `#/peser/${carton.pk}` } : { why: t("Unknown carton") };
  }
  for (const project of await store.projects()) {
    const part = project.parts.find((one) => one.code === read.code);
    if (part) return { to: `#/projet/${project.pk}/${part.pk}` };
  }
  try {
    const found = await findPart(read.code);
    return found ? { to: `#/projet/${found.project.pk}/${found.part}` } : { why: t("Unknown number.") };
  } catch {
    return { why: t("This part is not in today's work, and there is no network to ask.") };
  }
}

/** At once, though the number is still being typed and the screen waits to be drawn again. */
function tell() {
  const place = document.getElementById("code-said");
  if (place) place.textContent = said;
}

export function scan({ go, refresh }) {
  const find = async (text) => {
    const found = await lookUp(text);
    said = found.why || "";
    if (!found.to) return tell();
    stopCamera();
    navigator.vibrate?.(60);
    return go(found.to);
  };
  const input = h("input.f-code-input", { id: "code", name: "code", autocomplete: "off", autocapitalize: "characters", spellcheck: "false",
    inputmode: "text", maxlength: 60, "data-k": "code", "data-code": true, "aria-describedby": "code-said" });
  const submit = (event) => {
    event.preventDefault();
    const typed = input.value;
    if (typed.trim()) find(typed);
  };
  return [
    head(t("Scan a label")),
    h("div.f-scan", {}, camera ? camera.video : button(t("Use the camera"), () => openCamera(find, refresh), { look: "primary", big: true, sign: "qr-code", name: "open-camera" })),
    h("form.f-field", { onsubmit: submit },
      h("label.f-label", { for: "code" }, t("Or type the part number")),
      h("div.f-row", {}, input, h("button.f-btn.f-btn-primary", { type: "submit", "data-k": "find" }, t("Open"))),
      h("p.f-why", { id: "code-said", role: "alert" }, said)),
    h("p.f-quiet", {}, t("A scanner that types works on every screen: aim and shoot.")),
  ];
}

async function openCamera(find, refresh) {
  const video = h("video.f-video", { muted: true, playsinline: true, "aria-label": t("Camera") });
  const mine = { video, end: () => {} };
  camera = mine;
  said = "";
  refresh();
  const isLeft = () => {
    if (camera !== mine) mine.end();
    return camera !== mine;
  };
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    const shut = () => stream.getTracks().forEach((track) => track.stop());
    mine.end = shut;
    if (isLeft()) return;
    await loadReader();
    video.srcObject = stream;
    await video.play();
    let seen = "";
    const unwatch = await window.thermoScan.watch(video, config.urls.scannerWasm, (text) => {
      if (text === seen) return;
      seen = text;
      find(text);
    });
    mine.end = () => {
      unwatch();
      shut();
    };
    isLeft();
  } catch (error) {
    if (isLeft()) return;
    stopCamera();
    said = error?.name === "NotAllowedError" ? t("The camera is refused to this page: allow it in the browser, or type the number.") : t("The camera cannot be used here: type the number.");
    tell();
    refresh();
  }
}

let reader = null;

function loadReader() {
  reader ||= new Promise((done, fail) => {
    const script = h("script", { src: config.urls.scanner, onload: done, onerror: () => { reader = null; fail(new Error("reader")); } });
    document.head.append(script);
  });
  return reader;
}

const BETWEEN_KEYS = 60; // milliseconds: faster than anybody types with gloves

/** The key that was struck, by its place: most scanners type as on an American keyboard, which a French tablet misreads. */
const PLACES = { Slash: "/", NumpadDivide: "/", Minus: "-" };
const struck = ({ code, key }) => code?.match(/^(?:Key|Digit|Numpad)([A-Z0-9])$/)?.[1] || PLACES[code] || (key.length === 1 ? key : "");

/** What a burst meant: the keys by their place when they make a number and what the layout made of them does not. */
function meant(typed, places) {
  const isNumber = (text) => !["shape", "check"].includes(readCode(text, config.workshop.pk).error);
  return !isNumber(typed) && isNumber(places) ? places : typed;
}

/** A scanner that types: a number and Enter in a burst, whatever the screen; into a field that takes numbers, read there. */
export function listenToScanner(go, say) {
  let typed = "";
  let places = "";
  let last = 0;
  addEventListener("keydown", async (event) => {
    const field = event.target instanceof Element && event.target.closest("input, textarea, select");
    if (field && !field.matches("[data-code]")) return;
    // When the key was struck, and not when a busy tablet gets to it.
    if (event.timeStamp - last > BETWEEN_KEYS) typed = places = "";
    last = event.timeStamp;
    if (event.key.length === 1) typed += event.key;
    places += struck(event);
    if (event.key !== "Enter" || places.length < 6) return;
    const text = meant(typed, places);
    const shown = typed;
    typed = places = "";
    if (field) return correct(field, shown, text);
    event.preventDefault();
    event.stopPropagation();
    const found = await lookUp(text);
    if (found.to) go(found.to);
    else say(found.why);
  }, true);
}

/** Put the number that was scanned where the layout of the keyboard has written something else, before the form is sent. */
function correct(field, shown, text) {
  if (shown === text || !field.value.endsWith(shown)) return;
  field.value = field.value.slice(0, field.value.length - shown.length) + text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
