// A check of the simulator has failed: the code under test broke a promise. Named, so that a report says which one.

export class CheckFailure extends Error {
  override readonly name = "CheckFailure";
  readonly check: string;

  constructor(check: string, message: string) {
    super(message);
    this.check = check;
  }
}

/** @throws CheckFailure of the check named when the condition is false */
export function check(condition: boolean, name: string, message: () => string): asserts condition {
  if (!condition) throw new CheckFailure(name, message());
}
