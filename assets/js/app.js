// The authenticated product.
import Alpine from "@alpinejs/csp";
import htmx from "htmx.org";
import { startAutosubmit, startBusy, startChanged, startCopy, startFileDrops, startGuard, startKeptTyping, startSelectAll, startSummaries } from "./forms.js";
import { startBoard } from "./board.js";
import { startDialogs, startMenus, startToggles } from "./overlays.js";
import { startLookups } from "./lookup.js";
import { startLeaving } from "./leaving.js";
import { startNotices } from "./notices.js";
import { startPush } from "./push.js";
import { startPalette } from "./palette.js";
import { startSaying } from "./said.js";
import { startConditionals } from "./conditional.js";
import { startSorting } from "./sorting.js";
import { startSignatures } from "./signature.js";
import { startTabs } from "./tabs.js";
import { startTheme } from "./theme.js";
import { startToasts } from "./toasts.js";
import { startErrors } from "./errors.js";

// Screens with a script of their own (shop floor, planning) find both here.
window.htmx = htmx;
window.Alpine = Alpine;

for (const start of [
  startErrors,
  startTheme,
  startToasts,
  startDialogs,
  startMenus,
  startToggles,
  startNotices,
  startLeaving,
  startPalette,
  startSaying,
  startTabs,
  startGuard,
  startKeptTyping,
  startBusy,
  startFileDrops,
  startAutosubmit,
  startSelectAll,
  startSummaries,
  startChanged,
  startCopy,
  startSignatures,
  startConditionals,
  startLookups,
  startSorting,
  startBoard,
  startPush,
]) {
  start();
}
Alpine.start();
