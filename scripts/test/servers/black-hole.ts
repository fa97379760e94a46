import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";

/**
 * A port of loopback where a connection attempt gets no answer at all, until it is disposed of: the process that listens is
 * stopped, so that it never accepts, and the system's queue for it is full.
 */
export async function blackHole(): Promise<Disposable & { port: number }> {
  const listener = spawn(process.execPath, ["--eval", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = (await once(listener.stdout, "data")) as [Buffer];
  const port = Number(line.toString());
  listener.kill("SIGSTOP");
  const fillers = Array.from({ length: 4 }, () => connect(port, "127.0.0.1").on("error", () => {}));
  await Promise.all(fillers.slice(0, 2).map((filler) => once(filler, "connect")));
  return {
    port,
    [Symbol.dispose]() {
      for (const filler of fillers) filler.destroy();
      listener.kill("SIGKILL");
    },
  };
}

/** A queue for 1 takes 2 on Linux. */
const program = `
const server = require("node:net").createServer();
server.listen({ port: 0, host: "127.0.0.1", backlog: 1 }, () => console.log(server.address().port));
`;
