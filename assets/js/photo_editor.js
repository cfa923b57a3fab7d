import { csrfToken, each } from "./dom.js";
import { drawMarks, SCALE } from "./marks.js";
import { toast } from "./toasts.js";

const NEAR = 6; // a stroke keeps a point when it is that far from the one before, on SCALE
const POINTS_MOST = 600;

/** [data-photo-editor]: draw over the photo; the layer is sent as vectors, the image does not change. */
export function startEditors() {
  each("[data-photo-editor]", (tools) => new Editor(tools));
}

class Editor {
  constructor(tools) {
    this.tools = tools;
    this.view = tools.closest("[data-photo-view]");
    this.svg = this.view.querySelector(".photo-stage .marks");
    this.marks = JSON.parse(tools.querySelector("#photo-marks").textContent);
    this.kept = [...this.marks];
    this.version = Number(tools.dataset.version);
    this.ratio = tools.dataset.ratioHeight / tools.dataset.ratioWidth;
    this.tool = "arrow";
    this.place = null;
    this.listen();
  }

  listen() {
    const one = (selector) => this.tools.querySelector(selector);
    this.opener = this.view.querySelector("[data-annotate]");
    this.opener.addEventListener("click", () => this.open(true));
    this.tools.querySelectorAll("[data-tool]").forEach((button) => button.addEventListener("click", () => this.choose(button.dataset.tool)));
    one("[data-undo]").addEventListener("click", () => this.set(this.marks.slice(0, -1)));
    one("[data-cancel]").addEventListener("click", () => (this.set(this.kept), this.open(false)));
    one("[data-save-marks]").addEventListener("click", () => this.save());
    one("[data-photo-note-add]").addEventListener("click", () => this.addNote());
    one("#photo-note-text").addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      this.addNote();
    });
    this.svg.addEventListener("pointerdown", (event) => this.start(event));
    this.svg.addEventListener("pointermove", (event) => this.move(event));
    for (const type of ["pointerup", "pointercancel"]) this.svg.addEventListener(type, () => this.end());
  }

  open(drawing) {
    this.tools.hidden = !drawing;
    this.opener.hidden = drawing;
    this.view.toggleAttribute("data-drawing", drawing);
    (drawing ? this.tools.querySelector(`[data-tool=${this.tool}]`) : this.opener).focus();
  }

  choose(tool) {
    this.tool = tool;
    this.tools.querySelectorAll("[data-tool]").forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.tool === tool)));
    this.tools.querySelector("[data-photo-note]").hidden = tool !== "text";
    if (tool === "text") this.tools.querySelector("#photo-note-text").focus();
  }

  set(marks) {
    this.marks = marks;
    this.tools.toggleAttribute("data-dirty", marks.length !== this.kept.length || marks.some((mark, index) => mark !== this.kept[index]));
    this.tools.querySelector("[data-undo]").disabled = !marks.length;
    drawMarks(this.svg, marks, this.ratio);
  }

  get colour() {
    return this.tools.querySelector("[name=photo-colour]:checked").value;
  }

  at(event) {
    const box = this.svg.getBoundingClientRect();
    const place = (offset, length) => Math.min(SCALE, Math.max(0, Math.round((offset / length) * SCALE)));
    return [place(event.clientX - box.left, box.width), place(event.clientY - box.top, box.height)];
  }

  start(event) {
    if (!this.view.hasAttribute("data-drawing") || event.button) return;
    event.preventDefault();
    const point = this.at(event);
    if (this.tool === "text") return this.pick(point);
    this.svg.setPointerCapture(event.pointerId);
    this.drawn = { shape: this.tool, colour: this.colour, points: [point] };
  }

  move(event) {
    if (!this.drawn) return;
    const point = this.at(event);
    const points = this.drawn.points;
    const last = points[points.length - 1];
    if (this.tool !== "pen") points[1] = point;
    else if (points.length < POINTS_MOST && Math.hypot(point[0] - last[0], point[1] - last[1]) >= NEAR) points.push(point);
    drawMarks(this.svg, points.length > 1 ? [...this.marks, this.drawn] : this.marks, this.ratio);
  }

  end() {
    if (this.drawn && (this.drawn.points.length > 1 || this.tool === "pen")) this.set([...this.marks, this.drawn]);
    this.drawn = null;
  }

  pick(point) {
    this.place = point;
    this.tools.querySelector("#photo-note-place").value = "";
    this.tools.querySelector("#photo-note-text").focus();
  }

  addNote() {
    const field = this.tools.querySelector("#photo-note-text");
    const chosen = this.tools.querySelector("#photo-note-place").value;
    const point = chosen ? chosen.split(",").map(Number) : this.place || [300, 500];
    const text = field.value.trim();
    if (!text) return field.focus();
    this.set([...this.marks, { shape: "text", colour: this.colour, points: [point], text }]);
    field.value = "";
  }

  async save() {
    const body = new URLSearchParams({ marks: JSON.stringify(this.marks), version: this.version });
    const response = await fetch(this.tools.dataset.save, { method: "POST", body, headers: { "X-CSRFToken": csrfToken() } }).catch(() => null);
    if (!response) return toast(document.body.dataset.textOffline, "error");
    const answer = await response.json().catch(() => ({ error: document.body.dataset.textFailed }));
    if (!response.ok) return toast(answer.error, "error");
    this.version = answer.version;
    this.kept = this.marks;
    this.set(this.marks);
    this.open(false);
    toast(answer.message, "success");
  }
}
