/** What was said, oldest first. */
import type { SharedFile } from "@wirepact/services/chat";
import { type ReactNode, useCallback } from "react";

import { saved, sentence } from "../api.ts";
import { useSite } from "../page/site.ts";
import { useEnd } from "./end.ts";
import { Row } from "./row.tsx";
import type { Entry } from "./room.ts";

interface Props {
  readonly entries: readonly Entry[];
  readonly self: number | undefined;
}

export function Log({ entries, self }: Props): ReactNode {
  const log = useEnd();
  const save = useSave();
  return (
    <div id="chat-log" ref={log} className="scroll" role="log" tabIndex={0} aria-label="Messages">
      <div>
        <ol id="lines" className="lines">
          {entries.map(({ line, readers }) => (
            <Row
              key={line.key}
              line={line}
              readers={readers}
              isOwn={line.user === self}
              save={save}
            />
          ))}
        </ol>
        {entries.length === 0 && (
          <p id="lines-empty" className="empty">
            Nothing was said yet. “make demo” has four friends chat, and prints a link that signs
            you in.
          </p>
        )}
      </div>
    </div>
  );
}

/** Saves a file: members only get it, so that it takes more than a link. */
function useSave(): (file: SharedFile) => void {
  const site = useSite();
  return useCallback(
    ({ url, name }) => {
      saved(url, name, site.token).catch((error: unknown) => site.notice(sentence(error)));
    },
    [site],
  );
}
