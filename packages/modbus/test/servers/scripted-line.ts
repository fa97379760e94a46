import type { ChildProcess } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { spawn } from "node:child_process";
import { rtuFrame } from "../../src/lib/transport/rtu-framing.ts";

/** A request as it reached the units of a line. */
export interface LineRequest {
  /** Unit id and PDU. */
  readonly message: Buffer;
  /** Puts bytes on the line. */
  readonly write: (bytes: Buffer) => void;
  /** Puts a frame on the line: unit id and PDU as hex. */
  readonly answer: (message: string) => void;
}

export type LineScript = (request: LineRequest) => void;

/** The units of an RTU line at a pseudo-terminal, which do with each request what the test says. */
export class ScriptedLine implements AsyncDisposable {
  /** Unit id and PDU of every request that came, as hex. */
  readonly requests: string[] = [];
  script: LineScript;
  readonly #folder: string;
  readonly #events = new EventEmitter();
  #process: ChildProcess | undefined;
  #isPlugged = true;

  private constructor(folder: string, script: LineScript) {
    this.#folder = folder;
    this.script = script;
  }

  static async start(script: LineScript): Promise<ScriptedLine> {
    const line = new ScriptedLine(await mkdtemp(join(tmpdir(), "sup-pty-")), script);
    const program = fileURLToPath(new URL("pty.py", import.meta.url));
    const python = spawn("/usr/bin/python3", [program, line.path]);
    line.#process = python;
    python.stdout.on("data", (chunk: Buffer) => line.#receive(chunk));
    await once(python.stderr, "data");
    python.stderr.on("data", () => line.#events.emit("said"));
    return line;
  }

  get path(): string {
    return join(this.#folder, "actor");
  }

  /** Resolves when that many requests have come. */
  async received(count: number): Promise<void> {
    while (this.requests.length < count) await once(this.#events, "request");
  }

  /** Puts bytes on the line that nobody asked for. */
  write(bytes: Buffer): void {
    this.#process!.stdin!.write(bytes);
  }

  /** As an adapter that is pulled out. */
  async unplug(): Promise<void> {
    if (!this.#isPlugged) return;
    this.#isPlugged = false;
    await this.#tell("SIGUSR1");
  }

  async plugIn(): Promise<void> {
    if (this.#isPlugged) return;
    this.#isPlugged = true;
    await this.#tell("SIGUSR2");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const python = this.#process!;
    if (python.exitCode === null && python.kill("SIGKILL")) await once(python, "exit");
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #tell(signal: NodeJS.Signals): Promise<void> {
    const said = once(this.#events, "said");
    this.#process!.kill(signal);
    await said;
  }

  /** A request comes in one piece here, as the actor sends one at a time and writes it at once. */
  #receive(chunk: Buffer): void {
    const message = chunk.subarray(0, -2);
    if (!rtuFrame(message).equals(chunk))
      throw new Error(`Cannot read the request ${chunk.toString("hex")}: it is no RTU frame`);
    this.requests.push(message.toString("hex"));
    const write = (bytes: Buffer) => this.write(bytes);
    this.script({
      message,
      write,
      answer: (hex) => write(rtuFrame(Buffer.from(hex.replaceAll(" ", ""), "hex"))),
    });
    this.#events.emit("request");
  }
}
