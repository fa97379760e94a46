/** One way to have reactive values. Each builds the same three networks in its own idiom, and the fastest that it documents. */
export interface Peer {
  readonly name: string;
  /** A source, a value that is one more, and a listener. */
  line(listener: Listener): Promise<Network> | Network;
  /** A source with that many listeners. */
  fanOut(count: number, listener: Listener): Promise<Network> | Network;
  /**
   * A source, layers of values that each come from the source or from two neighbours of the layer above, one value that is the
   * sum of the last layer, and a listener. `evaluated` is to be called by each evaluation.
   */
  net(size: NetSize, evaluated: () => void, listener: Listener): Promise<Network> | Network;
}

/** Told the new value; called by the peer's own means of listening. */
export type Listener = (value: number) => void;

export interface NetSize {
  readonly width: number;
  readonly depth: number;
}

/** A network that runs. */
export interface Network {
  /** Changes the source; everything that comes from it has followed, and listeners were called, when it is over. */
  write(value: number): Promise<void> | void;
  stop?(): Promise<void> | void;
}

/** The indices of the two neighbours in the layer above. */
export function neighbours(index: number, width: number): [number, number] {
  return [index, (index + 1) % width];
}
