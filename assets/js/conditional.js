import { each } from "./dom.js";

/** Inside [data-switch], fields marked data-when="a b" show while the chosen value of [data-switch-by] is a or b. */
export function startConditionals() {
  each("[data-switch]", (group) => {
    const choice = group.querySelector("[data-switch-by] select, [data-switch-by] input");
    if (!choice) return;
    const update = () => {
      const chosen = [...group.querySelectorAll("[data-switch-by] select, [data-switch-by] input:checked")].map((field) => field.value);
      for (const element of group.querySelectorAll("[data-when]")) {
        element.hidden = !element.dataset.when.split(" ").some((value) => chosen.includes(value));
      }
    };
    group.addEventListener("change", update);
    update();
  });
}
