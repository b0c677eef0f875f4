/**
 * The validator of the TypeScript runtime, as it was built. Reads lines of `{definitions, name, values}`, where each value is a
 * text of JSON, and writes for each value whether it fits the definition of that name.
 */
import { createInterface } from "node:readline";

import { schemaOf } from "../../clients/typescript/runtime/dist/validate.js";

for await (const line of createInterface({ input: process.stdin })) {
  const { definitions, name, values } = JSON.parse(line);
  const { validate } = schemaOf(definitions, name)["~standard"];
  console.log(JSON.stringify(values.map((each) => !validate(JSON.parse(each)).issues)));
}
