/**
 * Compiles both packages: ES modules into `dist`, CommonJS into `dist/cjs`, each with its own declarations.
 *
 * With `--from-nothing` nothing stays there of modules that have been removed since, as in a package that is published.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const HERE = import.meta.dirname;
const DISTS = ["runtime", "services"].map((name) => join(HERE, name, "dist"));
const COMPILER = join(HERE, "../../node_modules/typescript7/bin/tsc");

if (process.argv.includes("--from-nothing")) {
  for (const dist of DISTS) rmSync(dist, { recursive: true, force: true });
}
for (const dist of DISTS) {
  // The packages are of ES modules, and what is below this is not.
  mkdirSync(join(dist, "cjs"), { recursive: true });
  writeFileSync(join(dist, "cjs", "package.json"), '{ "type": "commonjs" }\n');
}
try {
  execFileSync(process.execPath, [COMPILER, "--build", HERE], { stdio: "inherit" });
} catch (error) {
  process.exitCode = error.status ?? 1; // what is wrong was said
}
