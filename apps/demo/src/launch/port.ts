import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { LaunchError } from "./launch-error.ts";

/**
 * Finds out whether `port` of this machine can be listened on, before anything starts; 0 is any free one.
 * @throws {LaunchError} when it cannot
 */
export async function usablePort(port: number): Promise<number> {
  try {
    return await tryPort(port);
  } catch (error) {
    const why = codeOf(error) === "EADDRINUSE" ? "it is in use" : (error as Error).message;
    throw new LaunchError(`port ${port} cannot be listened on: ${why}; --port N takes another`, {
      cause: error,
    });
  }
}

/** The first port from `first` on that nobody listens on. */
export async function firstFreePort(first: number): Promise<number> {
  for (let port = first; ; port++) {
    try {
      return await tryPort(port);
    } catch (error) {
      if (codeOf(error) !== "EADDRINUSE") throw error;
    }
  }
}

async function tryPort(port: number): Promise<number> {
  const server = createServer();
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const { port: taken } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return taken;
}

function codeOf(error: unknown): unknown {
  return (error as NodeJS.ErrnoException).code;
}
