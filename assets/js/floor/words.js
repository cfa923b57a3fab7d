// The words and the addresses that the shell brought; texts are named by their English.
export const config = JSON.parse(document.getElementById("floor-config").textContent);

/** The text in the reader's language, its {names} filled in. */
export function t(text, values = {}) {
  const said = config.texts[text] || text;
  return said.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
}

const hours = new Intl.DateTimeFormat(config.language, { hour: "2-digit", minute: "2-digit" });
const days = new Intl.DateTimeFormat(config.language, { weekday: "short", day: "numeric", month: "short" });

/** 14:02, or the day before it when it is another one. */
export function moment(iso) {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return "";
  const today = new Date().toDateString() === at.toDateString();
  return today ? hours.format(at) : `${days.format(at)}, ${hours.format(at)}`;
}

/** A date alone. */
export function day(iso) {
  const [year, month, date] = iso.split("-").map(Number);
  return days.format(new Date(year, month - 1, date));
}

/** How long something has waited, in words. */
export function age(iso, now = Date.now()) {
  const minutes = Math.max(0, Math.round((now - new Date(iso).getTime()) / 60000));
  if (minutes < 1) return t("just now");
  if (minutes < 60) return t("for {count} min", { count: minutes });
  if (minutes < 48 * 60) return t("for {count} h", { count: Math.round(minutes / 60) });
  return t("for {count} days", { count: Math.round(minutes / 1440) });
}
