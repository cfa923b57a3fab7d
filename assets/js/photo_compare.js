import { each } from "./dom.js";

/** [data-photo-compare]: a range uncovers the photo before over the photo after. */
export function startCompare() {
  each("[data-photo-compare]", (box) => {
    const range = box.querySelector("input[type=range]");
    const show = () => box.style.setProperty("--share", `${range.value}%`);
    range.addEventListener("input", show);
    show();
  });
}
