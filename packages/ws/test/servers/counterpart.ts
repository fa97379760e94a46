import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { createInterface } from "node:readline";

/** A WebSocket server that somebody else has written, in a process of its own. */
export interface Counterpart extends AsyncDisposable {
  readonly url: string;
  readonly process: ChildProcess;
}

/** websockets of Python: echoes, and closes with code 4000 and the rest as reason when it gets `close …`. */
export async function pythonWebsockets(): Promise<Counterpart> {
  const child = spawn("/usr/bin/python3", ["-u", "-c", echo], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const missing = "Cannot start Python's websockets: apt-get install python3-websockets";
  const [line] = await firstLine(child, missing);
  return counterpart(`ws://127.0.0.1:${line}/`, child);
}

const echo = `
import asyncio, websockets

async def echo(socket, path=None):
    async for message in socket:
        if isinstance(message, str) and message.startswith("close "):
            await socket.close(4000, message[6:])
        else:
            await socket.send(message)

async def main():
    async with websockets.serve(echo, "127.0.0.1", 0, max_size=None, subprotocols=["v2", "v1"]) as server:
        print(server.sockets[0].getsockname()[1])
        await asyncio.Future()

asyncio.run(main())
`;

const inGo = "websocketd";

/** websocketd, in Go: what is sent goes as a line to a process of its own for each connection, and back. */
export async function websocketd(port: number, command: readonly string[]): Promise<Counterpart> {
  const options = [`--port=${port}`, "--address=127.0.0.1"];
  const child = spawn(inGo, [...options, ...command], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  await firstLine(child, "Cannot start websocketd: apt-get install websocketd");
  await listening(port, child);
  return counterpart(`ws://127.0.0.1:${port}/`, child);
}

function counterpart(url: string, child: ChildProcess): Counterpart {
  return {
    url,
    process: child,
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGKILL");
      await once(child, "exit");
    },
  };
}

/** @throws an error that begins with `missing` when the process ends before it has written one. */
async function firstLine(child: ChildProcess, missing: string): Promise<string[]> {
  let complaint = "";
  child.stderr!.on("data", (data) => (complaint += String(data)));
  const end = new Promise<never>((_, reject) => {
    child.once("error", (error) => reject(new Error(missing, { cause: error })));
    child.once("exit", () => reject(new Error(`${missing}\n${complaint}`)));
  });
  end.catch(() => {});
  const lines = createInterface(child.stdout!);
  return (await Promise.race([once(lines, "line"), end])) as string[];
}

/** websocketd writes its first line before it listens. */
async function listening(port: number, child: ChildProcess): Promise<void> {
  while (child.exitCode === null) {
    const socket = connect(port, "127.0.0.1");
    const isOpen = await new Promise<boolean>((resolve) => {
      socket.once("connect", () => resolve(true));
      socket.once("error", () => resolve(false));
    });
    socket.destroy();
    if (isOpen) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`Cannot start websocketd: it ended with exit code ${child.exitCode}`);
}
