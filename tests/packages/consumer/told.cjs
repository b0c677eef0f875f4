/** Writes what a test wants to know of a run, as JSON. */
exports.told = (entries, seen) =>
  console.log(
    JSON.stringify({
      node: process.versions.node,
      eventClasses: Object.getOwnPropertyNames(globalThis).filter((name) => name.endsWith("Event")),
      holds: Object.fromEntries(
        Object.entries(entries).map(([name, held]) => [
          name,
          Object.keys(held).filter((each) => !["default", "module.exports", "__esModule"].includes(each)).sort(),
        ]),
      ),
      seen,
    }),
  );
