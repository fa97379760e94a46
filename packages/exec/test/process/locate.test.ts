import fs from "node:fs";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ExecSpawnError } from "../../src/index.ts";
import { settingsOf } from "../../src/lib/options.ts";
import { demandProgram } from "../../src/lib/process/locate.ts";

vi.mock("node:fs", { spy: true });

beforeEach(async () => {
  const { statSync } = await vi.importActual<typeof fs>("node:fs");
  // To root, as whom tests may run, nothing is forbidden.
  vi.mocked(fs.statSync).mockImplementation((path, options) => {
    if (!String(path).startsWith("/secret")) return statSync(path, options);
    throw Object.assign(new Error(`EACCES: permission denied, stat '${String(path)}'`), {
      code: "EACCES",
    });
  });
});

afterEach(() => void vi.restoreAllMocks());

const demand = (program: string, path: string) =>
  demandProgram(settingsOf("program", program, [], { env: { PATH: path } }));

describe("demandProgram", () => {
  it("finds a program past a directory of PATH that must not be entered", () => {
    expect(() => demand("sh", "/secret/bin:/usr/bin:/bin")).not.toThrow();
  });

  it.each([
    ["sh", "/secret/bin:/nowhere"],
    ["/secret/bin/sh", "/bin"],
  ])("names what must not be entered when there is nothing else: %s in %s", (program, path) => {
    expect(() => demand(program, path)).toThrow(
      new ExecSpawnError(
        program,
        "EXEC_NO_PERMISSION",
        '"/secret/bin/sh" is no file that may be run',
      ),
    );
  });
});
