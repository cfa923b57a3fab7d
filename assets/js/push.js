import { csrfToken, each } from "./dom.js";

/** The key as the browser wants it: bytes. */
function bytes(text) {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/").padEnd(Math.ceil(text.length / 4) * 4, "="));
  return Uint8Array.from(plain, (char) => char.charCodeAt(0));
}

/** What a person recognises the device by. */
function deviceName() {
  const agent = navigator.userAgent;
  const find = (names) => names.find(([mark]) => agent.includes(mark))?.[1];
  const browser = find([["Edg/", "Edge"], ["Firefox/", "Firefox"], ["Chrome/", "Chrome"], ["Safari/", "Safari"]]);
  const system = find([["Android", "Android"], ["iPhone", "iPhone"], ["iPad", "iPad"], ["Windows", "Windows"], ["Mac OS", "Mac"], ["Linux", "Linux"]]);
  return [browser, system].filter(Boolean).join(" · ") || "Web";
}

async function send(root, subscription) {
  const { endpoint, keys } = subscription.toJSON();
  const body = new URLSearchParams({ endpoint, p256dh: keys.p256dh, auth: keys.auth, name: deviceName() });
  const answer = await fetch(root.dataset.pushUrl, { method: "POST", body, headers: { "X-CSRFToken": csrfToken() } });
  if (!answer.ok) throw new Error(String(answer.status));
}

/** Notifications on this device: the permission is asked only when the person presses the button. */
export function startPush() {
  each("[data-push-key]", async (root) => {
    const button = root.querySelector("[data-push-start]");
    const said = root.querySelector("[data-push-said]");
    const say = (key) => (said.textContent = said.dataset[key]);
    if (!("PushManager" in window) || !navigator.serviceWorker) return say("unsupported");
    if (Notification.permission === "denied") return say("blocked");
    const worker = await navigator.serviceWorker.register(root.dataset.pushWorker, { scope: "/app/" });
    const held = await worker.pushManager.getSubscription();
    // What the browser holds is said again: the service may have renewed it.
    if (held && Notification.permission === "granted") {
      await send(root, held).catch(() => say("failed"));
      return say("here");
    }
    button.hidden = false;
    button.addEventListener("click", async () => {
      if ((await Notification.requestPermission()) !== "granted") return say("blocked");
      try {
        const key = bytes(root.dataset.pushKey);
        await send(root, await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key }));
        location.reload();
      } catch {
        say("failed");
      }
    });
  });
}
