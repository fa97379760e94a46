import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { LaunchError } from "../../src/launch/launch-error.ts";
import { firstFreePort, usablePort } from "../../src/launch/port.ts";

describe("usablePort", () => {
  it("is a free port for 0, and that port from then on", async () => {
    const port = await usablePort(0);
    expect(port).toBeGreaterThan(0);
    expect(await usablePort(port)).toBe(port);
  });

  it("refuses a port in use in one line", async () => {
    const port = await takenPort();
    await expect(usablePort(port)).rejects.toThrow(
      new LaunchError(`port ${port} cannot be listened on: it is in use; --port N takes another`),
    );
  });
});

describe("firstFreePort", () => {
  it("goes past a port in use", async () => {
    const port = await takenPort();
    expect(await firstFreePort(port)).toBeGreaterThan(port);
  });
});

async function takenPort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}
