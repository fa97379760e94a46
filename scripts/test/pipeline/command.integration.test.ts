import { describe, expect, it } from "vitest";
import { command } from "../../pipeline/command.ts";
import { membersOf } from "../../pipeline/process-group.ts";

const node = (code: string, timeout = 10_000) =>
  command(process.execPath, ["-e", code], { timeout });
const messageOf = async (run: Promise<string>) =>
  String(await run.catch((error: unknown) => error));

/** Every child is a group's leader, and writes its number first. */
const groupIn = (message: string) => Number(/^group (\d+)$/m.exec(message)?.[1]);

describe("command", () => {
  it("resolves to what was written to both streams", async () => {
    expect(await node("console.log('a'); console.error('b')")).toBe("a\nb");
  });

  it("rejects with the command, its output and its exit code when it fails", async () => {
    const message = await messageOf(node("console.log('a'); process.exit(3)"));
    expect(message).toMatch(/\$ .+ -e console.*\na\nended with exit code 3$/);
  });

  it("rejects when there is no such command", async () => {
    const message = await messageOf(command("no-such", ["a"]));
    expect(message).toBe("Finding: Cannot run no-such a: spawn no-such ENOENT");
  });

  it("ends a command that takes too long, with its children", async () => {
    const code = `
      console.log("group", process.pid);
      require("node:child_process").spawn("sleep", ["60"]);
      setInterval(() => {}, 1000);
    `;
    const message = await messageOf(node(code, 3_000));
    expect(message).toMatch(/took longer than 3 s$/);
    await expect.poll(() => membersOf(groupIn(message))).toEqual([]);
  });

  it("rejects when the command leaves a process behind, and ends that", async () => {
    const code = `
      console.log("group", process.pid);
      require("node:child_process").spawn("sleep", ["60"], { stdio: "ignore" }).unref();
    `;
    const message = await messageOf(node(code));
    expect(message).toMatch(/left behind:\n\d+ sleep 60$/);
    await expect.poll(() => membersOf(groupIn(message))).toEqual([]);
  });
});
