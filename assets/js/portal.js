// The end customer's pages: what the public pages do, the signature box and file drops.
import "./public.js";
import { startFileDrops, startGuard } from "./forms.js";
import { startConditionals } from "./conditional.js";
import { startCompare } from "./photo_compare.js";
import { startSignatures } from "./signature.js";
import { startErrors } from "./errors.js";

startErrors();
startFileDrops();
startGuard();
startSignatures();
startConditionals();
startCompare();
