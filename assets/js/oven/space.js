// Boxes in parallel projection on a canvas: no library, so that an old tablet draws it too.
const TURN = 0.09; // radians for a key
const FACES = [
  // corners as x, y, z bits, the axis it faces and whether towards its greater end
  { corners: [0b100, 0b110, 0b111, 0b101], axis: 0, sign: 1 },
  { corners: [0b000, 0b010, 0b011, 0b001], axis: 0, sign: -1 },
  { corners: [0b010, 0b110, 0b111, 0b011], axis: 1, sign: 1 },
  { corners: [0b000, 0b100, 0b101, 0b001], axis: 1, sign: -1 },
  { corners: [0b001, 0b101, 0b111, 0b011], axis: 2, sign: 1 },
  { corners: [0b000, 0b100, 0b110, 0b010], axis: 2, sign: -1 },
];

/** Draws the load and lets it be turned by the pointer, a finger or the keys; `draw()` after a change. */
export function startSpace(canvas, load) {
  if (!canvas) return { draw() {} };
  const context = canvas.getContext("2d");
  const eye = { turn: -0.6, tilt: 0.5, zoom: 1 };
  let drag = null;
  let waiting = false;

  canvas.addEventListener("pointerdown", (event) => {
    drag = { x: event.clientX, y: event.clientY };
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!drag) return;
    turn((event.clientX - drag.x) / 180, (event.clientY - drag.y) / 180);
    drag = { x: event.clientX, y: event.clientY };
  });
  for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => (drag = null));
  canvas.addEventListener("keydown", (event) => {
    const arrows = { ArrowLeft: [-TURN, 0], ArrowRight: [TURN, 0], ArrowUp: [0, -TURN], ArrowDown: [0, TURN] };
    const zooms = { "+": 1.15, "=": 1.15, "-": 1 / 1.15 };
    if (arrows[event.key]) turn(...arrows[event.key]);
    else if (zooms[event.key]) eye.zoom = Math.min(3, Math.max(0.5, eye.zoom * zooms[event.key]));
    else return;
    event.preventDefault();
    draw();
  });
  new ResizeObserver(draw).observe(canvas);
  new MutationObserver(draw).observe(document.documentElement, { attributeFilter: ["data-theme"] });

  function turn(by, tilt) {
    eye.turn += by;
    eye.tilt = Math.min(1.5, Math.max(0.05, eye.tilt + tilt));
    draw();
  }

  function draw() {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      paint(context, canvas, load, eye);
    });
  }

  draw();
  return { draw };
}

function paint(context, canvas, load, eye) {
  const ratio = window.devicePixelRatio || 1;
  const { clientWidth: width, clientHeight: height } = canvas;
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  const style = getComputedStyle(canvas);
  const view = camera(load, eye, width, height);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  const shell = { min: [0, 0, 0], max: [load.L, load.W, load.H] };
  for (const face of FACES) {
    if (!view.faces(face)) fill(context, view, shell, face, null, style.getPropertyValue("--line"));
  }
  fill(context, view, shell, FACES[5], style.getPropertyValue("--sunken"), style.getPropertyValue("--edge"));
  for (const piece of inOrder(load.pieces.map(box), view)) drawPiece(context, view, piece, load, style);
}

function box(piece) {
  return { piece, min: [piece.x, piece.y, piece.z], max: [piece.x + piece.dx, piece.y + piece.dy, piece.z + piece.dz] };
}

function drawPiece(context, view, held, load, style) {
  if (held.piece.hook) {
    const middle = [(held.min[0] + held.max[0]) / 2, (held.min[1] + held.max[1]) / 2];
    const from = view.point([...middle, held.max[2]]);
    const to = view.point([...middle, held.max[2] + held.piece.hook]);
    context.strokeStyle = style.getPropertyValue("--ink-3");
    context.beginPath();
    context.moveTo(...from);
    context.lineTo(...to);
    context.stroke();
  }
  for (const face of FACES) {
    if (!view.faces(face)) continue;
    fill(context, view, held, face, shade(load.hex, face), style.getPropertyValue("--ink-3"));
  }
  const [x, y] = view.point([(held.min[0] + held.max[0]) / 2, (held.min[1] + held.max[1]) / 2, held.max[2]]);
  context.fillStyle = load.ink;
  context.font = "600 11px Inter, sans-serif";
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(held.piece.number, x, y);
}

function fill(context, view, held, face, colour, line) {
  context.beginPath();
  for (const corner of face.corners) {
    context.lineTo(...view.point([0, 1, 2].map((axis) => (corner & (4 >> axis) ? held.max : held.min)[axis])));
  }
  context.closePath();
  if (colour) {
    context.fillStyle = colour;
    context.fill();
  }
  context.strokeStyle = line;
  context.lineWidth = 1;
  context.stroke();
}

/** A parallel projection: turned about the vertical, then tilted, in the middle of the canvas. */
function camera(load, eye, width, height) {
  const [sin, cos] = [Math.sin(eye.turn), Math.cos(eye.turn)];
  const [up, flat] = [Math.sin(eye.tilt), Math.cos(eye.tilt)];
  const half = [load.L / 2, load.W / 2, load.H / 2];
  // what the oven takes on the screen, at this turn and tilt
  const wide = load.L * Math.abs(cos) + load.W * Math.abs(sin);
  const high = (load.L * Math.abs(sin) + load.W * Math.abs(cos)) * up + load.H * flat;
  const scale = Math.min(width / wide, height / high) * 0.94 * eye.zoom;
  // towards the eye, along each axis
  const towards = [-sin * flat, cos * flat, up];
  return {
    towards,
    faces: (face) => towards[face.axis] * face.sign > 0,
    point(corner) {
      const [x, y, z] = corner.map((value, axis) => value - half[axis]);
      const across = x * cos + y * sin;
      const deep = -x * sin + y * cos;
      return [width / 2 + across * scale, height / 2 + (deep * up - z * flat) * scale];
    },
  };
}

/** Boxes that do not meet, from the farthest: one is behind another when a plane between them says so. */
function inOrder(boxes, view) {
  const behind = (one, other) =>
    [0, 1, 2].some((axis) =>
      view.towards[axis] > 0 ? one.max[axis] <= other.min[axis] : view.towards[axis] < 0 && one.min[axis] >= other.max[axis],
    );
  const sorted = [];
  const seen = new Set();
  const visit = (held) => {
    if (seen.has(held)) return;
    seen.add(held);
    for (const other of boxes) if (!seen.has(other) && behind(other, held) && !behind(held, other)) visit(other);
    sorted.push(held);
  };
  boxes.forEach(visit);
  return sorted;
}

/** The colour of the powder on a face: the top is lit, the sides less. */
function shade(hex, face) {
  const light = face.axis === 2 ? 1.1 : face.axis === 0 ? 0.82 : 0.95;
  const channels = [1, 3, 5].map((start) => Math.min(255, Math.round(parseInt(hex.slice(start, start + 2), 16) * light + (face.axis === 2 ? 6 : 0))));
  return `rgb(${channels.join(" ")})`;
}
