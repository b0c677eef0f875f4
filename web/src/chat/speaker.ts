/** What whoever looks at a channel says in it. */
import type { RoomConnection } from "@wirepact/services/chat";

import { sentence } from "../api.ts";
import type { Site } from "../site.ts";
import { stored } from "./api.ts";

const MINIMUM_MS_BETWEEN_TYPINGS = 3_000;

/** What is not heard now goes back to who said it. */
const NOW = { offline: "fail" } as const;

export class Speaker {
  readonly #live: RoomConnection | undefined;
  readonly #channel: string;
  readonly #site: Site;
  #typedAt = -Infinity;

  constructor(live: RoomConnection | undefined, channel: string, site: Site) {
    this.#live = live;
    this.#channel = channel;
    this.#site = site;
  }

  /** Somebody writes at `now`: others are told, not more often than they need to be. */
  typing(now: number): void {
    if (this.#live?.state.status !== "open") return;
    if (now - this.#typedAt < MINIMUM_MS_BETWEEN_TYPINGS) return;
    this.#typedAt = now;
    this.#live.send({ type: "TYPING", is_typing: true });
  }

  /** Says something. Resolves with whether it was heard; if not, the page has said why. */
  async say(message: string): Promise<boolean> {
    this.#typedAt = -Infinity;
    return this.#tried("This may not have been heard.", async () => {
      await this.#live?.request({ type: "MESG", message }, NOW);
    });
  }

  /** Uploads a file, and shows it to all. */
  async show(file: File): Promise<boolean> {
    return this.#tried("The file could not be shown.", async () => {
      const kept = await stored(this.#channel, file, this.#site.token);
      const type = kept.media_type.startsWith("image/") ? "IMAGE" : "FILE";
      await this.#live?.request({ type, message: "", file: kept }, NOW);
    });
  }

  async #tried(failure: string, say: () => Promise<void>): Promise<boolean> {
    try {
      await say();
      return true;
    } catch (error) {
      this.#site.notice(`${failure} ${sentence(error)}`);
      return false;
    }
  }
}
