import { expect, test } from "vitest";

import { changeText, resultText, words } from "../../src/clinic/words.ts";

const WHO = { user_id: "7", timestamp: "2026-01-11T03:00:00Z" };

test("what somebody may do is said", () => {
  expect(changeText({ type: "PERMISSION_GRANTED", ...WHO, permission: "view" })).toBe(
    "granted view",
  );
  expect(changeText({ type: "PERMISSION_REVOKED", ...WHO, permission: "view" })).toBe(
    "revoked view",
  );
});

test("a role is said with the one before it, if there was one", () => {
  const changed = { type: "ROLE_CHANGED", ...WHO, role: "DOCTOR" } as const;

  expect(changeText({ ...changed, previous_role: "NURSE" })).toBe("NURSE → DOCTOR");
  expect(changeText({ ...changed, previous_role: null })).toBe("DOCTOR");
});

test("a result is shown whatever is in it", () => {
  expect(resultText({ label: "normal", confidence: 0.97, boxes: [[1, 2]] })).toBe(
    "label: normal, confidence: 0.97, boxes: [[1,2]]",
  );
});

test("a status is called by its words", () => {
  expect(words("result_ready")).toBe("result ready");
});
