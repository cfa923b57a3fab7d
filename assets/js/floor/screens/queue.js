// The queue of the day: what is late, then what is promised soonest.
import { h, swatch } from "../dom.js";
import { isLate } from "../fold.js";
import { course, empty, pill, promise, tiles } from "../pieces.js";
import { moment, t } from "../words.js";

let chosen = "";

export function queue({ projects, day, refresh }) {
  const running = projects.filter((project) => project.status === "open" || project.status === "in_progress");
  const names = [...new Set(running.map((project) => project.current?.name).filter(Boolean))];
  if (chosen && !names.includes(chosen)) chosen = "";
  const listed = running.filter((project) => !chosen || project.current?.name === chosen);
  const count = (name) => running.filter((project) => project.current?.name === name).length;
  const late = running.filter((project) => isLate(project, day.today)).length;
  const choices = [
    { value: "", text: t("Everything"), note: String(running.length) },
    ...names.map((name) => ({ value: name, text: name, note: String(count(name)) })),
  ];
  const choose = (value) => {
    chosen = value;
    refresh();
  };
  return [
    h("div.f-head", {}, h("div.f-head-text", {}, h("h1", { tabindex: "-1" }, t("Today's work")),
      h("p.f-quiet", {}, t("Last news: {moment}", { moment: moment(day.at) }))), late ? pill(t("{count} late", { count: late }), "bad") : null),
    names.length > 1 ? h("div.f-filter", {}, tiles(t("Step"), choices, chosen, choose)) : null,
    listed.length ? h("ul.f-queue", {}, listed.map((project) => h("li", {}, card(project, day.today)))) : nothing(),
  ];
}

const nothing = () => empty("check-circle", t("Nothing waits here"), t("New work appears by itself as soon as there is network."));

function card(project, today) {
  const powders = project.parts.map((part) => part.powder).filter(Boolean);
  const first = powders[0];
  const others = new Set(powders.map((one) => one.pk)).size - 1;
  return h(
    "a.f-card",
    { href: `#/projet/${project.pk}`, "data-project": project.pk, "data-k": `project-${project.pk}` },
    swatch(first, true),
    h("span.f-card-text", {},
      h("span.f-card-title", {}, project.title),
      h("span.f-quiet", {}, `${project.customer} · `, h("span.f-nowrap", {}, project.number)),
      h("span.f-card-facts", {}, promise(project, today), project.priority > 3 ? pill(t("Urgent"), "bad") : null,
        first ? h("span.f-quiet", {}, first.colour + (others > 0 ? ` +${others}` : "")) : null,
        project.pending ? pill(t("not sent yet"), "info") : null)),
    h("span.f-card-now", {}, h("strong", {}, project.sentBack ? t("Rework") : project.current?.name || t("Ready")), course(project)),
  );
}
