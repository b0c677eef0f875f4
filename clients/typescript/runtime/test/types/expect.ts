/** What tests of types say. Nothing here does anything: the compiler is what tests. */

/** Whether two types are one and the same; that each is assignable to the other is not enough. */
export type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles if the value is of exactly this type: `expectType<string>()(value, true)`. */
export function expectType<Expected>() {
  return <Actual>(_value: Actual, _same: Same<Actual, Expected>): void => {};
}
