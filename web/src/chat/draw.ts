/** A channel drawn: its lines, and who is writing. */
import type { SharedFile } from "@wirepact/services/chat";

import { byId, element, list, setText } from "../dom.ts";
import { sizeText, utcText } from "../text.ts";
import type { Line, Room } from "./room.ts";

/** How near to the end somebody must be to be kept at the end. */
const NEAR = 60;

const log = byId("chat-log", HTMLElement);
const rows = byId("lines", HTMLOListElement);
const empty = byId("lines-empty", HTMLElement);
const members = byId("members-count", HTMLElement);
const writing = byId("writing", HTMLElement);

/** Saves a file: members only get it, so that it takes more than a link. */
export type Save = (file: SharedFile) => void;

export function drawRoom(room: Room, self: number | undefined, save: Save): void {
  const isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR;
  list(
    rows,
    room.lines,
    ({ key }) => key,
    (each) => row(each, self, save),
  );
  room.lines.forEach((each, index) => {
    const receipt = rows.children[index]?.querySelector(".receipt");
    const readers = room.readers(each);
    if (receipt) setText(receipt, readers > 0 ? ` · read by ${readers}` : "");
  });
  empty.hidden = room.lines.length > 0;
  setText(members, room.members > 0 ? `${room.members} members` : "");
  setText(writing, writersText(room.writers(self, performance.now())));
  if (isAtEnd) log.scrollTop = log.scrollHeight;
}

function writersText(users: readonly number[]): string {
  if (users.length === 0) return "";
  return `${users.join(", ")} ${users.length > 1 ? "are" : "is"} writing …`;
}

function row(line: Line, self: number | undefined, save: Save): HTMLElement {
  const isOwn = line.user === self;
  const author = isOwn ? "You" : String(line.user || "Somebody");
  if (line.kind !== "said") return element("li", "came quiet", `${author} ${line.kind}`);
  return element(
    "li",
    isOwn ? "said own" : "said",
    element("strong", "author", author),
    element(
      "div",
      "bubble",
      ...(line.text ? [element("p", "", line.text)] : []),
      ...(line.file ? [download(line.file, save)] : []),
    ),
    element("p", "quiet numeric", utcText(line.at), element("span", "receipt")),
  );
}

function download(file: SharedFile, save: Save): HTMLElement {
  const button = element("button", "plain", `${file.name} · ${sizeText(file.size)}`);
  button.type = "button";
  button.addEventListener("click", () => save(file));
  return button;
}
