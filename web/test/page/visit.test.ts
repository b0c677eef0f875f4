import { expect, test, vi } from "vitest";

import { Visit } from "../../src/page/visit.ts";

function visit(): Visit {
  return new Visit({ number: 1, place: new URLSearchParams("view=spc"), token: "" });
}

test("what a view tells is told to the page, part by part", () => {
  const here = visit();
  const changed = vi.fn();
  here.subscribe(changed);

  here.connected({ status: "open" });
  here.notice("look");
  here.announce("listen");

  expect(here.told()).toMatchObject({
    connection: { status: "open" },
    notice: "look",
    announcement: "listen",
  });
  expect(changed).toHaveBeenCalledTimes(3);
});

test("a connection that is as it was is no news", () => {
  const here = visit();
  const state = { status: "open" } as const;
  here.connected(state);
  const changed = vi.fn();
  here.subscribe(changed);

  here.connected(state);

  expect(changed).not.toHaveBeenCalled();
});

test("who is refused for their token is told how to sign in, and others are not", () => {
  const [refused, lost] = [visit(), visit()];
  refused.connected({ status: "closed", code: 4401, reason: "", terminal: true });
  lost.connected({ status: "closed", code: 4403, reason: "", terminal: true });

  expect(refused.told().notice).toContain("make demo");
  expect(lost.told().notice).toBe("");
});
