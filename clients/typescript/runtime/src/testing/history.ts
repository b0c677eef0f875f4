/** Where somebody is in what can be recovered, as a server says it, and what they missed. */
export interface Place {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly missed: readonly string[];
}

/** What is kept for those who come back, as lines with their offsets. */
export class History {
  #epoch = 1;
  #lines: string[] = [];

  /** Keeps a message. Returns its line. */
  keep(text: string): string {
    const line = `@${this.#lines.length + 1} ${text}`;
    this.#lines.push(line);
    return line;
  }

  /** Where somebody is now who was at `position`, if anywhere. */
  placeOf(position: string | undefined): Place {
    const [of, said] = position?.split(".") ?? [];
    const offset = Number(said);
    const last = this.#lines.length;
    const fields = { audience: "", epoch: `e${this.#epoch}`, offset: last };
    if (position === undefined) return { fields, missed: [] };
    if (of !== fields.epoch || !(offset <= last)) {
      return { fields: { ...fields, recovered: false }, missed: [] };
    }
    return { fields: { ...fields, offset, recovered: true }, missed: this.#lines.slice(offset) };
  }

  /** Loses everything. */
  forget(): void {
    this.#epoch += 1;
    this.#lines = [];
  }
}
