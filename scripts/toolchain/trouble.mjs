/** What its reader can mend: the message is shown as it is, without a stack. */
export class Trouble extends Error {
  /** @override */
  name = "Trouble";
}
