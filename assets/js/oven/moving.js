import { csrfToken } from "../dom.js";

const STEP = 10;
const FINE = 1;
const ASK_AFTER = 150; // milliseconds without a move

/** Pieces dragged or pushed by the arrow keys; the server says at each rest whether the place keeps every rule. */
export function startMoving(root, load, changed) {
  const drawing = root.querySelector("[data-oven-top]");
  const said = root.querySelector("[data-oven-said]");
  const keep = root.querySelector("[data-oven-keep]");
  const undo = root.querySelector("[data-oven-undo]");
  const start = load.pieces.map((piece) => ({ ...piece }));
  let timer = 0;
  let asked = 0;
  let held = null;

  for (const group of drawing.querySelectorAll("[data-piece]")) {
    const piece = load.pieces[Number(group.dataset.piece)];
    group.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      const from = point(event);
      held = { piece, dx: piece.x - from.x, dy: piece.y - from.y };
      group.setPointerCapture(event.pointerId);
      group.focus();
      event.preventDefault();
    });
    group.addEventListener("pointermove", (event) => {
      if (held?.piece !== piece) return;
      const to = point(event);
      move(piece, Math.round((to.x + held.dx) / STEP) * STEP, Math.round((to.y + held.dy) / STEP) * STEP);
    });
    for (const end of ["pointerup", "pointercancel"]) group.addEventListener(end, () => (held = null));
    group.addEventListener("keydown", (event) => {
      if (event.key === "r" || event.key === "R") return turn(piece);
      const step = event.shiftKey ? FINE : STEP;
      const [dx, dy] = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[event.key] || [];
      if (dx === undefined) return;
      event.preventDefault();
      move(piece, piece.x + dx, piece.y + dy);
    });
  }
  undo.addEventListener("click", () => {
    start.forEach((piece, at) => {
      load.pieces[at].rot = piece.rot;
      place(load.pieces[at], piece.x, piece.y);
    });
    keep.disabled = undo.disabled = true;
    show([], "");
    forget();
    changed();
  });
  keep.addEventListener("click", () => ask(true));

  /** The millimetres of the oven under the pointer. */
  function point(event) {
    return new DOMPoint(event.clientX, event.clientY).matrixTransform(drawing.getScreenCTM().inverse());
  }

  function move(piece, x, y) {
    const [dx, dy] = piece.turns[piece.rot];
    place(piece, Math.max(0, Math.min(x, load.L - dx)), Math.max(0, Math.min(y, load.W - dy)));
    keep.disabled = true;
    undo.disabled = false;
    changed();
    forget();
    timer = setTimeout(() => ask(false), ASK_AFTER);
  }

  /** What was asked is about places that are no longer these: its answer would say them right, or hide that they are kept. */
  function forget() {
    clearTimeout(timer);
    asked += 1;
  }

  /** The next orientation that the part allows. */
  function turn(piece) {
    const turns = Object.keys(piece.turns);
    piece.rot = turns[(turns.indexOf(piece.rot) + 1) % turns.length];
    move(piece, piece.x, piece.y);
  }

  function place(piece, x, y) {
    piece.x = x;
    piece.y = y;
    [piece.dx, piece.dy, piece.dz] = piece.turns[piece.rot];
    drawShape(drawing.querySelector(`[data-piece="${piece.at}"]`), piece);
    drawing.querySelector(`[data-piece="${piece.at}"]`).setAttribute("transform", `translate(${x} ${y})`);
    const side = root.querySelector(`[data-side="${piece.at}"]`);
    side?.setAttribute("transform", `translate(${x - start[piece.at].x} 0)`);
    const row = root.querySelector(`[data-row="${piece.at}"]`);
    if (!row) return;
    row.querySelector("[data-x]").textContent = `${x} mm`;
    row.querySelector("[data-y]").textContent = `${y} mm`;
  }

  async function ask(kept) {
    forget();
    const mine = asked;
    const items = load.pieces.map(({ part, x, y, z, rot }) => ({ part, x, y, z, rot }));
    let answer = null;
    try {
      const response = await fetch(root.dataset.check, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": csrfToken() },
        body: JSON.stringify({ items, keep: kept }),
      });
      answer = await response.json();
    } catch {
      show([], root.dataset.lost);
    }
    if (!answer || mine !== asked) return;
    if (answer.refusal) return show([], answer.refusal);
    const wrong = answer.wrong.length > 0;
    root.querySelector("[data-fill]").textContent = Math.round(answer.fill * 100);
    keep.disabled = wrong || kept;
    if (kept) {
      start.splice(0, start.length, ...load.pieces.map((piece) => ({ ...piece })));
      undo.disabled = true;
      window.location.reload();
    }
    show(answer.wrong, kept ? root.dataset.kept : wrong ? root.dataset.wrong : root.dataset.fine);
  }

  function show(wrong, text) {
    for (const group of drawing.querySelectorAll("[data-piece]")) {
      group.classList.toggle("is-wrong", wrong.includes(Number(group.dataset.piece)));
    }
    said.textContent = text;
    said.classList.toggle("is-wrong", wrong.length > 0);
  }
}

function drawShape(group, piece) {
  const [shape, number] = group.children;
  shape.setAttribute("width", piece.dx);
  shape.setAttribute("height", piece.dy);
  number.setAttribute("x", piece.dx / 2);
  number.setAttribute("y", piece.dy / 2);
}
