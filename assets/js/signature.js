import SignaturePad from "signature_pad";
import { each } from "./dom.js";

/** The canvas keeps the device's pixels; a resize clears it, so the strokes are drawn again. */
function fit(canvas, pad) {
  const ratio = Math.max(window.devicePixelRatio || 1, 1);
  if (!canvas.offsetWidth) return;
  canvas.width = canvas.offsetWidth * ratio;
  canvas.height = canvas.offsetHeight * ratio;
  canvas.getContext("2d").scale(ratio, ratio);
  pad.fromData(pad.toData());
}

/** Signature box: writes the picture (PNG data URL) and the points with their times (JSON) into hidden fields. */
export function startSignatures() {
  each("[data-signature]", (box) => {
    const canvas = box.querySelector("canvas");
    const [image, points] = [box.querySelector("[data-signature-image]"), box.querySelector("[data-signature-points]")];
    const pad = new SignaturePad(canvas, { penColor: "#1e1b18", minWidth: 0.8, maxWidth: 2.6 });
    const keep = () => {
      image.value = pad.isEmpty() ? "" : pad.toDataURL("image/png");
      points.value = pad.isEmpty() ? "" : JSON.stringify(pad.toData());
      box.toggleAttribute("data-signed", !pad.isEmpty());
    };
    pad.addEventListener("endStroke", keep);
    box.querySelector("[data-signature-undo]").addEventListener("click", () => {
      pad.fromData(pad.toData().slice(0, -1));
      keep();
    });
    box.querySelector("[data-signature-clear]").addEventListener("click", () => {
      pad.clear();
      keep();
    });
    new ResizeObserver(() => fit(canvas, pad)).observe(canvas);
  });
}
