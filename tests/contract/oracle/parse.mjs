// Says, as JSON, what the official parser finds in the documents that are named as arguments:
// what it objects to, and for each operation its action, its address and its messages.
import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";

import { Parser } from "@asyncapi/parser";

const parser = new Parser();

const names = (messages) => messages.map((message) => message.id()).sort();

const operation = (each) => ({
  action: each.action(),
  address: each.channels().all()[0].address(),
  messages: names(each.messages().all()),
  replies: names(each.reply()?.messages().all() ?? []),
});

const problem = (each) => `${each.range.start.line + 1}: ${each.code} ${each.message} (${each.path.join(".")})`;

const opinion = async (path) => {
  const source = pathToFileURL(path).href;
  const { document, diagnostics } = await parser.parse(await readFile(path, "utf8"), { source });
  return {
    errors: diagnostics.filter((each) => each.severity === 0).map(problem),
    warnings: diagnostics.filter((each) => each.severity === 1).map(problem),
    operations: Object.fromEntries(document?.operations().all().map((each) => [each.id(), operation(each)]) ?? []),
  };
};

const paths = process.argv.slice(2);
const opinions = await Promise.all(paths.map(async (path) => [path, await opinion(path)]));
process.stdout.write(JSON.stringify(Object.fromEntries(opinions)));
