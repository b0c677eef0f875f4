import type { Subtask } from "@wirepact/services/classroom";
import { memo, type ReactNode } from "react";

import { Card, Scroll } from "../page/card.tsx";
import { Label } from "../page/label.tsx";
import { titleOf, type Student } from "./lesson.ts";

const TITLE = "Students";

interface Props {
  /** By name. */
  readonly students: readonly Student[];
  /** How many of them are here. */
  readonly here: number;
  readonly steps: readonly Subtask[];
}

export function Students({ students, here, steps }: Props): ReactNode {
  const count = (
    <span id="students-count" className="quiet numeric">
      {students.length > 0 && `${here} of ${students.length} here`}
    </span>
  );
  return (
    <Card area="students" title={TITLE} aside={count}>
      <Scroll label={TITLE}>
        <table>
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Presence</th>
              <th scope="col">Last done</th>
            </tr>
          </thead>
          <tbody id="students">
            {students.map((student) => (
              <Row
                key={`${typeof student.id} ${student.id}`}
                student={student}
                step={titleOf(student.step, steps)}
              />
            ))}
          </tbody>
        </table>
        {students.length === 0 && (
          <p id="students-empty" className="empty">
            Nobody yet
          </p>
        )}
      </Scroll>
    </Card>
  );
}

interface RowProps {
  readonly student: Student;
  readonly step: string;
}

const Row = memo(function Row({ student, step }: RowProps): ReactNode {
  const { name, isHere } = student;
  const presence = isHere ? "here" : "away";
  return (
    <tr>
      <th className="name" scope="row">
        {name}
      </th>
      <td>
        <Label state={presence}>{presence}</Label>
      </td>
      <td className="quiet">{step || "–"}</td>
    </tr>
  );
});
