import { Deadline } from "@sup/core/adapter";

/** Pings a peer, and finds out when it is dead. */
export interface LivenessOptions {
  readonly pingInterval: number | false;
  readonly idleTimeout: number | false;
  readonly ping: () => void;
  /** Nothing has come for `idleTimeout` milliseconds; told once. */
  readonly onDead: () => void;
}

/** The watch over one connection, from its creation on. */
export class Liveness {
  readonly #pings: NodeJS.Timeout | undefined;
  readonly #silence: Deadline;

  constructor({ pingInterval, idleTimeout, ping, onDead }: LivenessOptions) {
    if (pingInterval !== false) this.#pings = setInterval(ping, pingInterval);
    this.#silence = new Deadline(idleTimeout, () => {
      this.stop();
      onDead();
    });
  }

  /** Something came from the peer. */
  saw(): void {
    this.#silence.postpone();
  }

  stop(): void {
    clearInterval(this.#pings);
    this.#silence.cancel();
  }
}
