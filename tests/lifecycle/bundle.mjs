/** Writes what the page runs, in one file, to standard output. */
import { fileURLToPath } from "node:url";

import { build } from "vite";

const [{ output }] = await build({
  configFile: false,
  logLevel: "silent",
  build: {
    write: false,
    minify: false,
    target: "es2022",
    lib: {
      entry: fileURLToPath(new URL("page_driver.mjs", import.meta.url)),
      formats: ["iife"],
      name: "driver",
    },
  },
});
process.stdout.write(output[0].code);
