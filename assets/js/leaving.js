// Signing out of the office also empties what the workshop mode keeps on this device; what was not sent is asked about.
import { on } from "./dom.js";

const PERSONAL = /^thermo-floor-\d+-u\d+$/; // a shared tablet's own data stays: it is nobody's

const done = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => resolve(null);
  });

async function countWaiting(name) {
  const database = await done(indexedDB.open(name));
  if (!database) return 0;
  try {
    if (!database.objectStoreNames.contains("outbox")) return 0;
    const rows = await done(database.transaction("outbox").objectStore("outbox").getAll());
    return rows.filter((row) => row.state === "waiting" || row.state === "later").length;
  } finally {
    database.close();
  }
}

/** Ask before anything unsent is lost, then empty this person's data and sign out. */
export function startLeaving() {
  on("submit", "form[data-leaving]", async (form, event) => {
    if (!indexedDB?.databases) return;
    event.preventDefault();
    try {
      const names = (await indexedDB.databases()).map((one) => one.name).filter((name) => PERSONAL.test(name));
      let waiting = 0;
      for (const name of names) waiting += await countWaiting(name);
      if (waiting && !window.confirm(form.dataset.leaving)) return;
      for (const name of names) await done(indexedDB.deleteDatabase(name));
    } catch {
      // The answer to the sign-out empties the device as well.
    }
    form.submit();
  });
}
