/** An element: h("button.f-btn", {type: "button", onclick}, "text", child…); null children are left out. */
export function h(spec, attributes = {}, ...children) {
  const [tag, ...classes] = spec.split(".");
  const element = document.createElement(tag || "div");
  if (classes.length) element.className = classes.join(" ");
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "value") element.value = value;
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** A copy of one of the shell's icons. */
export function icon(name) {
  const template = document.getElementById(`icon-${name}`);
  return template ? template.content.cloneNode(true) : "";
}

const SVG = "http://www.w3.org/2000/svg";
const PATTERNS = { satin: ["satin"], gloss: ["gloss"], texture: ["grain"], metallic: ["metal-sheen", "metal"] };

/** The drawing of a powder and its finish; the same as the office's. */
export function swatch(powder, large = false) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", large ? "swatch swatch-lg" : "swatch");
  svg.setAttribute("viewBox", large ? "0 0 72 52" : "0 0 34 24");
  svg.setAttribute("preserveAspectRatio", "xMidYMid slice");
  svg.setAttribute("aria-hidden", "true");
  const colour = /^#[0-9a-f]{6}$/i.test(powder?.hex || "") ? powder.hex : "url(#finish-unknown)";
  for (const fill of [colour, ...(PATTERNS[powder?.finish] || []).map((name) => `url(#finish-${name})`)]) {
    const rect = document.createElementNS(SVG, "rect");
    rect.setAttribute("width", "100%");
    rect.setAttribute("height", "100%");
    rect.setAttribute("fill", fill);
    svg.append(rect);
  }
  return svg;
}

/** Say something for a few seconds, aloud too. */
export function toast(text, tone = "info") {
  const note = h("p.f-toast", { "data-tone": tone }, text);
  document.querySelector(".f-toasts").append(note);
  setTimeout(() => note.remove(), 6000);
}
