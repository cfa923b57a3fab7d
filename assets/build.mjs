// Builds static/dist/: one stylesheet for the product and a smaller one for public pages, one script per page family,
// the fonts.
//   node assets/build.mjs [--watch]
import { spawn } from "node:child_process";
import { cp, mkdir, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { context } from "esbuild";

const OUT = "static/dist";
const watch = process.argv.includes("--watch");
const cliPackage = createRequire(import.meta.url).resolve("@tailwindcss/cli/package.json");
// The reader of codes wants the very file that it was built with.
const scanner = createRequire(createRequire(import.meta.url).resolve("barcode-detector/ponyfill"));
const scannerWasm = scanner.resolve("zxing-wasm/reader/zxing_reader.wasm");
const tailwind = join(dirname(cliPackage), "dist/index.mjs");

/** Run the Tailwind command line on one stylesheet; resolves when it ends. */
function css(source, target) {
  const flags = ["-i", `assets/css/${source}.css`, "-o", `${OUT}/${target}.css`, watch ? "--watch=always" : "--minify"];
  const child = spawn(process.execPath, [tailwind, ...flags], { stdio: "inherit" });
  return new Promise((done, fail) => child.on("exit", (code) => (code ? fail(new Error(`tailwind: ${code}`)) : done())));
}

const scripts = await context({
  entryPoints: ["app", "public", "portal", "help", "photos", "push-sw", "floor", "floor-scan", "floor-sw", "oven"].map(
    (family) => `assets/js/${family}.js`,
  ),
  outdir: OUT,
  bundle: true,
  // The manifest storage does not rewrite module imports: one self-contained file per family.
  format: "iife",
  target: ["es2020", "safari15"],
  minify: !watch,
  sourcemap: watch ? "inline" : false,
  legalComments: "none",
});

if (!watch) await rm(OUT, { recursive: true, force: true });
await mkdir(OUT, { recursive: true });
await cp("assets/images", `${OUT}/images`, { recursive: true });
await cp("assets/fonts", `${OUT}/fonts`, { recursive: true, filter: (path) => !/\.(md|txt)$/.test(path) });
await cp(scannerWasm, `${OUT}/floor-scan.wasm`);
if (watch) {
  await scripts.watch();
} else {
  await scripts.rebuild();
}
await Promise.all([css("app", "app"), css("face", "public"), css("floor", "floor")]);
await scripts.dispose();
