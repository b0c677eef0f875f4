/**
 * What arethetypeswrong and publint say of a tarball, as JSON: `node judge.mjs TARBALL [ENTRY…]`.
 *
 * Entries are named where they can't be told from `exports`, which is where these have a `*`. What only the resolution of Node 10 finds is left out.
 */
import { readFile } from "node:fs/promises";

import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";

const [path, ...entrypoints] = process.argv.slice(2);
const tarball = await readFile(path);

async function types() {
  const told = await checkPackage(
    createPackageFromTarballData(tarball),
    entrypoints.length > 0 ? { entrypoints } : {},
  );
  if (told.types === false) return { types: false, entries: [], problems: [] };
  const problems = told.problems
    .filter(({ resolutionKind }) => resolutionKind !== "node10")
    .map(({ kind, entrypoint, resolutionKind, typesFileName, fileName }) =>
      [kind, entrypoint ?? typesFileName ?? fileName, resolutionKind].filter(Boolean).join(" "),
    );
  return { types: told.types.kind, entries: Object.keys(told.entrypoints), problems };
}

async function findings() {
  const { messages, pkg } = await publint({ pack: { tarball: new Uint8Array(tarball).buffer } });
  return messages.map((message) => `${message.type}: ${formatMessage(message, pkg)}`);
}

console.log(JSON.stringify({ ...(await types()), findings: await findings() }));
