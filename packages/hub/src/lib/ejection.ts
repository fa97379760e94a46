/** A routee that rests, as the option `eject` asks for. */
export interface Ejection<Routee> {
  /** Who rests. */
  readonly routee: Routee;
  /** When its rest is over, in epoch milliseconds. */
  readonly until: number;
  /** The failure that sent it to rest, as it was thrown. */
  readonly error: unknown;
}
