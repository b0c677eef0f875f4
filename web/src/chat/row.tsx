import type { SharedFile } from "@wirepact/services/chat";
import { memo, type ReactNode } from "react";

import { sizeText, utcText } from "../text.ts";
import { Picture } from "./picture.tsx";
import type { Line } from "./room.ts";

interface Props {
  readonly line: Line;
  readonly readers: number;
  readonly isOwn: boolean;
  readonly save: (file: SharedFile) => void;
}

/** One line: something that was said, or that somebody came or went. */
export const Row = memo(function Row({ line, readers, isOwn, save }: Props): ReactNode {
  const { kind, user, text, file, at } = line;
  const author = isOwn ? "You" : String(user || "Somebody");
  if (kind !== "said") {
    return (
      <li className="came quiet">
        {author} {kind}
      </li>
    );
  }
  return (
    <li className={isOwn ? "said own" : "said"}>
      <strong className="author">{author}</strong>
      <div className="bubble">
        {text && <p>{text}</p>}
        {file && <Shared file={file} save={save} />}
      </div>
      <p className="quiet numeric">
        <time dateTime={`${at}Z`}>{utcText(at)}</time>
        <span className="receipt">{readers > 0 && ` · read by ${readers}`}</span>
      </p>
    </li>
  );
});

function Shared({ file, save }: { readonly file: SharedFile } & Pick<Props, "save">): ReactNode {
  return (
    <>
      {file.media_type.startsWith("image/") && <Picture file={file} />}
      <button className="plain" type="button" onClick={() => save(file)}>
        {file.name} · {sizeText(file.size)}
      </button>
    </>
  );
}
