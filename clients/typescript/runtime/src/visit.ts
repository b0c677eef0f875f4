/** What the lines of a server that speaks `wirepact.v1` mean. `docs/wire.md` names the clauses. */
import {
  type Control,
  controlIn,
  controlLine,
  type Fields,
  messageIn,
  msIn,
  textIn,
} from "./lines.ts";
import { begin, isNew, type Places, positionsIn } from "./positions.ts";

/** Why something was refused, as the server said it (V19). */
export interface Refusal {
  readonly code: string;
  readonly text: string;
  /** Whether the same may succeed later. */
  readonly temporary: boolean;
  /** How long to wait before that, where the server knows. */
  readonly delayMs?: number | undefined;
}

/** What is to be done about a line. */
export interface LineEffects {
  authorize(reason: "expiring"): void;
  send(frame: string): void;
  /** A message has come. */
  deliver(frame: string | ArrayBuffer): void;
  /** The answer to a request has come; it is nothing, where there is nothing to say. */
  answer(id: string, frame?: string, refusal?: Refusal): void;
  /** Something is refused that was no request. */
  refused(refusal: Refusal): void;
  tell(name: string, event: object): void;
}

const CLIENT = "wirepact-typescript/0.1.0";

/** The first line (V7). */
export function hello(
  token: string,
  session: string,
  places: Places,
  contract: string | undefined,
): string {
  const positions = positionsIn(places);
  const said = { token: token || undefined, session, positions, client: CLIENT, contract };
  return controlLine("hello", said);
}

/** Does what one line asks for, of perhaps several in a frame (V1). Answers a control line that is the session's to decide about. */
export function hear(line: string, places: Places, effects: LineEffects): Control | undefined {
  const control = controlIn(line);
  if (control) return obey(control, places, effects);
  const [text, id, offset, audience] = messageIn(line);
  if (id) effects.answer(id, text);
  else if (!offset || isNew(places, audience, offset)) effects.deliver(text);
  return undefined;
}

/** A name that nobody knows is ignored (V5), by the session, too. */
function obey(control: Control, places: Places, effects: LineEffects): Control | undefined {
  const { name, fields } = control;
  const { messages, epoch, offset, recovered } = fields;
  const id = textIn(fields["id"]);
  const audience = textIn(fields["audience"]);
  switch (name) {
    case "position":
      begin(places, audience, epoch, offset);
      if (typeof recovered === "boolean") effects.tell("$resumed", { audience, recovered });
      break;
    case "ping":
      effects.send("!pong");
      break;
    case "done":
      if (id) effects.answer(id);
      break;
    case "error":
      if (id) effects.answer(id, undefined, refusalIn(fields));
      else effects.refused(refusalIn(fields));
      break;
    case "expiring":
      effects.authorize(name);
      break;
    case "dropped":
    case "degraded":
    case "restored":
      effects.tell(`$${name}`, name === "dropped" ? { messages: Number(messages) || 0 } : {});
      break;
    default:
      return control;
  }
  return undefined;
}

function refusalIn({ code, text, temporary, delay }: Fields): Refusal {
  return {
    code: textIn(code) || "internal",
    text: textIn(text),
    temporary: temporary === true,
    delayMs: typeof delay === "number" ? msIn(delay) : undefined,
  };
}
