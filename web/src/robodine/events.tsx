import type { Event } from "@wirepact/services/robodine";
import { memo, type ReactNode } from "react";

import { Card, Scroll } from "../page/card.tsx";
import { momentText } from "../text.ts";

const TITLE = "Events";

export function Events({ events }: { readonly events: readonly Event[] }): ReactNode {
  return (
    <Card area="events" title={TITLE}>
      <Scroll label={TITLE}>
        <ol id="events" className="rows">
          {events.map((event) => (
            <Row key={event.id} event={event} />
          ))}
        </ol>
        {events.length === 0 && (
          <p id="events-empty" className="empty">
            Nothing happened yet
          </p>
        )}
      </Scroll>
    </Card>
  );
}

const Row = memo(function Row({ event }: { readonly event: Event }): ReactNode {
  const { kind, message, timestamp } = event;
  return (
    <li className="event">
      <div className="what">
        <p>{message ?? kind}</p>
      </div>
      <time className="quiet numeric">{timestamp !== undefined && momentText(timestamp)}</time>
    </li>
  );
});
