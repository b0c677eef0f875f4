import type { Subtask } from "@wirepact/services/classroom";
import { memo, type ReactNode } from "react";

import { Card, Scroll } from "../page/card.tsx";
import { type Question, titleOf } from "./lesson.ts";

const TITLE = "Calls for help";

interface Props {
  /** Newest first. */
  readonly questions: readonly Question[];
  readonly steps: readonly Subtask[];
}

export function Questions({ questions, steps }: Props): ReactNode {
  return (
    <Card area="questions" title={TITLE}>
      <Scroll label={TITLE}>
        <ol id="questions" className="rows">
          {questions.map((question) => (
            <Row
              key={question.number}
              question={question}
              step={titleOf(question.subtask_id, steps)}
            />
          ))}
        </ol>
        {questions.length === 0 && (
          <p id="questions-empty" className="empty">
            None since this page was opened
          </p>
        )}
      </Scroll>
    </Card>
  );
}

interface RowProps {
  readonly question: Question;
  readonly step: string;
}

const Row = memo(function Row({ question, step }: RowProps): ReactNode {
  return (
    <li className="event">
      <div className="what">
        <strong className="title">{question.user_name}</strong>
        <p>{question.message}</p>
        <p className="quiet">{step}</p>
      </div>
    </li>
  );
});
