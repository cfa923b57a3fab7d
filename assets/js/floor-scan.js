// The reader of codes, loaded when somebody scans: WebAssembly from our own files, never from elsewhere.
import { BarcodeDetector, prepareZXingModule } from "barcode-detector/ponyfill";

/** Read codes in what a video shows, several times a second, until `stop()`; each text is given to `found`. */
async function watch(video, wasmUrl, found) {
  prepareZXingModule({ overrides: { locateFile: () => wasmUrl } });
  const detector = new BarcodeDetector({ formats: ["qr_code", "data_matrix", "code_128", "code_39"] });
  let stopped = false;
  const look = async () => {
    if (stopped) return;
    try {
      for (const code of await detector.detect(video)) if (!stopped) found(code.rawValue);
    } catch {
      // A frame that could not be read; the next one may be.
    }
    setTimeout(look, 180);
  };
  look();
  return () => {
    stopped = true;
  };
}

window.thermoScan = { watch };
