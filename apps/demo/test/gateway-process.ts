import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterAll } from "vitest";

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));
const nodeFlags = ["--conditions=@sup/source", "--disable-warning=ExperimentalWarning"];

// A test that takes too long does not leave its scope.
const running = new Set<ChildProcess>();
afterAll(() => running.forEach((child) => child.kill("SIGKILL")));

/** The demo as a process of its own, as `npm start -- flags` runs it; it ends with its scope at the latest. */
export class GatewayProcess {
  stdout = "";
  stderr = "";
  readonly #child: ChildProcess;
  readonly #closed: Promise<unknown>;
  #onOutput: (() => void) | undefined;

  constructor(...flags: readonly string[]) {
    this.#child = spawn(process.execPath, [...nodeFlags, main, ...flags], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#closed = once(this.#child, "close");
    running.add(this.#child);
    this.#child.once("exit", () => running.delete(this.#child));
    this.#child.stdout!.on("data", (chunk: Buffer) => {
      this.stdout += chunk.toString();
      this.#onOutput?.();
    });
    this.#child.stderr!.on("data", (chunk: Buffer) => (this.stderr += chunk.toString()));
  }

  /** Waits for `pattern` in what was printed since the last pattern that was waited for. */
  async prints(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.stdout.slice(this.#seen));
      if (match !== null) {
        this.#seen += match.index + match[0].length;
        return match;
      }
      const output = new Promise<"output">((resolve) => (this.#onOutput = () => resolve("output")));
      if ((await Promise.race([output, this.#closed])) === "output") continue;
      throw new Error(`The gateway ended without ${pattern}:\n${this.stdout}${this.stderr}`);
    }
  }
  #seen = 0;

  /** The address of the dashboard, when it listens. */
  async url(): Promise<string> {
    const [, url] = await this.prints(/dashboard +listening url=(\S+)\//);
    return url!;
  }

  /** Resolves to the exit code, or the signal that ended it, when the process and its output have ended. */
  async exit(): Promise<number | string | null> {
    await this.#closed;
    return this.#child.exitCode ?? this.#child.signalCode;
  }

  /** Sends `signal`; resolves to how it ended, and after how many milliseconds. */
  async end(signal: "SIGINT" | "SIGTERM"): Promise<{ code: unknown; took: number }> {
    const start = performance.now();
    this.#child.kill(signal);
    const code = await this.exit();
    return { code, took: performance.now() - start };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#closed;
  }
}
