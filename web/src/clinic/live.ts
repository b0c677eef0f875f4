/** Five channels of the hospital, each over a connection of its own. */
import type { ConnectionState } from "@wirepact/client";
import { useChannel, useChannelEvent, useConnection } from "@wirepact/client/react";
import { ClinicClient } from "@wirepact/services/clinic";
import { useState } from "react";

import { useFrames } from "../frames.ts";
import { useClient, useShownConnection } from "../page/site.ts";
import { Hospital, type Shown } from "./hospital.ts";

/** Connected for as long as the view is shown: the hospital, frame by frame. */
export function useHospital(): Shown {
  const clinic = useClient(ClinicClient);
  const [hospital] = useState(() => new Hospital());
  const [shown, changed] = useFrames(() => hospital.show());
  const place = { clinic, hospital, changed };
  useShownConnection(
    usePresence(place),
    useOrders(place),
    useJobs(place),
    usePermissions(place),
    useOwnPermissions(place),
  );
  return shown;
}

interface Place {
  readonly clinic: ClinicClient;
  readonly hospital: Hospital;
  readonly changed: () => void;
}

function usePresence({ clinic, hospital, changed }: Place): ConnectionState {
  const live = useChannel(clinic, "presence");
  useChannelEvent(
    live,
    "presence_snapshot",
    then(changed, (all) => hospital.showPeople(all)),
  );
  useChannelEvent(
    live,
    "user_online",
    then(changed, (user) => hospital.online(user)),
  );
  useChannelEvent(
    live,
    "user_offline",
    then(changed, (user) => hospital.offline(user)),
  );
  return useConnection(live);
}

function useOrders({ clinic, hospital, changed }: Place): ConnectionState {
  const live = useChannel(clinic, "ocs");
  const take = then(changed, hospital.order.bind(hospital));
  useChannelEvent(
    live,
    "ocs_snapshot",
    then(changed, ({ orders }) => hospital.showOrders(orders)),
  );
  useChannelEvent(live, "order_created", take);
  useChannelEvent(live, "order_status_changed", take);
  useChannelEvent(live, "order_result_ready", take);
  useChannelEvent(live, "order_cancelled", take);
  return useConnection(live);
}

function useJobs({ clinic, hospital, changed }: Place): ConnectionState {
  const live = useChannel(clinic, "aiInference");
  const take = then(changed, hospital.job.bind(hospital));
  useChannelEvent(live, "ai_inference_result", take);
  useChannelEvent(live, "ai_inference_failure", take);
  return useConnection(live);
}

function usePermissions({ clinic, hospital, changed }: Place): ConnectionState {
  const live = useChannel(clinic, "permissions");
  const take = then(changed, hospital.changed.bind(hospital));
  useChannelEvent(live, "permission_granted", take);
  useChannelEvent(live, "permission_revoked", take);
  useChannelEvent(live, "role_changed", take);
  return useConnection(live);
}

function useOwnPermissions({ clinic, hospital, changed }: Place): ConnectionState {
  const live = useChannel(clinic, "userPermissions");
  const take = then(changed, hospital.ownChanged.bind(hospital));
  useChannelEvent(live, "permission_granted", take);
  useChannelEvent(live, "permission_revoked", take);
  useChannelEvent(live, "role_changed", take);
  return useConnection(live);
}

/** Takes a message in, and says that something changed. */
function then<Message>(
  changed: () => void,
  take: (message: Message) => void,
): (message: Message) => void {
  return (message) => {
    take(message);
    changed();
  };
}
