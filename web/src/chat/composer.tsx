import { type ChangeEvent, type ReactNode, type SubmitEvent, useId, useState } from "react";

import type { Speaker } from "./speaker.ts";

interface Props {
  readonly speaker: Speaker;
  readonly isOpen: boolean;
}

/** A line to say something, which can be written on while nothing can be said. */
export function Composer({ speaker, isOpen }: Props): ReactNode {
  const [words, setWords] = useState("");
  const id = useId();
  const write = ({ currentTarget }: ChangeEvent<HTMLInputElement>): void => {
    setWords(currentTarget.value);
    speaker.typing(performance.now());
  };
  const say = async (event: SubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    if (words.trim() === "") return;
    setWords("");
    if (await speaker.say(words)) return;
    setWords((writtenSince) => writtenSince || words);
  };
  return (
    <form id="composer" className="choice" onSubmit={(event) => void say(event)}>
      <label className="unseen" htmlFor={id}>
        Say something
      </label>
      <input
        id={id}
        autoComplete="off"
        placeholder="Say something"
        value={words}
        onChange={write}
      />
      <button className="plain" type="submit" disabled={!isOpen}>
        Send
      </button>
      <Attachment speaker={speaker} isOpen={isOpen} />
    </form>
  );
}

function Attachment({ speaker, isOpen }: Props): ReactNode {
  const show = ({ currentTarget }: ChangeEvent<HTMLInputElement>): void => {
    const [file] = currentTarget.files ?? [];
    currentTarget.value = "";
    if (file !== undefined) void speaker.show(file);
  };
  return (
    <label className="attach plain">
      Show a file
      <input className="unseen" type="file" disabled={!isOpen} onChange={show} />
    </label>
  );
}
