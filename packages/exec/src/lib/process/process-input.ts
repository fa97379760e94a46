import type { Writable } from "node:stream";
import { unlessAborted } from "@sup/core/adapter";
import { ExecWriteError } from "../errors.ts";

/** The input of a process: one write at a time is on its way to it. */
export class ProcessInput {
  readonly #stdin: Writable;
  readonly #command: string;
  #onItsWay: Promise<unknown> = Promise.resolve();

  constructor(stdin: Writable, command: string) {
    this.#stdin = stdin;
    this.#command = command;
    // Each write is told of it.
    stdin.on("error", () => {});
  }

  /**
   * Resolves when the system has taken all of `data`; what is withdrawn before its turn is not written.
   * @throws {@link ExecWriteError} when the process closed its input, or `over` aborts before.
   * @throws the reason of `withdrawn` when that aborts before; what the system has not taken by then still goes out.
   */
  async write(data: string | Uint8Array, withdrawn: AbortSignal, over: AbortSignal): Promise<void> {
    try {
      await unlessAborted(this.#writeInTurn(data, withdrawn), withdrawn);
    } catch (error) {
      const isOver = over.aborted && error === withdrawn.reason;
      throw isOver ? this.#refusal("it has ended, or must end") : error;
    }
  }

  close(): void {
    this.#stdin.destroy();
  }

  async #writeInTurn(data: string | Uint8Array, withdrawn: AbortSignal): Promise<void> {
    await this.#onItsWay;
    if (withdrawn.aborted) return;
    const { promise, resolve } = Promise.withResolvers<Error | null | undefined>();
    // It throws for bytes that were given away meanwhile: nobody may wait for the end of that.
    this.#stdin.write(data, resolve);
    this.#onItsWay = promise;
    const cause = await promise;
    if (cause) throw this.#refusal("it closed its input", cause);
  }

  #refusal(why: string, cause?: Error): ExecWriteError {
    return new ExecWriteError(`Cannot write to ${this.#command}: ${why}`, { cause });
  }
}
