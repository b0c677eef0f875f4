import { memo, type ReactNode } from "react";

import { Card, Scroll } from "../page/card.tsx";
import { Label } from "../page/label.tsx";
import { Moment } from "../page/moment.tsx";
import type { Person } from "./hospital.ts";

const TITLE = "Presence";

interface Props {
  /** Those who are here, and then those who were. */
  readonly people: readonly Person[];
  /** How many are here. */
  readonly online: number;
}

export function People({ people, online }: Props): ReactNode {
  const count = <span id="people-count" className="quiet numeric">{`${online} online`}</span>;
  return (
    <Card area="people" title={TITLE} aside={count}>
      <Scroll label={TITLE}>
        <ul id="people" className="rows">
          {people.map((person) => (
            <Row key={person.user_id} person={person} />
          ))}
        </ul>
        {people.length === 0 && (
          <p id="people-empty" className="empty">
            Nobody is here
          </p>
        )}
      </Scroll>
    </Card>
  );
}

const Row = memo(function Row({ person }: { readonly person: Person }): ReactNode {
  const { user_id, user_name, lastSeen } = person;
  return (
    <li className="event">
      <span className="what">{user_name || user_id}</span>
      {lastSeen === undefined ? (
        <Label state="here">online</Label>
      ) : (
        <Label state="away">
          last seen <Moment at={lastSeen} />
        </Label>
      )}
    </li>
  );
});
