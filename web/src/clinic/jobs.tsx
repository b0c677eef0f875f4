import { memo, type ReactNode } from "react";

import { Card, Scroll } from "../page/card.tsx";
import { Label } from "../page/label.tsx";
import type { Job } from "./hospital.ts";
import { resultText, words } from "./words.ts";

const TITLE = "AI inference";

/** Newest first. */
export const Jobs = memo(function Jobs({ jobs }: { readonly jobs: readonly Job[] }): ReactNode {
  return (
    <Card area="jobs" title={TITLE}>
      <Scroll label={TITLE}>
        <ol id="jobs" className="rows">
          {jobs.map((job) => (
            <Row key={job.job_id} job={job} />
          ))}
        </ol>
        {jobs.length === 0 && (
          <p id="jobs-empty" className="empty">
            No job was told of since this page was opened
          </p>
        )}
      </Scroll>
    </Card>
  );
});

const Row = memo(function Row({ job }: { readonly job: Job }): ReactNode {
  return (
    <li className="event">
      <div className="what">
        <strong className="title">{job.job_id}</strong>
        <p className="quiet">{"error" in job ? job.error : resultText(job.result)}</p>
      </div>
      <Label state={job.status}>{words(job.status)}</Label>
    </li>
  );
});
