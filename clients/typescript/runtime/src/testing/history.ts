/** Where a connection is in what it may recover, as a server says it, and what it missed. */
export interface Return {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly missed: readonly string[];
}

/** What is kept for those who come back, as lines with their offsets. */
export class History {
  #epoch = 1;
  #offset = 0;
  #lines: string[] = [];

  /** Keeps a message. Returns its line. */
  keep(text: string): string {
    const line = `@${(this.#offset += 1)} ${text}`;
    this.#lines.push(line);
    return line;
  }

  /** What to say to whoever comes with `position`, if with any. */
  returned(position: string | undefined): Return {
    const [epoch, said] = position?.split(".") ?? [];
    const offset = Number(said);
    const fields = { audience: "", epoch: `e${this.#epoch}` };
    const oldest = this.#offset - this.#lines.length;
    if (epoch === fields.epoch && oldest <= offset && offset <= this.#offset) {
      const missed = this.#lines.slice(offset - oldest);
      return { fields: { ...fields, offset, recovered: true }, missed };
    }
    const recovered = position === undefined ? undefined : false;
    return { fields: { ...fields, offset: this.#offset, recovered }, missed: [] };
  }

  /** Loses everything. */
  forget(): void {
    this.#epoch += 1;
    this.#offset = 0;
    this.#lines = [];
  }
}
