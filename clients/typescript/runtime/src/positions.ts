/** How many positions a hello may have, and how many characters together, so that it fits any frame. */
const MOST = 256;
const MOST_CHARACTERS = 32_768;

/** Where we are in what each audience was sent that can be recovered (V11 to V16). It outlives connections. */
export class Positions {
  readonly #places = new Map<string, { readonly epoch: string; offset: number }>();

  /** What follows for `audience` follows this place; if that can't be one, we are nowhere in it. */
  begin(audience: string, epoch: unknown, offset: unknown): void {
    this.#places.delete(audience);
    if (typeof epoch === "string" && /^[a-z\d]+$/i.test(epoch) && Number.isSafeInteger(offset)) {
      this.#places.set(audience, { epoch, offset: offset as number });
    }
  }

  /** Whether the message at `offset` is new; if so, this is where we are now. Where nothing is known all is new. */
  take(audience: string, offset: number): boolean {
    const place = this.#places.get(audience);
    if (!place) return true;
    if (offset <= place.offset) return false;
    place.offset = offset;
    return true;
  }

  /** What a hello says of them: those that were begun last, as many as it may have; `undefined` if there are none. */
  said(): Readonly<Record<string, string>> | undefined {
    let left = MOST_CHARACTERS;
    const said = [...this.#places]
      .reverse()
      .slice(0, MOST)
      .map(([audience, { epoch, offset }]) => [audience, `${epoch}.${offset}`] as const)
      .filter(([audience, position]) => (left -= audience.length + position.length + 6) >= 0);
    return said.length > 0 ? Object.fromEntries(said) : undefined;
  }
}
