/** A lesson drawn: its steps, its students, and who asked for help. */
import type { SessionStatus, Subtask } from "@wirepact/services/classroom";

import { byId, element, list, setText } from "../dom.ts";
import type { Lesson, Question, Student } from "./lesson.ts";

const LISTED: Readonly<Record<SessionStatus, string>> = {
  WAITING: "not begun",
  IN_PROGRESS: "in progress",
  PAUSED: "paused",
  ENDED: "ended",
};
/** A status that has no word here is shown as the server calls it. */
const WORDS = new Map<string, string>(Object.entries(LISTED));

const title = byId("lesson-title", HTMLElement);
const status = byId("lesson-status", HTMLElement);
const steps = byId("steps", HTMLOListElement);
const stepsEmpty = byId("steps-empty", HTMLElement);
const students = byId("students", HTMLTableSectionElement);
const studentsEmpty = byId("students-empty", HTMLElement);
const count = byId("students-count", HTMLElement);
const questions = byId("questions", HTMLOListElement);
const questionsEmpty = byId("questions-empty", HTMLElement);

export function drawLesson(lesson: Lesson): void {
  setText(title, lesson.title);
  setText(status, lesson.status ? (WORDS.get(lesson.status) ?? lesson.status) : "");
  status.dataset["state"] = lesson.status ?? "";
  status.hidden = lesson.status === undefined;
  drawSteps(lesson);
  drawStudents(lesson);
  list(
    questions,
    lesson.questions,
    ({ number }) => String(number),
    (each) => question(each, lesson),
  );
  questionsEmpty.hidden = lesson.questions.length > 0;
}

function drawSteps({ steps: all, current, doneWithCurrent, students: everyone }: Lesson): void {
  list(steps, all, ({ id }) => String(id), step);
  for (const each of steps.children as Iterable<Element> & HTMLCollectionOf<HTMLElement>) {
    const isCurrent = each.dataset["key"] === String(current);
    if (isCurrent) each.setAttribute("aria-current", "step");
    else each.removeAttribute("aria-current");
    const done = isCurrent ? `${doneWithCurrent} of ${everyone.length} are done` : "";
    if (each.lastElementChild) setText(each.lastElementChild, done);
  }
  stepsEmpty.hidden = all.length > 0;
}

function step({ title: name, guide_text }: Subtask): HTMLElement {
  return element(
    "li",
    "step",
    element("strong", "title", name),
    element("p", "quiet", guide_text),
    element("p", "done numeric"),
  );
}

function drawStudents(lesson: Lesson): void {
  const everyone = lesson.students;
  const here = everyone.filter(({ isHere }) => isHere).length;
  setText(count, everyone.length > 0 ? `${here} of ${everyone.length} here` : "");
  list(students, everyone, keyOf, (each) => student(each, lesson));
  studentsEmpty.hidden = everyone.length > 0;
}

function keyOf({ id, name, isHere, step: at }: Student): string {
  return [typeof id, id, name, isHere, at].join(" ");
}

function student({ name, isHere, step: at }: Student, lesson: Lesson): HTMLElement {
  const presence = element("span", "state", isHere ? "here" : "away");
  presence.dataset["state"] = isHere ? "here" : "away";
  return element(
    "tr",
    "",
    element("th", "name", name),
    element("td", "", presence),
    element("td", "quiet", lesson.step(at) || "–"),
  );
}

function question({ user_name, message, subtask_id }: Question, lesson: Lesson): HTMLElement {
  const what = element(
    "div",
    "what",
    element("strong", "title", user_name),
    element("p", "", message),
    element("p", "quiet", lesson.step(subtask_id)),
  );
  return element("li", "event", what);
}
