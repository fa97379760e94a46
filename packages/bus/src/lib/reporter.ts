import type { ActorContext } from "@sup/core";
import { isThenable, toError } from "./outcome.ts";

/** Errors that some value has told its logger. */
const logged = new WeakSet<Error>();

/** Tells what went wrong with one value: its `onError`, and the logger of its life. Neither can hurt. */
export class Reporter {
  /** The present or last life. */
  life: ActorContext | undefined = undefined;
  readonly #what: string;
  readonly #onError: ((error: Error) => unknown) | undefined;

  constructor(kind: string, name: string, onError: ((error: Error) => unknown) | undefined) {
    this.#what = `${kind} "${name}"`;
    this.#onError = onError;
  }

  /** What was thrown, as the error that is reported. */
  toError(thrown: unknown): Error {
    return toError(thrown, `Update of ${this.#what} failed`);
  }

  updateFailed(error: Error): void {
    logged.add(error);
    this.#report(error, `update of ${this.#what} failed`);
  }

  /** As `updateFailed`, of what comes from another value: that has told its logger of it already. */
  passedOn(error: Error): void {
    if (logged.has(error)) this.#tell(error);
    else this.updateFailed(error);
  }

  /** May be passed on without the reporter. */
  readonly listenerFailed = (thrown: unknown): void => {
    const error = toError(thrown, `A listener of ${this.#what} failed`);
    this.#report(error, `a listener of ${this.#what} failed`);
  };

  #report(error: Error, message: string): void {
    this.#log(error, message);
    this.#tell(error);
  }

  #tell(error: Error): void {
    try {
      const result = this.#onError?.(error);
      if (isThenable(result)) result.then(undefined, this.#onErrorFailed);
    } catch (thrown) {
      this.#onErrorFailed(thrown);
    }
  }

  readonly #onErrorFailed = (thrown: unknown): void => {
    this.#log(thrown, `onError of ${this.#what} failed`);
  };

  #log(error: unknown, message: string): void {
    try {
      this.life?.logger.error({ error }, message);
    } catch {
      // There is nobody left to tell.
    }
  }
}
