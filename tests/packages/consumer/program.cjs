/** Requires every entry that it is given, and tells what they hold, and how a connection lived. */
const { life } = require("./life.cjs");
const { told } = require("./told.cjs");

const entries = Object.fromEntries(process.argv.slice(2).map((each) => [each, require(each)]));
life(entries["@wirepact/services/spc"], entries["@wirepact/client"]).then((seen) => told(entries, seen));
