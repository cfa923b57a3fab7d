// Photos are reduced on the device: at most 2560 pixels, JPEG. What cannot be read is told, never sent.
import { fingerprint } from "./seals.js";

const LONGEST_SIDE = 2560;
const LARGEST = 10 * 1024 * 1024;

/** {blob, size, sha256} ready to be kept; an Error "unreadable" or "large". */
export async function prepare(file) {
  const blob = await reduced(file);
  if (blob.size > LARGEST) throw new Error("large");
  return { blob, size: blob.size, sha256: await fingerprint(blob) };
}

async function reduced(file) {
  let picture;
  try {
    picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    throw new Error("unreadable");
  }
  const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const made = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
  if (!made) throw new Error("unreadable");
  return made;
}
