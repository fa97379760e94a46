/** What its reader can mend: shown as one line, without a stack. */
export class Trouble extends Error {
  /** @override */
  name = "Trouble";
}
