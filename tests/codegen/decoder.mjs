/**
 * The decoder of the TypeScript runtime, as it was built. Reads lines of `{messages, frames}`, and writes for each the
 * names of the messages that the frames are told to be.
 */
import { createInterface } from "node:readline";

import { decoder } from "../../clients/typescript/runtime/dist/decoder.js";
import { forms } from "../../clients/typescript/runtime/dist/forms.js";

for await (const line of createInterface({ input: process.stdin })) {
  const { messages, frames } = JSON.parse(line);
  const decode = decoder({ ...messages, forms });
  console.log(JSON.stringify(frames.map((each) => decode(each).name)));
}
