/** The steps of a lesson, and how far everyone is. */
import type { SessionStatus, Subtask } from "@wirepact/services/classroom";
import { memo, type ReactNode } from "react";

import { Card, Scroll } from "../page/card.tsx";
import { Choice } from "../page/choice.tsx";
import type { Shown } from "./lesson.ts";

const LISTED: Readonly<Record<SessionStatus, string>> = {
  WAITING: "not begun",
  IN_PROGRESS: "in progress",
  PAUSED: "paused",
  ENDED: "ended",
};
/** A status that has no word here is shown as the server calls it. */
const WORDS: ReadonlyMap<string, string> = new Map(Object.entries(LISTED));

interface Props {
  readonly session: string;
  readonly lesson: Shown;
}

export function Steps({ session, lesson }: Props): ReactNode {
  const { title, status, steps, current, doneWithCurrent, students } = lesson;
  return (
    <Card
      area="lesson"
      title="Lesson"
      subtitle={
        <p id="lesson-title" className="quiet">
          {title}
        </p>
      }
      aside={<Status status={status} />}
    >
      <Choice
        view="classroom"
        name="session"
        label="Session code"
        value={session}
        pattern="[A-Za-z0-9_\-]{1,64}"
      />
      <Scroll label="Steps">
        <ol id="steps" className="steps">
          {steps.map((step) => (
            <Row
              key={step.id}
              step={step}
              done={step.id === current ? doneText(doneWithCurrent, students.length) : undefined}
            />
          ))}
        </ol>
        {steps.length === 0 && (
          <p id="steps-empty" className="empty">
            No lesson yet. “make demo” gives one, and prints a link that signs you in.
          </p>
        )}
      </Scroll>
    </Card>
  );
}

function Status({ status }: Pick<Shown, "status">): ReactNode {
  return (
    <span
      id="lesson-status"
      className="state"
      role="status"
      data-state={status}
      hidden={status === undefined}
    >
      {status && (WORDS.get(status) ?? status)}
    </span>
  );
}

function doneText(done: number, all: number): string {
  return `${done} of ${all} are done`;
}

interface RowProps {
  readonly step: Subtask;
  /** How many are done with it, if everyone is at it. */
  readonly done: string | undefined;
}

const Row = memo(function Row({ step, done }: RowProps): ReactNode {
  return (
    <li className="step" aria-current={done === undefined ? undefined : "step"}>
      <strong className="title">{step.title}</strong>
      <p className="quiet">{step.guide_text}</p>
      <p className="done numeric">{done}</p>
    </li>
  );
});
