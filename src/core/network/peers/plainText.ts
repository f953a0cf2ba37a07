// Text that goes to another node, into a record or into the log and may have come from a stranger: short, and printable
// ASCII alone, so that it neither breaks an encoding nor moves a reader's cursor.

/** The first `lengthMax` characters, those that are not printable ASCII replaced by `?`. */
export function plainText(text: string, lengthMax: number): string {
  return text.slice(0, lengthMax).replace(/[^ -~]/g, "?");
}
