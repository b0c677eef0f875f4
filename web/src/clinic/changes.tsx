import { memo, type ReactNode } from "react";

import { Card, Scroll } from "../page/card.tsx";
import { Moment } from "../page/moment.tsx";
import type { Change, Told } from "./hospital.ts";
import { changeText } from "./words.ts";

interface Props {
  readonly id: string;
  readonly area: string;
  readonly title: string;
  /** Newest first. */
  readonly changes: readonly Told[];
}

/** Who may do what, as it changes. */
export function Changes({ id, area, title, changes }: Props): ReactNode {
  return (
    <Card area={area} title={title}>
      <Scroll label={title}>
        <ol id={id} className="rows">
          {changes.map(({ change, who }) => (
            <Row key={change.number} change={change} who={who} />
          ))}
        </ol>
        {changes.length === 0 && <p className="empty">None changed since this page was opened</p>}
      </Scroll>
    </Card>
  );
}

interface RowProps {
  readonly change: Change;
  readonly who: string;
}

const Row = memo(function Row({ change, who }: RowProps): ReactNode {
  return (
    <li className="event">
      <span className="what">{`${who}: ${changeText(change)}`}</span>
      <Moment at={change.timestamp} />
    </li>
  );
});
