/** One way to write the same actor: it sums what it is sent and answers calls with the value they bring. */
export interface Peer {
  readonly name: string;
  start(): Promise<PeerCounter> | PeerCounter;
  /** Creates that many actors, each able to handle messages, then stops them and waits until all are gone. */
  spawnAndStop(count: number): Promise<void> | void;
}

/** A running counter. Each method does its whole work in the peer's own idiom, and the fastest that it documents. */
export interface PeerCounter {
  /** Sends that many values, at most 1,000 of them waiting at a time; resolves to the sum when all have been handled. */
  castAll(count: number): Promise<number>;
  /** Calls one after the other; resolves to the sum of the replies. */
  callOneByOne(count: number): Promise<number>;
  /** Calls by 1,000 callers at once; resolves to the sum of the replies. */
  callInFlight(count: number): Promise<number>;
  stop(): Promise<void> | void;
}

/** How many messages may wait, and how many calls are in flight. */
export const inFlight = 1_000;
