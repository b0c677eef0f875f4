/** The server that is not there, typed by its client. Nothing here runs: `npm run check` is the test. */
import { RefusedError } from "@wirepact/client";
import { fake, type Faked } from "@wirepact/client/testing";
import {
  type FilterAlerts,
  type GetAlerts,
  type NotificationsOutgoing,
  SpcClient,
} from "@wirepact/services/spc";

import { expectType } from "../../../runtime/test/types/expect.ts";

const faked = fake(SpcClient, { wire: "legacy", getToken: () => "" });

export function making(): void {
  expectType<Faked<SpcClient>>()(faked, true);
  expectType<SpcClient>()(faked.client, true);

  // @ts-expect-error time is the fake's
  fake(SpcClient, { clock: faked.time });
  // @ts-expect-error so are the sockets
  fake(SpcClient, { webSocket: WebSocket });
  // @ts-expect-error there is no such wire
  fake(SpcClient, { wire: "wirepact.v2" });
  // @ts-expect-error that is no client
  fake(Date);
}

export async function serving(): Promise<void> {
  const notifications = faked.server.channel("notifications");
  expectType<readonly NotificationsOutgoing[keyof NotificationsOutgoing][]>()(
    notifications.sent,
    true,
  );
  notifications.push({
    type: "error",
    code: "internal",
    message: "",
  });
  notifications.answers("get_alerts", (asked) => {
    expectType<GetAlerts>()(asked, true);
    if (asked.limit === 0) throw new RefusedError({ code: "x", text: "", temporary: false });
    return { type: "alerts", alerts: [], timestamp: "2026-01-11T12:00:00" };
  });
  expectType<FilterAlerts>()(await notifications.received("filter_alerts"), true);
  faked.server.channel("product", { id: 1 });

  // @ts-expect-error a product's id is needed
  faked.server.channel("product");
  // @ts-expect-error there is no such channel
  faked.server.channel("alerts");
  // @ts-expect-error the client says that
  notifications.push({ type: "get_alerts" });
  // @ts-expect-error alerts are answered with alerts
  notifications.answers("get_alerts", () => ({ type: "error", code: "internal", message: "" }));
  // @ts-expect-error there is no such message to be asked
  notifications.answers("alerts", () => undefined);
}
