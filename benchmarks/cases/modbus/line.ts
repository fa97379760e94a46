import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, constants, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ReadStream, WriteStream } from "node:tty";

/** A serial line without its delays (a pseudo-terminal by socat), with a unit at its other end in a process of its own. */
export interface BenchLine {
  readonly path: string;
  stop(): void;
}

export async function startLine(): Promise<BenchLine> {
  const folder = mkdtempSync(join(tmpdir(), "sup-bench-"));
  const [path, devicePath] = [join(folder, "actor"), join(folder, "device")];
  const ends = [path, devicePath].map((end) => `pty,raw,echo=0,link=${end}`);
  const socat = spawn(carrier, ["-d", "-d", ...ends], { stdio: ["ignore", "ignore", "pipe"] });
  await carries(socat);
  const unit = fork(import.meta.filename, [devicePath]);
  await once(unit, "message");
  return {
    path,
    stop() {
      unit.kill();
      socat.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The streams of one end, as close to the system as Node has them. */
export function openEnd(path: string): { input: ReadStream; output: WriteStream; close(): void } {
  const descriptor = openSync(path, constants.O_RDWR | constants.O_NOCTTY);
  const input = new ReadStream(descriptor);
  const output = new WriteStream(descriptor);
  return {
    input,
    output,
    close() {
      input.destroy();
      output.destroy();
      closeQuietly(descriptor);
    },
  };
}

function closeQuietly(descriptor: number): void {
  try {
    closeSync(descriptor);
  } catch {
    // One of the streams had it already.
  }
}

async function carries(socat: ChildProcess): Promise<void> {
  let said = "";
  await new Promise<void>((resolve, reject) => {
    socat.once("error", reject);
    socat.once("exit", () => reject(new Error(`Cannot start socat: ${said}`)));
    socat.stderr!.on("data", (chunk: Buffer) => {
      said += String(chunk);
      if (said.includes("starting data transfer loop")) resolve();
    });
  });
}

/** Answers reads of 10 registers of unit 1 with their own addresses. */
async function respond(path: string): Promise<void> {
  const { rtuAnswer } = await import("./rtu-answer.ts");
  const { input, output } = openEnd(path);
  input.on("data", (request: Buffer) => output.write(rtuAnswer(request.readUInt16BE(2))));
  process.on("disconnect", () => process.exit());
  process.send?.("ready");
}

/** Of the system, as for the tests. */
const carrier = "socat";

if (process.argv[1] === import.meta.filename) await respond(process.argv[2]!);
