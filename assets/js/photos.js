// The photos of a project: sent, looked at, compared, drawn over.
import { startCompare } from "./photo_compare.js";
import { startEditors } from "./photo_editor.js";
import { startPhotoForms } from "./photo_upload.js";
import { startViewer } from "./photo_viewer.js";

for (const start of [startPhotoForms, startViewer, startEditors, startCompare]) start();
