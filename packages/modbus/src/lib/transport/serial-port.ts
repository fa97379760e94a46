import { noticingHangUp, type SerialBinding } from "./serial-binding.ts";
import type { SerialSettings } from "./character-time.ts";

/** The part of `serialport` that is used. Its own types would oblige users of TCP to install it. */
export interface SerialPort {
  open(callback: (error: Error | null) => void): void;
  close(callback: (error: Error | null) => void): void;
  write(bytes: Buffer): boolean;
  drain(callback: (error: Error | null) => void): void;
  flush(callback: (error: Error | null) => void): void;
  set(lines: { readonly rts: boolean }, callback: (error: Error | null) => void): void;
  on(event: "data", listener: (chunk: Buffer) => void): this;
  on(event: "error" | "close", listener: (error: Error | null) => void): this;
  on(event: "end", listener: () => void): this;
}

/** How a serial port is opened. */
export interface SerialPortOptions extends SerialSettings {
  readonly path: string;
  readonly autoOpen: false;
}

interface SerialLibrary {
  readonly SerialPort: {
    readonly binding: SerialBinding;
    new (options: SerialPortOptions & { readonly binding: SerialBinding }): SerialPort;
  };
}

/**
 * `serialport` is an optional dependency: loaded by the first life that needs it.
 *
 * @throws what the import throws where it is not installed
 */
export async function createSerialPort(options: SerialPortOptions): Promise<SerialPort> {
  const { SerialPort: Library } = (await import("serialport")) as unknown as SerialLibrary;
  return new Library({ ...options, binding: noticingHangUp(Library.binding) });
}
