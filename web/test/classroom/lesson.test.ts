import type { Participant, SessionDetails, Subtask } from "@wirepact/services/classroom";
import { beforeEach, expect, test } from "vitest";

import { Lesson, MAX_QUESTIONS, titleOf } from "../../src/classroom/lesson.ts";

const STEPS: Subtask[] = [1, 2].map((id) => ({
  id,
  order_index: id,
  title: `Step ${id}`,
  target_action: "CLICK",
  guide_text: "",
  voice_guide_text: null,
}));

const DETAILS: SessionDetails = {
  id: 1,
  session_code: "DEMO",
  title: "사진 보내기",
  status: "WAITING",
  current_subtask: null,
  subtasks: STEPS,
};

let lesson: Lesson;

beforeEach(() => {
  lesson = new Lesson();
  lesson.load(DETAILS, [participant(2, "김영희"), participant(1, "Kim", { role: "INSTRUCTOR" })]);
});

function participant(id: number, name: string, more: Partial<Participant> = {}): Participant {
  return {
    user_id: id,
    user_name: name,
    role: "STUDENT",
    status: "ACTIVE",
    last_active_at: "2026-01-11T03:00:00Z",
    current_subtask: null,
    ...more,
  };
}

function progress(id: number, step: number): void {
  lesson.progressed({
    type: "progress_updated",
    user_id: id,
    user_name: "김영희",
    subtask_id: step,
    status: "completed",
  });
}

test("students are counted, instructors not", () => {
  expect(lesson.students).toEqual([{ id: 2, name: "김영희", isHere: true, step: undefined }]);
});

test("the first step begins the lesson, and it stays paused while it is led on", () => {
  lesson.stepChanged({ type: "step_changed", subtask: STEPS[0]! });
  expect(lesson.status).toBe("IN_PROGRESS");

  lesson.statusChanged({ type: "session_status_changed", status: "PAUSED", message: "" });
  lesson.stepChanged({ type: "step_changed", subtask: STEPS[1]! });

  expect([lesson.status, titleOf(lesson.current, lesson.steps)]).toEqual(["PAUSED", "Step 2"]);
});

test("who has done the step that everyone is at is counted", () => {
  expect(lesson.doneWithCurrent).toBe(0);
  lesson.stepChanged({ type: "step_changed", subtask: STEPS[0]! });
  progress(2, 1);
  expect(lesson.doneWithCurrent).toBe(1);

  lesson.stepChanged({ type: "step_changed", subtask: STEPS[1]! });

  expect(lesson.doneWithCurrent).toBe(0);
});

test("who leaves is away, and keeps what they have done", () => {
  progress(2, 1);
  lesson.left({ type: "participant_left", user_id: 2, user_name: "김영희" });

  expect(lesson.students).toEqual([{ id: 2, name: "김영희", isHere: false, step: 1 }]);
});

test("a user 2 and a user 2 by text are two", () => {
  lesson.joined({ type: "participant_joined", user_id: "2", user_name: "이철수", role: "STUDENT" });

  expect(lesson.students.map(({ name }) => name)).toEqual(["김영희", "이철수"]);
});

test("calls for help stand newest first and do not grow without end", () => {
  for (let number = 0; number < MAX_QUESTIONS + 5; number += 1) {
    lesson.asked({
      type: "help_requested",
      user_id: 2,
      user_name: "김영희",
      subtask_id: 1,
      message: String(number),
    });
  }

  expect(lesson.questions).toHaveLength(MAX_QUESTIONS);
  expect(lesson.questions[0]?.message).toBe(String(MAX_QUESTIONS + 4));
});

test("what is shown does not change any more, and who is as they were stays the same", () => {
  lesson.joined({ type: "participant_joined", user_id: 3, user_name: "이철수", role: "STUDENT" });
  const before = lesson.show();

  progress(2, 1);
  const after = lesson.show();

  expect(before).toMatchObject({ here: 2, students: [{ step: undefined }, {}] });
  expect(after.students[0]).toMatchObject({ step: 1 });
  expect(after.students[1]).toBe(before.students[1]);
});
