// Puts a bug into the code under test from outside, for as long as a campaign looks for it. Production code has no hooks
// for this: a method of a class is replaced in this process, and put back.

/** Undoes what was planted. */
export type Uproot = () => void;

// biome-ignore lint/suspicious/noExplicitAny: a patch stands in for methods of every type, private ones included.
type AnyMethod = (this: any, ...values: any[]) => any;

/**
 * Replaces a method of `owner`, often a prototype.
 * @param create makes the new method from the old one
 */
export function replaceMethod(owner: object, name: string, create: (original: AnyMethod) => AnyMethod): Uproot {
  const original: unknown = Reflect.get(owner, name);
  if (typeof original !== "function") throw new RangeError(`there is no method ${name} to replace`);
  const isOwn = Object.hasOwn(owner, name);
  Reflect.set(owner, name, create(original as AnyMethod));
  return () => {
    if (isOwn) Reflect.set(owner, name, original);
    else Reflect.deleteProperty(owner, name);
  };
}

/** Has a check that returns refusals with a code pass where it refuses with one of these. */
export function ignoreCodes(owner: object, name: string, codes: readonly string[]): Uproot {
  return replaceMethod(
    owner,
    name,
    (original) =>
      function (...values) {
        const refusal = original.apply(this, values) as { readonly code: string } | undefined;
        return refusal !== undefined && codes.includes(refusal.code) ? undefined : refusal;
      },
  );
}
