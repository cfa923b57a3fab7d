// Public pages: marketing, blog, help, status, sign-in family.
import { startCampaign } from "./campaign.js";
import { startConsent } from "./consent.js";
import { startBusy, startCopy } from "./forms.js";
import { startMeasure } from "./measure.js";
import { startDialogs, startMenus, startToggles } from "./overlays.js";
import { startTheme } from "./theme.js";
import { startToasts } from "./toasts.js";
import { startErrors } from "./errors.js";

startErrors();
startTheme();
startToasts();
startToggles();
startMenus();
startDialogs();
startBusy();
startCopy();
startConsent();
startCampaign();
startMeasure();
