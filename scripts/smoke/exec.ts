// A program that echoes lines and crashes when it is told: its next life echoes as well.
import assert from "node:assert/strict";
import { Supervisor } from "@sup/core";
import { ExecActor, ExecExitError } from "@sup/exec";

const program = `
  require("node:readline").createInterface(process.stdin).on("line", (line) => {
    if (line === "end") process.exit(3);
    console.log("heard", line);
  });
  console.log("ready");
`;

const crashed = Promise.withResolvers<unknown>();
const heard = Promise.withResolvers<void>();
const lines: string[] = [];
const echo = new ExecActor("echo", process.execPath, ["-e", program], {
  ready: { line: /^ready$/ },
  onLine({ line }) {
    lines.push(line);
    if (line === "heard two") heard.resolve();
  },
  onError: crashed.resolve,
});

const root = new Supervisor("root", { actors: [echo], policy: "permanent", restartDelay: 10 });
root.start();

await echo.write("one\n");
await echo.write("end\n");
const crash = await crashed.promise;
await echo.write("two\n");
await heard.promise;
assert.deepEqual(lines, ["ready", "heard one", "ready", "heard two"]);
assert.ok(crash instanceof ExecExitError);
assert.equal(crash.exitCode, 3);

await root.stop();
