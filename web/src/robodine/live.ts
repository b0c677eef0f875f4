/** Five topics of the restaurant, each over a connection of its own. */
import type { ConnectionState } from "@wirepact/client";
import { useChannel, useChannelEvent, useConnection } from "@wirepact/client/react";
import { RobodineClient, type TopicIncoming } from "@wirepact/services/robodine";
import { useState } from "react";

import { useFrames } from "../frames.ts";
import { useClient, useShownConnection } from "../page/site.ts";
import { Restaurant, type Shown, type TopicName } from "./restaurant.ts";

/** Connected for as long as the view is shown: the restaurant, frame by frame. */
export function useRestaurant(): Shown {
  const client = useClient(RobodineClient);
  const [restaurant] = useState(() => new Restaurant());
  const [shown, changed] = useFrames(() => restaurant.show());
  useShownConnection(
    useTopic(client, "robots", restaurant.robots, changed),
    useTopic(client, "tables", restaurant.tables, changed),
    useTopic(client, "orders", restaurant.orders, changed),
    useTopic(client, "events", restaurant.events, changed),
    useTopic(client, "status", restaurant.status, changed),
  );
  return shown;
}

/** What takes in the updates of a topic. */
interface Records<Update> {
  opened(): void;
  take(update: Update): void;
}

function useTopic<Name extends TopicName>(
  client: RobodineClient,
  topic: Name,
  records: Records<TopicIncoming[Name]["data"]>,
  changed: () => void,
): ConnectionState {
  const live = useChannel(client, "topic", { topic });
  useChannelEvent(live, "$open", () => records.opened());
  useChannelEvent(live, topic, (message: TopicIncoming[Name]) => {
    records.take(message.data);
    changed();
  });
  return useConnection(live);
}
