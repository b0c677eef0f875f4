import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

import type { Sign } from "../src/channel.ts";
import { shows } from "../src/signs.ts";

interface Shown {
  readonly frame: string;
  readonly sign: Sign;
  readonly isShown: boolean;
}

/** What the Python runtime is held to as well. */
const SHOWN = JSON.parse(
  readFileSync(new URL("../../../../tests/contract/signs.json", import.meta.url), "utf-8"),
) as Shown[];

test.each(SHOWN)("$frame shows $sign: $isShown", ({ frame, sign, isShown }) => {
  expect(shows(JSON.parse(frame), [sign])).toBe(isShown);
});
