/**
 * What a page bundles, minified: `node bundle.mjs FOLDER` reads `{"name": "code of the page"}` from stdin, and writes `{"name": {"bytes", "gzip"}}`.
 *
 * Packages are those of the folder. React is none of the page's bytes, since whoever uses it has it already.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { gzipSync } from "node:zlib";

import { build } from "vite";

async function bundled(folder, code) {
  const entry = join(folder, "page.js");
  await writeFile(entry, code);
  const [{ output }] = await build({
    configFile: false,
    logLevel: "silent",
    root: folder,
    define: { "process.env.NODE_ENV": '"production"' },
    build: {
      write: false,
      minify: true,
      target: "es2022",
      lib: { entry, formats: ["iife"], name: "page" },
      rolldownOptions: { external: ["react"], output: { globals: { react: "React" } } },
    },
  });
  return output[0].code;
}

const into = await mkdtemp(join(process.argv[2], "page-"));
const sizes = {};
try {
  for (const [name, code] of Object.entries(await json(process.stdin))) {
    const script = await bundled(into, code);
    sizes[name] = {
      bytes: Buffer.byteLength(script),
      gzip: gzipSync(script, { level: 9 }).length,
    };
  }
} finally {
  await rm(into, { recursive: true });
}
console.log(JSON.stringify(sizes));
