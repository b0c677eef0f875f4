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

/** What is to be done about a line. */
export interface VisitEffects {
  authorize(reason: "expiring"): void;
  send(frame: string): void;
  /** A message has come. */
  deliver(frame: string | ArrayBuffer): void;
  /** The answer to a request has come; it is nothing, where there is nothing to say. */
  answer(id: string, frame?: string, refusal?: Refusal): void;
  tell(name: string, event: object): void;
}

const CLIENT = "wirepact-typescript/0.1.0";

/** Told what the server says, it does what that asks for. Positions outlive it. */
export class Visit {
  readonly #positions: Positions;
  readonly #effects: VisitEffects;
  /** Whether the server was told where we are, and will say what became of that (V14). */
  isReturning = false;
  /** How long to stay away, once the server has said so (V25). */
  drainingMs: number | undefined;

  constructor(positions: Positions, effects: VisitEffects) {
    this.#positions = positions;
    this.#effects = effects;
  }

  /** Says the first line (V7). */
  hello(token: string, session: string, contract: string | undefined): void {
    const positions = this.#positions.said();
    this.isReturning = positions !== undefined;
    const hello = { token: token || undefined, session, positions, client: CLIENT, contract };
    this.#effects.send(controlLine("hello", hello));
  }

  /** One line, of perhaps several in a frame (V1). Answers what a welcome says. A name that is not known is ignored (V5). */
  hear(line: string): Fields | undefined {
    const said = readLine(line);
    if ("fields" in said) return this.#control(said.name, said.fields);
    const { id, text, offset, audience } = said;
    if (id) this.#effects.answer(id, text);
    else if (offset === 0 || this.#positions.take(audience, offset)) this.#effects.deliver(text);
    return undefined;
  }

  #control(name: string, fields: Fields): Fields | undefined {
    const effects = this.#effects;
    const id = textIn(fields["id"]);
    switch (name) {
      case "welcome":
        return fields;
      case "position":
        this.#position(fields);
        break;
      case "ping":
        effects.send("!pong");
        break;
      case "done":
        if (id) effects.answer(id);
        break;
      case "error":
        if (id) effects.answer(id, undefined, refusalIn(fields));
        else effects.tell("$refused", refusalIn(fields));
        break;
      case "expiring":
        effects.authorize(name);
        break;
      case "draining":
        this.drainingMs = msIn(fields["delay"]);
        effects.tell("$draining", { delayMs: this.drainingMs });
        break;
      case "dropped":
        effects.tell("$dropped", { messages: Number(fields["messages"]) || 0 });
        break;
      case "degraded":
      case "restored":
        effects.tell(`$${name}`, {});
    }
    return undefined;
  }

  #position({ audience, epoch, offset, recovered }: Fields): void {
    const of = textIn(audience);
    this.#positions.begin(of, epoch, offset);
    if (typeof recovered === "boolean") {
      this.#effects.tell("$resumed", { audience: of, recovered });
    }
  }
}

function refusalIn({ code, text, temporary, delay }: Fields): Refusal {
  return {
    code: textIn(code) || "internal",
    text: textIn(text),
    temporary: temporary === true,
    delayMs: typeof delay === "number" ? msIn(delay) : undefined,
  };
}
