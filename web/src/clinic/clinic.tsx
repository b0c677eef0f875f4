/** Clinic: orders, results of AI inference, who is there, and who may do what. */
import type { ReactNode } from "react";

import { Changes } from "./changes.tsx";
import { Jobs } from "./jobs.tsx";
import { useHospital } from "./live.ts";
import { Orders } from "./orders.tsx";
import { People } from "./people.tsx";

export function Clinic(): ReactNode {
  const { orders, open, people, online, jobs, changes, ownChanges } = useHospital();
  return (
    <div className="view clinic" id="clinic">
      <Orders orders={orders} open={open} />
      <People people={people} online={online} />
      <Jobs jobs={jobs} />
      <Changes id="changes" area="changes" title="Permissions" changes={changes} />
      <Changes id="own-changes" area="own-changes" title="Your permissions" changes={ownChanges} />
    </div>
  );
}
