import { spawn } from "node:child_process";
import { once } from "node:events";
import { onTestFinished } from "vitest";

/**
 * A port of loopback where a connection attempt gets no answer at all, until the test is over: it listens with the
 * shortest queue, never accepts, and its queue is full. Node always accepts, so it takes Python to do that.
 */
export async function blackHole(): Promise<{ port: number }> {
  const python = spawn("/usr/bin/python3", ["-c", program], { stdio: ["pipe", "pipe", "inherit"] });
  onTestFinished(() => void python.kill("SIGKILL"));
  const [line] = (await once(python.stdout, "data")) as [Buffer];
  return { port: Number(line.toString()) };
}

const program = `
import socket, sys
server = socket.socket()
server.bind(("127.0.0.1", 0))
server.listen(0)
fillers = []
for _ in range(2):
    filler = socket.socket()
    filler.setblocking(False)
    filler.connect_ex(server.getsockname())
    fillers.append(filler)
print(server.getsockname()[1], flush=True)
sys.stdin.read()
`;
