import { read } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";

/** The part of a binding of `serialport` that opens ports: what its option `binding` takes. */
export interface SerialBinding {
  open(options: object): Promise<BoundPort>;
}

/** An open port of a binding; those of Linux and macOS have a descriptor and a poller. */
interface BoundPort {
  readonly isOpen: boolean;
  readonly fd?: number | null;
  readonly poller?: { once(event: "readable", callback: (error: Error | null) => void): unknown };
  read(buffer: Buffer, offset: number, length: number): Promise<ReadResult>;
}

interface ReadResult {
  readonly buffer: Buffer;
  readonly bytesRead: number;
}

/**
 * `binding` as it is, but that it notices a port that hung up between two reads. The one of serialport 13 reads again
 * when it gets nothing, which such a port gives without an end: it would be read for ever, and never be lost.
 */
export function noticingHangUp(binding: SerialBinding): SerialBinding {
  return {
    ...binding,
    async open(options) {
      const port = await binding.open(options);
      if (port.poller !== undefined) {
        port.read = (buffer, offset, length) => readSome(port, buffer, offset, length);
      }
      return port;
    },
  };
}

async function readSome(
  port: BoundPort,
  buffer: Buffer,
  offset: number,
  length: number,
): Promise<ReadResult> {
  for (;;) {
    const { isOpen, fd } = port;
    // As the binding's own: a read that its close has ended is no failure.
    if (!isOpen || typeof fd !== "number")
      throw Object.assign(new Error("Port is not open"), { canceled: true });
    try {
      const { bytesRead } = await readAsync(fd, buffer, offset, length, null);
      if (bytesRead === 0) throw new Error("the port hung up");
      return { buffer, bytesRead };
    } catch (error) {
      if (!passing.has((error as NodeJS.ErrnoException).code)) throw error;
      // A poller whose port was closed meanwhile is no more, and asking it would end the process.
      if (port.isOpen) await readable(port);
    }
  }
}

function readable({ poller }: BoundPort): Promise<void> {
  if (!hasPoller) return setTimeout(pollInterval);
  return new Promise((resolve, reject) => {
    poller!.once("readable", (error) => (error === null ? resolve() : reject(error)));
  });
}

/** On Node 26 the poller of serialport 13 soon tells of nothing any more: there the port is asked again and again. */
const hasPoller = Number.parseInt(process.versions.node, 10) < 26;

/** Milliseconds; an idle line costs about one percent of a core. */
const pollInterval = 2;

const readAsync = promisify(read);

const passing: ReadonlySet<string | undefined> = new Set(["EAGAIN", "EWOULDBLOCK", "EINTR"]);
