import { each, on } from "./dom.js";

/**
 * [data-sortable]: rows put in order by their handle (dragged, or with the arrow keys) or by their buttons, added from
 * the [data-sortable-blank] template and removed. The order of the page is the order that is sent.
 */
export function startSorting() {
  each("[data-sortable]", (box) => {
    const list = box.querySelector("[data-sortable-list]");
    box.addEventListener("input", (event) => showFlags(event.target.closest("[data-sortable-row]")));
    box.querySelector("[data-sortable-add]").addEventListener("click", () => add(box, list));
  });
  on("click", "[data-sortable-move]", (button) => {
    move(button.closest("[data-sortable-row]"), button.dataset.sortableMove === "up");
    button.focus();
  });
  on("click", "[data-sortable-remove]", (button) => remove(button.closest("[data-sortable-row]")));
  on("keydown", "[data-sortable-handle]", (handle, event) => {
    if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
    event.preventDefault();
    move(handle.closest("[data-sortable-row]"), event.key === "ArrowUp");
    handle.focus();
  });
  on("pointerdown", "[data-sortable-handle]", drag);
}

function move(row, up) {
  const other = up ? row.previousElementSibling : row.nextElementSibling;
  if (!other) return;
  if (up) other.before(row);
  else other.after(row);
  tell(row);
}

/** Says the new place to screen readers, and to the form that it has changed. */
function tell(row) {
  const box = row.closest("[data-sortable]");
  const place = [...row.parentElement.children].indexOf(row) + 1;
  box.querySelector("[data-sortable-said]").textContent = `${box.dataset.sorted} ${place}`;
  row.dispatchEvent(new Event("change", { bubbles: true }));
}

function add(box, list) {
  const blank = box.querySelector("[data-sortable-blank]");
  const model = blank.content.querySelector("[name=etape]").value;
  const holder = document.createElement("ol");
  holder.innerHTML = blank.innerHTML.replaceAll(model, `n${Date.now().toString(36)}${list.children.length}`);
  const row = holder.firstElementChild;
  list.append(row);
  row.querySelector("input[type=text]").focus();
  tell(row);
}

function remove(row) {
  const list = row.parentElement;
  const next = row.nextElementSibling || row.previousElementSibling;
  const box = row.closest("[data-sortable]");
  row.remove();
  list.dispatchEvent(new Event("change", { bubbles: true }));
  (next?.querySelector("input[type=text]") || box.querySelector("[data-sortable-add]")).focus();
}

/** The pills of a row follow its fields. */
function showFlags(row) {
  if (!row) return;
  for (const pill of row.querySelectorAll("[data-shown-by]")) {
    const field = row.querySelector(`[name$="-${pill.dataset.shownBy}"]`);
    pill.hidden = field.type === "checkbox" ? !field.checked : !field.value.trim();
  }
}

/** The row follows the pointer, mouse or finger, among its neighbours. */
function drag(handle, event) {
  if (event.button) return;
  const row = handle.closest("[data-sortable-row]");
  const list = row.parentElement;
  const before = row.nextElementSibling;
  // The list holds the pointer: an element that is moved in the page would lose it.
  list.setPointerCapture(event.pointerId);
  row.classList.add("is-dragged");
  const follow = (moved) => {
    const others = [...list.children].filter((other) => other !== row);
    const next = others.find((other) => {
      const { top, height } = other.getBoundingClientRect();
      return moved.clientY < top + height / 2;
    });
    if ((next || null) !== row.nextElementSibling) list.insertBefore(row, next || null);
  };
  const end = () => {
    row.classList.remove("is-dragged");
    list.removeEventListener("pointermove", follow);
    if (row.nextElementSibling !== before) tell(row);
  };
  list.addEventListener("pointermove", follow);
  list.addEventListener("lostpointercapture", end, { once: true });
}
