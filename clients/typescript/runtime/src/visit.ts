/** One connection that speaks `wirepact.v1`: what the lines of the server mean. `docs/wire.md` names the clauses. */
import { type Fields, controlLine, msIn, readLine, textIn } from "./lines.ts";
import type { Positions } from "./positions.ts";

/** Why something was refused, as the server said it (V19). */
export interface Refusal {
  readonly code: string;
  readonly text: string;
  /** Whether the same may succeed later. */
  readonly temporary: boolean;
  /** How long to wait before that, where the server knows. */
  readonly delayMs?: number | undefined;
}

/** What a client says of itself in each hello (V7). */
export interface Manners {
  readonly session: string;
  readonly client: string;
  readonly contract?: string | undefined;
}

/** Something to do about a line. */
export type VisitAction =
  | readonly ["welcome", fields: Fields]
  | readonly ["send", frame: string]
  | readonly ["deliver", frame: string | ArrayBuffer]
  | readonly ["answer", id: string, frame?: string | undefined, refusal?: Refusal]
  | readonly ["authorize", reason: "expiring"]
  | readonly ["tell", name: string, event: object];

/** Told what the server says, it answers with what to do. Positions outlive it. */
export class Visit {
  readonly #positions: Positions;
  /** Whether the server was told where we are, and will say what became of that (V14). */
  isReturning = false;
  /** How long to stay away, once the server has said so (V25). */
  drainingMs: number | undefined;

  constructor(positions: Positions) {
    this.#positions = positions;
  }

  /** The first line (V7). */
  hello({ session, client, contract }: Manners, token: string): string {
    const positions = this.#positions.said();
    this.isReturning = positions !== undefined;
    const named = { session, positions, client, contract };
    return controlLine("hello", token === "" ? named : { token, ...named });
  }

  /** One line, of perhaps several in a frame (V1). A name that is not known is ignored (V5). */
  hear(line: string): readonly VisitAction[] {
    const said = readLine(line);
    if ("fields" in said) return this.#control(said.name, said.fields);
    const { id, text, offset, audience } = said;
    if (id) return [["answer", id, text]];
    const isNew = offset === 0 || this.#positions.take(audience, offset);
    return isNew ? [["deliver", text]] : [];
  }

  #control(name: string, fields: Fields): readonly VisitAction[] {
    const id = textIn(fields["id"]);
    switch (name) {
      case "welcome":
        return [["welcome", fields]];
      case "position":
        return this.#position(fields);
      case "ping":
        return [["send", "!pong"]];
      case "done":
        return id ? [["answer", id]] : [];
      case "error": {
        const refusal = refusalIn(fields);
        return [id ? ["answer", id, undefined, refusal] : told("refused", refusal)];
      }
      case "expiring":
        return [["authorize", "expiring"]];
      case "draining":
        this.drainingMs = msIn(fields["delay"]);
        return [told(name, { delayMs: this.drainingMs })];
      case "dropped":
        return [told(name, { messages: Number(fields["messages"]) || 0 })];
      case "degraded":
      case "restored":
        return [told(name, {})];
    }
    return [];
  }

  #position({ audience, epoch, offset, recovered }: Fields): readonly VisitAction[] {
    const of = textIn(audience);
    this.#positions.begin(of, epoch, offset);
    return typeof recovered === "boolean" ? [told("resumed", { audience: of, recovered })] : [];
  }
}

function told(name: string, event: object): VisitAction {
  return ["tell", `$${name}`, event];
}

function refusalIn({ code, text, temporary, delay }: Fields): Refusal {
  return {
    code: textIn(code) || "internal",
    text: textIn(text),
    temporary: temporary === true,
    delayMs: typeof delay === "number" ? msIn(delay) : undefined,
  };
}
