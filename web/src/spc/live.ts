/** From the connection to the board. */
import { useChannel, useChannelEvent, useConnection } from "@wirepact/client/react";
import { SpcClient } from "@wirepact/services/spc";
import { useMemo } from "react";

import { useFrames } from "../frames.ts";
import { useClient, useShownConnection, useSite } from "../page/site.ts";
import { Board, type Shown } from "./board.ts";
import { Control } from "./control.ts";

/** What it knows outlives the view. */
const BOARD = new Board();

/** Connected for as long as the view is shown: the board, frame by frame, and what can be done with it. */
export function useLive(): readonly [Shown, Control] {
  const site = useSite();
  const live = useChannel(useClient(SpcClient), "notifications");
  const [shown, changed] = useFrames(() => BOARD.show());
  const control = useMemo(() => new Control(BOARD, live, site, changed), [live, site, changed]);
  useShownConnection(useConnection(live));

  useChannelEvent(live, "connection", () => control.greeted());
  useChannelEvent(live, "alerts", ({ alerts }) =>
    control.change((board) => board.addAlerts(alerts)),
  );
  useChannelEvent(live, "alert", ({ alert }) =>
    control.change((board) =>
      document.hidden ? board.addAlerts([alert]) : board.hearAlert(alert),
    ),
  );
  useChannelEvent(live, "measurement", ({ measurement }) => {
    control.change((board) => board.addValue(measurement));
    control.refreshIfStale(measurement.product_id);
  });
  useChannelEvent(live, "capability", ({ capability }) =>
    control.change((board) => board.setCapability(capability)),
  );
  useChannelEvent(live, "run_rule_violation", ({ run_rule_violation }) =>
    control.change((board) => board.addViolation(run_rule_violation)),
  );
  useChannelEvent(live, "error", ({ message }) => site.notice(`The server says: ${message}`));
  return [shown, control];
}
