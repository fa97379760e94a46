import { Deadline, unlessAborted, withinDeadline } from "@sup/core/adapter";
import { ModbusClosedError, ModbusConnectError } from "../errors.ts";
import type { ByteStream, ByteStreamEvents } from "./byte-stream.ts";
import { characterTime, type SerialSettings } from "./character-time.ts";
import { pauseUntil } from "./pause.ts";
import { createSerialPort, type SerialPort } from "./serial-port.ts";

/** A serial line and its settings. */
export interface SerialTarget extends SerialSettings {
  readonly path: string;
  /** Milliseconds that the driver is on before and after each frame; `undefined` where it switches itself. */
  readonly rtsDelay: number | undefined;
  readonly connectTimeout: number;
}

/**
 * Opens a serial port. Of an attempt that fails nothing is left.
 *
 * @throws {@link ModbusConnectError} if it cannot be opened in time, or `serialport` is not installed, and the signal's
 *   reason if it aborts before.
 */
export async function openSerialStream(
  target: SerialTarget,
  events: ByteStreamEvents,
  signal: AbortSignal,
): Promise<ByteStream> {
  const { path, baudRate, dataBits, stopBits, parity, connectTimeout } = target;
  signal.throwIfAborted();
  const settings = { path, baudRate, dataBits, stopBits, parity, autoOpen: false } as const;
  const port = await createSerialPort(settings).catch((cause: Error) => refuse(path, cause));
  // What it still has to say when nobody listens any more must not be an unhandled 'error'.
  port.on("error", ignore);
  await opened(port, target);
  try {
    signal.throwIfAborted();
    const lateness = () => new Error(`not open within ${connectTimeout} ms`);
    await withinDeadline(connectTimeout, signal, lateness, (scope) =>
      unlessAborted(prepare(port, target), scope),
    );
    signal.throwIfAborted();
  } catch (error) {
    await closed(port);
    if (signal.aborted) throw signal.reason;
    throw new ModbusConnectError(`Cannot open ${path}: ${(error as Error).message}`, {
      cause: error,
    });
  }
  return new SerialStream(port, target, events);
}

async function prepare(port: SerialPort, { rtsDelay }: SerialTarget): Promise<void> {
  // What came before this life is no answer to anything in it.
  await done((callback) => port.flush(callback));
  if (rtsDelay !== undefined) await done((callback) => port.set({ rts: false }, callback));
}

class SerialStream implements ByteStream {
  readonly #port: SerialPort;
  readonly #target: SerialTarget;
  readonly #events: ByteStreamEvents;
  #state: "open" | "lost" | "closed" = "open";
  #isGone = false;
  #gone: Promise<void> | undefined;
  /** Ends the wait of a frame for its driver. */
  #callOff: (() => void) | undefined;

  constructor(port: SerialPort, target: SerialTarget, events: ByteStreamEvents) {
    this.#port = port;
    this.#target = target;
    this.#events = events;
    port
      .on("data", (chunk) => {
        if (this.#state === "open") events.onBytes(chunk);
      })
      .on("error", (cause) => this.#lost(cause))
      .on("end", () => this.#lost(null))
      .on("close", (cause) => {
        this.#isGone = true;
        this.#lost(cause);
      });
  }

  write(bytes: Buffer): number {
    const duration = bytes.length * characterTime(this.#target);
    const { rtsDelay } = this.#target;
    if (rtsDelay === undefined) {
      this.#port.write(bytes);
      return duration;
    }
    void this.#drive(bytes, rtsDelay);
    return duration + 2 * rtsDelay;
  }

  lose(error: Error): void {
    if (this.#state !== "open") return;
    this.#state = "lost";
    void this.close();
    this.#events.onLost(error);
  }

  async close(): Promise<void> {
    if (this.#state === "open") this.#state = "closed";
    this.#callOff?.();
    // A port that is lost by unplugging closes itself.
    this.#gone ??= this.#isGone ? Promise.resolve() : closed(this.#port);
    await this.#gone;
  }

  /** The driver of a line of two wires is on for as long as a frame takes. */
  async #drive(bytes: Buffer, rtsDelay: number): Promise<void> {
    try {
      await done((callback) => this.#port.set({ rts: true }, callback));
      await this.#wait(rtsDelay);
      if (this.#state !== "open") return;
      this.#port.write(bytes);
      await done((callback) => this.#port.drain(callback));
      await this.#wait(rtsDelay);
      await done((callback) => this.#port.set({ rts: false }, callback));
    } catch (error) {
      this.#lost(error as Error);
    }
  }

  #wait(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      // A port that was closed meanwhile has no time to wait for.
      if (this.#state !== "open") return resolve();
      this.#callOff = pauseUntil(performance.now() + milliseconds, resolve);
    });
  }

  #lost(cause: Error | null): void {
    const why = cause?.message ?? "the port was closed";
    const message = `Lost the connection to ${this.#target.path}: ${why}`;
    this.lose(new ModbusClosedError(message, cause === null ? undefined : { cause }));
  }
}

function opened(port: SerialPort, { path, connectTimeout }: SerialTarget): Promise<void> {
  return new Promise((resolve, reject) => {
    let isLate = false;
    const deadline = new Deadline(connectTimeout, () => {
      isLate = true;
      reject(new ModbusConnectError(`Cannot open ${path}: not open within ${connectTimeout} ms`));
    });
    port.open((cause) => {
      deadline.cancel();
      if (isLate && cause === null) void closed(port);
      else if (cause === null) resolve();
      else reject(new ModbusConnectError(`Cannot open ${path}: ${cause.message}`, { cause }));
    });
  });
}

/** Resolves when the port is closed, as well as it goes: of one that is gone already the system says that it fails. */
async function closed(port: SerialPort): Promise<void> {
  // What was not sent yet is discarded: a line that is held up would hold up the end as well.
  const flushed = Promise.withResolvers<void>();
  const patience = new Deadline(flushPatience, flushed.resolve);
  port.flush(() => flushed.resolve());
  await flushed.promise;
  patience.cancel();
  await new Promise<void>((resolve) => port.close(() => resolve()));
}

function done(act: (callback: (error: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    act((error) => (error ? reject(error) : resolve()));
  });
}

function refuse(path: string, cause: NodeJS.ErrnoException): never {
  const isMissing = cause.code === "ERR_MODULE_NOT_FOUND" || cause.code === "MODULE_NOT_FOUND";
  const why = isMissing
    ? 'the package "serialport" is not there. Install it with: npm install serialport@13'
    : cause.message;
  throw new ModbusConnectError(`Cannot open ${path}: ${why}`, { cause, retryable: !isMissing });
}

function ignore(): void {}

/** Milliseconds after which a driver that does not answer is closed as it is: a port that stays open is one for nobody. */
const flushPatience = 500;
