/** How many bytes the runtime has in a page, minified and compressed: at the most 6,000 for a page with one client. */
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

import { build } from "vite";
import { expect, test } from "vitest";

const INDEX = fileURLToPath(new URL("../src/index.ts", import.meta.url));

/** What a page bundles that consists of `code`. */
async function bytesOf(code: string): Promise<number> {
  const output = await build({
    configFile: false,
    logLevel: "silent",
    build: {
      write: false,
      minify: true,
      target: "es2022",
      lib: { entry: "page", formats: ["iife"], name: "page" },
    },
    plugins: [
      {
        name: "page",
        resolveId: (id) => (id.endsWith("page") ? "\0page" : undefined),
        load: (id) => (id === "\0page" ? code : undefined),
      },
    ],
  });
  const [{ output: chunks }] = output as unknown as [{ output: [{ code: string }] }];
  return gzipSync(chunks[0].code, { level: 9 }).length;
}

test.each([
  ["import { Client } from RUNTIME; globalThis.used = Client;", 6000],
  ["export * from RUNTIME;", 7700],
])("a page of %s bundles no more than %i bytes", async (code, most) => {
  const bytes = await bytesOf(code.replace("RUNTIME", JSON.stringify(INDEX)));

  expect(bytes).toBeGreaterThan(1000);
  expect(bytes).toBeLessThanOrEqual(most);
});
