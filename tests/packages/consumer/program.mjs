/** Imports every entry that it is given, and tells what they hold, and how a connection lived. */
import { life } from "./life.mjs";
import { told } from "./told.cjs";

const entries = Object.fromEntries(
  await Promise.all(process.argv.slice(2).map(async (each) => [each, await import(each)])),
);
told(entries, await life(entries["@wirepact/services/spc"], entries["@wirepact/client"]));
