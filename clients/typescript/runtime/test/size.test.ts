/** How many bytes the runtime has in a page, minified and compressed: no more than before. 6,000 is where it is to go. */
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

import { build } from "vite";
import { expect, test } from "vitest";

const INDEX = fileURLToPath(new URL("../src/index.ts", import.meta.url));

/** What a page bundles that uses `exported` of the runtime. */
async function bytesOf(exported: string): Promise<number> {
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
        load: (id) =>
          id === "\0page" ? `export ${exported} from ${JSON.stringify(INDEX)}` : undefined,
      },
    ],
  });
  const [{ output: chunks }] = output as unknown as [{ output: [{ code: string }] }];
  return gzipSync(chunks[0].code, { level: 9 }).length;
}

test.each([
  ["{ Client }", 6170],
  ["*", 7800],
])("a page that takes %s of it bundles no more than %i bytes", async (exported, most) => {
  expect(await bytesOf(exported)).toBeLessThanOrEqual(most);
});
