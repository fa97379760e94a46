import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { ProcessInput } from "../../src/lib/process/process-input.ts";

const never = new AbortController().signal;

describe("ProcessInput", () => {
  it("takes the next write when one cannot be written at all", async () => {
    const stdin = new PassThrough();
    const input = new ProcessInput(stdin, "program");
    const bytes = new Uint8Array(4);
    // Given away while it waited for its turn, as to a worker.
    structuredClone(bytes, { transfer: [bytes.buffer] });
    await expect(input.write(bytes, never, never)).rejects.toThrow(TypeError);
    await expect(input.write("next", AbortSignal.timeout(1_000), never)).resolves.toBeUndefined();
    expect(stdin.read().toString()).toBe("next");
  });
});
