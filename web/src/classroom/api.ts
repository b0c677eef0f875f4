/** The HTTP side: a lesson, and who takes part in it. */
import type { Participant, ParticipantList, SessionDetails } from "@wirepact/services/classroom";

import { fetched } from "../api.ts";

/** A lesson as it is now. Rejects with a sentence that can be shown. */
export async function detailsOf(
  session: string,
  token: string,
): Promise<readonly [SessionDetails, readonly Participant[]]> {
  const path = `/api/sessions/${encodeURIComponent(session)}/`;
  const [details, { participants }] = await Promise.all([
    fetched<SessionDetails>(path, token),
    fetched<ParticipantList>(`${path}participants/`, token),
  ]);
  return [details, participants];
}
