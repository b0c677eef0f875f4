/** How many positions a hello may have, and how many characters together, so that it fits any frame. */
const MOST = 256;
const MOST_CHARACTERS = 32_768;

/** Where we are in what each audience was sent that can be recovered (V11 to V16). It outlives connections. */
export type Places = Map<string, { readonly epoch: string; offset: number }>;

/** What follows for `audience` follows this place; if that can't be one, we are nowhere in it. */
export function begin(places: Places, audience: string, epoch: unknown, offset: unknown): void {
  places.delete(audience);
  if (typeof epoch === "string" && /^[a-z\d]+$/i.test(epoch) && Number.isSafeInteger(offset)) {
    places.set(audience, { epoch, offset: offset as number });
  }
}

/** Whether the message at `offset` is new; if so, this is where we are now. Where nothing is known all is new. */
export function isNew(places: Places, audience: string, offset: number): boolean {
  const place = places.get(audience);
  if (place && offset <= place.offset) return false;
  if (place) place.offset = offset;
  return true;
}

/** What a hello says of them: those that were begun last, as many as it may have; `undefined` if there are none. */
export function positionsIn(places: Places): Readonly<Record<string, string>> | undefined {
  let left = MOST_CHARACTERS;
  const said = [...places]
    .reverse()
    .slice(0, MOST)
    .map(([audience, { epoch, offset }]) => [audience, `${epoch}.${offset}`] as const)
    .filter(([audience, position]) => (left -= audience.length + position.length + 6) >= 0);
  return said.length > 0 ? Object.fromEntries(said) : undefined;
}
