import fs from "node:fs";
import { afterEach, describe, expect, it, vi } from "vitest";
import { ProcessGroup } from "../../src/lib/process/process-group.ts";

vi.mock("node:fs", { spy: true });

afterEach(() => void vi.restoreAllMocks());

describe("ProcessGroup", () => {
  it("kills what is left when the system has no descriptor to look who that is", async () => {
    let isThere = true;
    vi.spyOn(process, "kill").mockImplementation(() => {
      if (isThere) return true;
      throw Object.assign(new Error("kill ESRCH"), { code: "ESRCH" });
    });
    vi.mocked(fs.readdirSync).mockImplementation(() => {
      throw Object.assign(new Error("EMFILE: too many open files"), { code: "EMFILE" });
    });
    const sent: string[] = [];
    const group = new ProcessGroup(4_194_305, Promise.resolve(), (signal) => {
      sent.push(signal);
      if (signal === "SIGKILL") isThere = false;
    });
    expect(await group.stop("SIGINT", 20)).toBe(true);
    expect(sent).toEqual(["SIGINT", "SIGCONT", "SIGKILL"]);
  });
});
