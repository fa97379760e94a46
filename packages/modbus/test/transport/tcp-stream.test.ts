import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { ModbusConnectError } from "../../src/lib/errors.ts";
import { openTcpStream } from "../../src/lib/transport/tcp-stream.ts";
import { blackHole } from "../../../../scripts/test/servers/black-hole.ts";
import { freePort } from "../../../../scripts/test/servers/free-port.ts";
import { ScriptedDevice } from "../servers/scripted-device.ts";

const never = new AbortController().signal;
const deaf = { onBytes: () => {}, onLost: () => {} };

function open(port: number, { host = "127.0.0.1", connectTimeout = 5_000, signal = never } = {}) {
  return openTcpStream({ host, port, address: `${host}:${port}`, connectTimeout }, deaf, signal);
}

/** Sockets and connection attempts of this process. */
const sockets = () =>
  process.getActiveResourcesInfo().filter((type) => type.startsWith("TCP")).length;

/** A destroyed socket needs some turns of the event loop until its handles are gone. */
async function ticks(count: number): Promise<void> {
  for (let tick = 0; tick < count; tick++) await new Promise(setImmediate);
}

afterEach(() => {
  vi.useRealTimers();
});

describe("openTcpStream", () => {
  it("rejects with ModbusConnectError and its cause when the port is closed", async () => {
    const port = await freePort();
    const error = await open(port).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ModbusConnectError);
    expect(error).toMatchObject({
      code: "MODBUS_CONNECT",
      retryable: true,
      message: `Cannot connect to 127.0.0.1:${port}: connect ECONNREFUSED 127.0.0.1:${port}`,
      cause: { code: "ECONNREFUSED" },
    });
  });

  it("says why also when a host with several addresses refuses on each", async () => {
    const error = await open(await freePort(), { host: "localhost" }).catch(
      (reason: unknown) => reason,
    );
    expect((error as Error).message).toMatch(/: (connect )?ECONNREFUSED/);
  });

  it("rejects with ModbusConnectError when the host does not exist", async () => {
    await expect(open(502, { host: "does-not-exist.invalid" })).rejects.toMatchObject({
      code: "MODBUS_CONNECT",
      cause: { syscall: "getaddrinfo" },
    });
  });

  it("rejects at its deadline when nobody accepts, and leaves nothing", async () => {
    using hole = await blackHole();
    const { port } = hole;
    const before = sockets();
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const attempt = open(port, { connectTimeout: 5_000 }).catch((reason: unknown) => reason);
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(5_000);
    expect(await attempt).toEqual(
      new ModbusConnectError(`Cannot connect to 127.0.0.1:${port}: no connection within 5000 ms`),
    );
    await ticks(10);
    expect(sockets()).toBe(before);
  });

  it("rejects with the signal's reason when it aborts while connecting, and leaves nothing", async () => {
    using hole = await blackHole();
    const { port } = hole;
    const before = sockets();
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const controller = new AbortController();
    const attempt = open(port, { signal: controller.signal });
    controller.abort("stopped");
    await expect(attempt).rejects.toBe("stopped");
    await ticks(10);
    expect(sockets()).toBe(before);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("does not try at all when the signal has aborted", async () => {
    const device = await ScriptedDevice.start(() => {});
    onTestFinished(() => device[Symbol.asyncDispose]());
    await expect(open(device.port, { signal: AbortSignal.abort("stopped") })).rejects.toBe(
      "stopped",
    );
    const link = await open(device.port);
    await device.connected(1);
    expect(device.connections).toBe(1);
    await link.close();
  });

  it("can be closed again, and by many at a time", async () => {
    const device = await ScriptedDevice.start(() => {});
    onTestFinished(() => device[Symbol.asyncDispose]());
    const link = await open(device.port);
    await Promise.all([link.close(), link.close()]);
    await link.close();
    await device.deserted();
    expect(device.connections).toBe(1);
  });
});
