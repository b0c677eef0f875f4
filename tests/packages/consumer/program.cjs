/** Requires every entry that it is given, and tells what they hold, and how a connection lived. */
const { told } = require("./told.cjs");

const entries = Object.fromEntries(process.argv.slice(2).map((each) => [each, require(each)]));
import("./life.mjs")
  .then(({ life }) => life(entries["@wirepact/services/spc"], entries["@wirepact/client"]))
  .then((seen) => told(entries, seen));
