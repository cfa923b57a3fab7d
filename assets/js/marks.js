// Marks drawn over a photo, as app/projects/marks.py draws them: coordinates from 0 to 1000 on each side, shown in a
// view box as wide as SCALE and as high as the picture's proportions ask.
export const SCALE = 1000;
const HEAD = 34; // length of an arrow's head
const NOTE_SIZES = [14, 38];
const NOTE_WIDTH = 0.58; // of a letter, for a size of 1
const NOTE_MARGIN = 12;
const SVG = "http://www.w3.org/2000/svg";

const round = (value) => Math.round(value * 10) / 10;
const line = (points) => "M" + (points.length > 1 ? points : [...points, ...points]).map(([x, y]) => `${x} ${y}`).join("L");

function circle([cx, cy], [ex, ey]) {
  const radius = round(Math.max(8, Math.hypot(ex - cx, ey - cy)));
  const half = `a${radius} ${radius} 0 1 0 `;
  return `M${round(cx - radius)} ${cy}${half}${2 * radius} 0${half}${-2 * radius} 0`;
}

function arrow(tail, head) {
  const angle = Math.atan2(head[1] - tail[1], head[0] - tail[0]);
  const wings = [0.5, -0.5].map((turn) => [round(head[0] - HEAD * Math.cos(angle + turn)), round(head[1] - HEAD * Math.sin(angle + turn))]);
  return line([tail, head]) + line([wings[0], head, wings[1]]);
}

function element(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function note(mark, [x, y]) {
  const atRight = x > SCALE / 2;
  const room = (atRight ? x : SCALE - x) - NOTE_MARGIN;
  const size = Math.max(NOTE_SIZES[0], Math.min(NOTE_SIZES[1], Math.floor(room / (NOTE_WIDTH * mark.text.length))));
  const made = element("text", { class: `mark-text mark-${mark.colour}`, x, y, "text-anchor": atRight ? "end" : "start", "font-size": size });
  made.textContent = mark.text;
  return made;
}

/** Draw `marks` in `svg`, in place of what it holds; `ratio` is the height of the picture over its width. */
export function drawMarks(svg, marks, ratio) {
  svg.replaceChildren(
    ...marks.flatMap((mark) => {
      const points = mark.points.map(([x, y]) => [x, round(y * ratio)]);
      const last = points[points.length - 1];
      if (mark.shape === "text") {
        return [note(mark, points[0])];
      }
      const d = mark.shape === "pen" ? line(points) : mark.shape === "circle" ? circle(points[0], last) : arrow(points[0], last);
      return [element("path", { class: "mark-halo", d }), element("path", { class: `mark mark-${mark.colour}`, d })];
    }),
  );
}
