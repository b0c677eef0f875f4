import type { QualityAlert } from "@wirepact/services/spc";
import { memo, type ReactNode, useEffect, useState } from "react";

import { Card, Scroll } from "../page/card.tsx";
import { Clock } from "../page/clock.tsx";
import { useSite } from "../page/site.ts";

const TITLE = "Alerts";

/** Where more arrive at once, nothing stands out, and lighting up is all that the browser would do. */
const MOST_LIT = 8;

interface Props {
  readonly alerts: readonly QualityAlert[];
  readonly arrived: readonly QualityAlert[];
}

/** Newest first. What just arrived is announced, and lit up as it appears, unless it is a flood. */
export const Alerts = memo(function Alerts({ alerts, arrived }: Props): ReactNode {
  useAnnounced(arrived);
  const fresh = new Set(arrived.length > MOST_LIT ? [] : arrived);
  const count = alerts.length > 0 ? `latest ${alerts.length}` : "";
  return (
    <Card area="alerts" title={TITLE} aside={<span className="quiet numeric">{count}</span>}>
      <Scroll label={TITLE}>
        <ol id="alerts" className="rows">
          {alerts.map((alert) => (
            <Row key={alert.id} alert={alert} isFresh={fresh.has(alert)} />
          ))}
        </ol>
        {alerts.length === 0 && (
          <p id="alerts-empty" className="empty">
            No alerts yet
          </p>
        )}
      </Scroll>
    </Card>
  );
});

/** One sentence a frame, however many arrive in it. */
function useAnnounced(arrived: readonly QualityAlert[]): void {
  const site = useSite();
  useEffect(() => {
    const [newest] = arrived;
    if (newest === undefined) return;
    const others = arrived.length > 1 ? `${arrived.length} new alerts, the last: ` : "New alert: ";
    const { title, product_code, priority } = newest;
    site.announce(`${others}${title}, ${product_code}, priority ${priority}`);
  }, [site, arrived]);
}

interface RowProps {
  readonly alert: QualityAlert;
  readonly isFresh: boolean;
}

const Row = memo(function Row({ alert, isFresh }: RowProps): ReactNode {
  const [wasFresh] = useState(isFresh);
  const { priority } = alert;
  return (
    <li className={wasFresh ? "alert fresh" : "alert"} data-priority={priority}>
      <span
        className="badge"
        title={`Priority ${priority}; 5 is the most urgent`}
        data-priority={priority}
      >
        P{priority}
      </span>
      <div className="what">
        <strong className="title">{alert.title}</strong>
        <p className="message">{alert.message}</p>
        <p className="quiet">
          {alert.product_code} · {alert.product_name}
        </p>
        <p className="quiet">
          {alert.alert_type} · {alert.status}
        </p>
      </div>
      <Clock at={alert.created_at} />
    </li>
  );
});
