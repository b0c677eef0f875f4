/**
 * The generated TypeScript clients, driven by commands; it tells what the program sees. The same in Node and in a page.
 *
 * `drivers.py` says what the commands are, `words.py` what is seen.
 */
import { UnauthorizedError } from "@wirepact/client";

/** What the program's token function does, one after the other; the last one for ever. */
function tokens(planned, see) {
  const left = [...planned];
  return async ({ reason, signal }) => {
    see({ saw: "token", reason });
    const now = left.length > 1 ? left.shift() : left[0];
    switch (now.does) {
      case "fails":
        throw new Error("there is no network");
      case "signs out":
        throw new UnauthorizedError();
      case "hangs":
        await new Promise((_, reject) => signal.addEventListener("abort", reject));
    }
    return now.token;
  };
}

/** One connection, what it says and sees. `clients` are the classes by the names of their services. */
export class Program {
  #live;
  #see;
  #asked = new Map();

  constructor(command, clients, see, options = {}) {
    const { service, channel, backoff, keep } = command;
    this.#see = see;
    const client = new clients[service]({
      url: command.url,
      ...(command.tokens.length > 0 && { getToken: tokens(command.tokens, see) }),
      backoff: {
        baseMs: backoff.first * 1000,
        capMs: backoff.longest * 1000,
        minimumUptimeMs: backoff.steady * 1000,
      },
      connectTimeoutMs: command.connectTimeout * 1000,
      ...(keep && {
        offline: "queue",
        queue: { messages: keep.messages, bytes: keep.bytes, ageMs: keep.age * 1000 },
      }),
      ...options,
    });
    const hasParameters = Object.keys(command.parameters).length > 0;
    this.#live = hasParameters ? client[channel](command.parameters) : client[channel]();
    this.#listen(command.hears);
  }

  do(command) {
    switch (command.do) {
      case "send":
        return this.#send(command.message);
      case "ask":
        return void this.#ask(command);
      case "cancel":
        return this.#asked.get(command.name).abort();
      case "status":
        return this.#see({ saw: "status", status: this.#live.state.status });
      case "close":
        return this.#see({ saw: "handed back", messages: this.#live.close() });
    }
  }

  end() {
    this.#live.close();
  }

  #listen(names) {
    const live = this.#live;
    const see = this.#see;
    live.on("$state", (state) => {
      const { code, reason, terminal, closeCode, attempt, delayMs } = state;
      if (state.status === "closed") see({ saw: "closed", code, reason, terminal });
      if (state.status === "reconnecting") {
        see({ saw: "lost", code: closeCode, attempt, delay: delayMs / 1000 });
      }
    });
    live.on("$open", ({ reconnected, protocol, isSameContract }) =>
      see({ saw: "open", again: reconnected, protocol, sameContract: isSameContract }),
    );
    live.on("$resumed", (resumed) => see({ saw: "resumed", ...resumed }));
    live.on("$dropped", ({ messages }) => see({ saw: "dropped", messages }));
    live.on("$degraded", () => see({ saw: "degraded" }));
    live.on("$restored", () => see({ saw: "restored" }));
    live.on("$draining", ({ delayMs }) => see({ saw: "draining", delay: delayMs / 1000 }));
    live.on("$unsent", ({ messages }) => see({ saw: "unsent", messages }));
    live.on("$refused", ({ code }) => see({ saw: "refused", code }));
    live.on("$unknown", ({ name }) => see({ saw: "unknown", name: name ?? null }));
    for (const name of names) {
      live.on(name, (content) => see({ saw: "message", name, content }));
    }
  }

  #send(message) {
    try {
      this.#live.send(message);
    } catch (error) {
      this.#see({ saw: error.name === "TooLargeError" ? "too large" : "not sent" });
    }
  }

  async #ask({ name, message, timeout }) {
    const asked = new AbortController();
    this.#asked.set(name, asked);
    try {
      const answer = await this.#live.request(message, {
        timeoutMs: timeout * 1000,
        signal: asked.signal,
      });
      this.#see({ saw: "answer", name, content: answer ?? null });
    } catch (error) {
      const kind = asked.signal.aborted ? "cancelled" : error.name.replace(/Error$/, "");
      this.#see({ saw: "failed", name, error: kind, code: asked.signal.aborted ? null : (error.code ?? null) });
    }
  }
}

/** Does the commands, one after the other, with one program at a time. */
export function driver(clients, see, options) {
  let program;
  return (command) => {
    switch (command.do) {
      case "connect":
        program = new Program(command, clients, see, options);
        break;
      case "end":
        program.end();
        see({ saw: "end" });
        break;
      default:
        program.do(command);
    }
  };
}
