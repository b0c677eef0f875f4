/** The hospital: five channels, each over a connection of its own. */
import { ClinicClient } from "@wirepact/services/clinic";

import { framed } from "../frame.ts";
import type { Site } from "../site.ts";
import { together } from "../together.ts";
import { drawHospital } from "./draw.ts";
import { Hospital } from "./hospital.ts";

export function openClinic(site: Site, signal: AbortSignal): void {
  const hospital = new Hospital();
  const draw = framed(() => drawHospital(hospital));
  const { token } = site;
  const clinic = new ClinicClient({
    url: location.origin,
    ...(token && { getToken: () => token }),
  });

  /** Takes a message in, and has it drawn. */
  function taking<Message>(take: (message: Message) => void): (message: Message) => void {
    return (message) => {
      take(message);
      draw();
    };
  }

  const presence = clinic.presence({ signal });
  presence.on(
    "presence_snapshot",
    taking((message) => hospital.showPeople(message)),
  );
  presence.on(
    "user_online",
    taking((message) => hospital.online(message)),
  );
  presence.on(
    "user_offline",
    taking((message) => hospital.offline(message)),
  );

  const order = taking(hospital.order.bind(hospital));
  const ocs = clinic.ocs({ signal });
  ocs.on(
    "ocs_snapshot",
    taking(({ orders }) => hospital.showOrders(orders)),
  );
  ocs.on("order_created", order);
  ocs.on("order_status_changed", order);
  ocs.on("order_result_ready", order);
  ocs.on("order_cancelled", order);

  const job = taking(hospital.job.bind(hospital));
  const jobs = clinic.aiInference({ signal });
  jobs.on("ai_inference_result", job);
  jobs.on("ai_inference_failure", job);

  const changed = taking(hospital.changed.bind(hospital));
  const permissions = clinic.permissions({ signal });
  permissions.on("permission_granted", changed);
  permissions.on("permission_revoked", changed);
  permissions.on("role_changed", changed);

  const ownChanged = taking(hospital.ownChanged.bind(hospital));
  const own = clinic.userPermissions({ signal });
  own.on("permission_granted", ownChanged);
  own.on("permission_revoked", ownChanged);
  own.on("role_changed", ownChanged);

  together([presence, ocs, jobs, permissions, own], site.connected);
  draw();
}
