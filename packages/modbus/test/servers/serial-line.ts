import { once } from "node:events";
import type { ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startProcess } from "./process.ts";

/** A pair of pseudo-terminals by socat: what goes in at one end comes out at the other. Without its delays, it is a serial line. */
export class SerialLine implements AsyncDisposable {
  readonly #folder: string;
  #socat: ChildProcess | undefined;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async start(): Promise<SerialLine> {
    const line = new SerialLine(await mkdtemp(join(tmpdir(), "sup-line-")));
    await line.plugIn();
    return line;
  }

  /** The end for the actor. */
  get path(): string {
    return join(this.#folder, "actor");
  }

  /** The end for the device. */
  get devicePath(): string {
    return join(this.#folder, "device");
  }

  /** Both ends are there, as they were before. */
  async plugIn(): Promise<void> {
    const end = (path: string) => `pty,raw,echo=0,link=${path}`;
    const args = ["-d", "-d", end(this.path), end(this.devicePath)];
    this.#socat = await startProcess("a serial line", "socat", args, {
      install: "socat",
      ready: "starting data transfer loop",
    });
  }

  /** As an adapter that is pulled out. */
  async unplug(): Promise<void> {
    const socat = this.#socat;
    this.#socat = undefined;
    if (socat === undefined || !socat.kill("SIGKILL")) return;
    await once(socat, "exit");
    await Promise.all([this.path, this.devicePath].map((path) => rm(path, { force: true })));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.unplug();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
