import { startDeadline } from "./deadline.ts";

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
  readonly #options: LivenessOptions;
  readonly #pings: NodeJS.Timeout | undefined;
  #lastSeen = performance.now();
  #callOff = (): void => {};

  constructor(options: LivenessOptions) {
    const { pingInterval, idleTimeout, ping } = options;
    this.#options = options;
    if (pingInterval !== false) this.#pings = setInterval(ping, pingInterval);
    if (idleTimeout !== false) this.#lookIn(idleTimeout);
  }

  /** Something came from the peer. */
  readonly saw = (): void => {
    this.#lastSeen = performance.now();
  };

  stop(): void {
    clearInterval(this.#pings);
    this.#callOff();
  }

  /** One timer for all that comes: when it fires it is set anew, to the time that is left since what came last. */
  #lookIn(milliseconds: number): void {
    this.#callOff = startDeadline(milliseconds, () => {
      const left = (this.#options.idleTimeout as number) - (performance.now() - this.#lastSeen);
      if (left > 0) return this.#lookIn(Math.max(left, 1));
      this.stop();
      this.#options.onDead();
    });
  }
}
