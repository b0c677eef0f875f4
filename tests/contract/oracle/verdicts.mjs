// Says, as JSON, what the official parser thinks of each document that is named as an argument: its errors, its
// warnings, and how many examples its messages carry. A document that the parser itself fails on has "crashed".
import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";

import { Parser } from "@asyncapi/parser";

const ERROR = 0;
const WARNING = 1;

const parser = new Parser();

const problem = (each) => `${each.range.start.line + 1}: ${each.code} ${each.message}`;

const verdict = async (path) => {
  const source = pathToFileURL(path).href;
  const { document, diagnostics } = await parser.parse(await readFile(path, "utf8"), { source });
  return {
    errors: diagnostics.filter((each) => each.severity === ERROR).map(problem),
    warnings: diagnostics.filter((each) => each.severity === WARNING).map(problem),
    examples: (document?.allMessages().all() ?? []).reduce((sum, each) => sum + each.examples().all().length, 0),
  };
};

const verdicts = {};
for (const path of process.argv.slice(2)) {
  verdicts[path] = await verdict(path).catch((error) => ({ crashed: String(error), errors: [], warnings: [], examples: 0 }));
}
process.stdout.write(JSON.stringify(verdicts));
