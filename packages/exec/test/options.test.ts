import { Supervisor } from "@sup/core";
import { describe, expect, it } from "vitest";
import { ExecActor } from "../src/index.ts";

const ways = "one of { line }, { port } and { uptime }";

describe("ExecActor's options", () => {
  it("take the longest grace that there is", () => {
    const actor = new ExecActor("program", "true", [], { stopGrace: 2_147_483_647 });
    expect(() => new Supervisor("root", { actors: [actor] })).not.toThrow();
  });

  it.each([
    [
      { stopSignal: "TERM" },
      '`stopSignal` must be the name of a signal, such as SIGTERM, got "TERM"',
    ],
    [{ stopSignal: 15 }, "`stopSignal` must be the name of a signal, such as SIGTERM, got 15"],
    [{ ready: /listening on \d+/ }, `\`ready\` must be ${ways}, got /listening on \\d+/`],
    [{ ready: { port: 80, uptime: 1 } }, `\`ready\` must be ${ways}, got { port, uptime }`],
    [{ ready: { timeout: 5 } }, `\`ready\` must be ${ways}, got { timeout }`],
    [{ ready: {} }, `\`ready\` must be ${ways}, got {}`],
  ])("are refused by the rule and the value when they are %o", (options, why) => {
    expect(() => new ExecActor("program", "true", [], options as never)).toThrow(
      `Cannot create exec actor "program": ${why}`,
    );
  });
});
