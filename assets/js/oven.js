// The page of an oven load: pieces moved in the plan with the rules of the server, the load in three dimensions.
import { startMoving } from "./oven/moving.js";
import { startSpace } from "./oven/space.js";

const root = document.querySelector("[data-oven-load]");
if (root) {
  const load = JSON.parse(document.getElementById("oven-load").textContent);
  const space = startSpace(root.querySelector("[data-oven-space]"), load);
  if (root.dataset.check) startMoving(root, load, () => space.draw());
}
