/**
 * What is heard of something, after what was there before.
 *
 * What was there is loaded when the first message is heard since the connection opened: what is said from then on is heard, so
 * that nothing is missed between the two. Messages wait for it, in their order.
 */
export class Sequel {
  readonly #load: () => Promise<void>;
  #before: Promise<void> | undefined;

  /** `load` brings what is there now, and tells by itself if it can't. */
  constructor(load: () => Promise<void>) {
    this.#load = load;
  }

  /** The connection is open, for the first time or again. */
  readonly opened = (): void => {
    this.#before = undefined;
  };

  /** Has something taken in when it is due. */
  readonly hear = (take: () => void): void => {
    this.#before ??= this.#load();
    void this.#before.then(take);
  };
}
