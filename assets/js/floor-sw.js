// The worker of the workshop mode: it keeps the shell and gives it without network. Data is not its business (IndexedDB).
import { cacheNames, setCacheNameDetails } from "workbox-core";
import { PrecacheController, PrecacheRoute } from "workbox-precaching";
import { NavigationRoute, registerRoute } from "workbox-routing";

const { shell, header, cache, kept, onDemand } = self.FLOOR;
setCacheNameDetails({ prefix: cache, precache: "shell", suffix: "" });
const SCANNER = `${cache}-scanner`;

/** A page to sign in, a refusal or an error is not the shell: the installation fails and the former shell stays. */
const isTheShell = {
  cacheWillUpdate: async ({ request, response }) => {
    const asked = new URL(request.url).pathname === shell;
    if (!response || response.status !== 200 || (asked && !response.headers.get(header))) return null;
    return response;
  },
};

const controller = new PrecacheController({ cacheName: cacheNames.precache, plugins: [isTheShell] });
controller.addToCacheList(kept);
addEventListener("install", (event) => controller.install(event));
addEventListener("activate", (event) => {
  controller.activate(event);
  event.waitUntil(self.clients.claim());
});
addEventListener("message", (event) => {
  if (event.data === "update") self.skipWaiting();
});

registerRoute(new NavigationRoute(controller.createHandlerBoundToURL(shell), { allowlist: [new RegExp(`^${shell}(#|\\?|$)`)] }));
registerRoute(new PrecacheRoute(controller));
registerRoute(
  ({ url }) => onDemand.includes(url.pathname),
  async ({ request }) => {
    const store = await caches.open(SCANNER);
    const known = await store.match(request);
    if (known) return known;
    const answer = await fetch(request);
    if (answer.ok) await store.put(request, answer.clone());
    return answer;
  },
);
