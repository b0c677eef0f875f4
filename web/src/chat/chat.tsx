/** Chat: what is said in a channel, and a line to say something. */
import { type ReactNode, useMemo } from "react";

import { Card } from "../page/card.tsx";
import { Choice } from "../page/choice.tsx";
import { useSite } from "../page/site.ts";
import { subjectOf } from "../token.ts";
import { Composer } from "./composer.tsx";
import { useRoom } from "./live.ts";
import { Log } from "./log.tsx";

const DEMO = "demo_chat";

export function Chat(): ReactNode {
  const { place, token } = useSite();
  const channel = place.get("channel") ?? DEMO;
  const self = useMemo(() => Number(subjectOf(token)) || undefined, [token]);
  const { shown, speaker, isOpen } = useRoom(channel, self);
  const { entries, members, writers } = shown;
  const count = (
    <span id="members-count" className="quiet numeric">
      {members > 0 && `${members} members`}
    </span>
  );
  return (
    <div className="view chat" id="chat">
      <Card area="talk" title="Chat" aside={count}>
        <Choice
          view="chat"
          name="channel"
          label="Channel"
          value={channel}
          pattern="[A-Za-z0-9_\-]{1,100}"
        />
        <Log entries={entries} self={self} />
        <p id="writing" className="writing quiet">
          {writing(writers)}
        </p>
        <Composer speaker={speaker} isOpen={isOpen} />
      </Card>
    </div>
  );
}

function writing(users: readonly number[]): string {
  if (users.length === 0) return "";
  return `${users.join(", ")} ${users.length > 1 ? "are" : "is"} writing …`;
}
