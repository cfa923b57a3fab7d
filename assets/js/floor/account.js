// Whose device it is. Another account, a sign-out, an access withdrawn: what is kept here goes, after it was told.
import { ask, askJson, postForm, postJson, NetError } from "./net.js";
import { actAs, actingOperator, newKey, travelling } from "./outbox.js";
import { forgetSeat, seal, sign, unseal } from "./seals.js";
import * as store from "./store.js";
import { config } from "./words.js";

const LEAVING = "leaving";
const goodbye = { current: null };

/** Look who the server says we are, before anything is sent; false when there is nothing more to do. */
export async function meet(trouble = null) {
  if (trouble?.kind === "signedout") return followTheWorkshop();
  if (trouble) return leave(trouble);
  if (await store.setting(LEAVING)) await signOutNow();
  const told = await askJson(config.urls.operators);
  const known = await store.currentAccount();
  if (known && known.key !== told.account.key) await reportAndWipe(known);
  await store.enter(told.account);
  if (told.account.tablet) {
    await store.setFact("operators", told.operators);
    await forgetMissing(told.operators);
    if (actingOperator() && told.account.operator?.pk !== actingOperator().pk) await prove();
  }
  return true;
}

/** Whether what is kept here is another person's than the one who has signed in since; the server's cookie says who. */
export function isForeign(account) {
  const signedIn = document.cookie.match(/(?:^|;\s*)device_account=(\w+)/)?.[1];
  return Boolean(signedIn && account && !account.tablet && account.key !== signedIn);
}

/** The workshop may have another address: what the device keeps goes on there. False when it has not moved. */
async function followTheWorkshop() {
  const answer = await fetch(config.urls.manifest, { cache: "no-store" }).catch(() => null);
  const found = answer?.ok && new URL(answer.url).pathname.match(/^\/app\/([^/]+)\/atelier\//);
  if (found && found[1] !== config.workshop.slug) location.replace(found[0]);
  return false;
}

/** Empty this device now; the server is told now too, or as soon as there is network. */
export async function signOut() {
  await store.setSetting(LEAVING, true);
  await store.wipe();
  await signOutNow().catch(() => {});
}

async function signOutNow() {
  try {
    await ask(config.urls.logout, { method: "POST" });
  } catch (error) {
    if (error.kind !== "signedout") throw error; // the answer leads to the page to sign in
  }
  await store.setSetting(LEAVING, false);
  throw new NetError("signedout");
}

async function forgetMissing(operators) {
  const present = new Set(operators.map((one) => one.pk));
  for (const seat of await store.seats()) if (!present.has(seat.pk)) await forgetSeat(seat.pk);
}

/** Tell the server of an operator who typed the code while there was no network. */
async function prove() {
  const operator = actingOperator();
  const nonce = newKey();
  try {
    await postForm(config.urls.open, { operator: operator.pk, nonce, proof: await sign(operator.key, `open:${nonce}`) });
    await store.enter({ ...(await store.currentAccount()), operator: { pk: operator.pk, name: operator.name } });
  } catch (error) {
    if (error.kind !== "refused") throw error;
    await forgetSeat(operator.pk);
    lock();
  }
}

/** Sit down at the shared tablet: {opened}, {left}, {lockedUntil} or {reason}. */
export async function sitDown(operator, code) {
  try {
    const told = await postForm(config.urls.open, { operator: operator.pk, code });
    const key = await seal({ pk: operator.pk, name: operator.name }, code, told.key);
    actAs({ pk: operator.pk, name: operator.name, key });
    await store.enter({ ...(await store.currentAccount()), operator: { pk: operator.pk, name: operator.name } });
    return { opened: true };
  } catch (error) {
    if (!(error instanceof NetError)) throw error;
    if (error.kind === "refused") return { reason: error.reason, ...error.body };
    if (!["offline", "busy"].includes(error.kind)) throw error;
  }
  const tried = await unseal(operator, code);
  if (tried.key) actAs({ pk: operator.pk, name: operator.name, key: tried.key });
  return tried.key ? { opened: true } : tried;
}

/** Stand up: nobody acts until a code is typed again. */
export function lock() {
  actAs(null);
  postForm(config.urls.close, {}).catch(() => {}); // without network the server locks by itself
  store.changed();
}

/** Somebody else has signed in: what the former person had not sent is handed to the office, then all is wiped. */
async function reportAndWipe(former) {
  const left = (await store.entries()).filter((entry) => entry.state === "waiting" || entry.state === "later");
  for (let start = 0; start < left.length; start += config.limits.batch) {
    const actions = left.slice(start, start + config.limits.batch);
    const told = actions.map((entry) => ({ ...travelling(entry), left_by: former.name }));
    await postJson(config.urls.actions, { now: new Date().toISOString(), actions: told });
  }
  await store.wipe();
}

/** The access is over: the server has written down what it refused, or is told of it now; then all is wiped. */
async function leave(trouble) {
  const entries = (await store.entries()).filter((entry) => entry.state !== "sent");
  const left = entries.filter((entry) => entry.state === "waiting" || entry.state === "later");
  const reported = !left.length || (await reportRefused(left));
  const lost = reported ? [] : left.map((entry) => entry.label);
  goodbye.current = { reported: reported ? entries.length : 0, lost };
  actAs(null);
  await store.wipe();
  return false;
}

async function reportRefused(left) {
  for (let start = 0; start < left.length; start += config.limits.batch) {
    try {
      const actions = left.slice(start, start + config.limits.batch).map(travelling);
      await postJson(config.urls.actions, { now: new Date().toISOString(), actions });
    } catch (error) {
      if (error.kind !== "withdrawn") return false;
    }
  }
  return true;
}

/** What became of the actions of an access that was withdrawn, for the screen that says it. */
export const farewell = () => goodbye.current;
