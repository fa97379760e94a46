import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ModbusClosedError } from "../../src/lib/errors.ts";
import type { ByteStreamEvents } from "../../src/lib/transport/byte-stream.ts";
import { openSerialStream, type SerialTarget } from "../../src/lib/transport/serial-stream.ts";

type Callback = (error: Error | null) => void;

/** A serial port that writes down what is done to it; a test says what fails. */
class FakePort {
  static readonly binding = {};
  static deeds: string[] = [];
  static failing: Record<string, Error> = {};
  static last: FakePort;
  /** What happens at a deed. */
  static during: Record<string, () => void> = {};
  /** Deeds that never call back. */
  static stuck: Set<string> = new Set();
  readonly #listeners = new Map<string, (value: unknown) => void>();

  constructor({ path, baudRate, dataBits, stopBits, parity }: Record<string, unknown>) {
    FakePort.deeds.push(`${path} ${baudRate} ${dataBits}${parity}${stopBits}`);
    FakePort.last = this;
  }

  open(callback: Callback): void {
    this.#do("open", callback);
  }

  close(callback: Callback): void {
    this.#do("close", callback);
  }

  drain(callback: Callback): void {
    this.#do("drain", callback);
  }

  flush(callback: Callback): void {
    this.#do("flush", callback);
  }

  set({ rts }: { rts: boolean }, callback: Callback): void {
    this.#do(`rts ${rts ? "on" : "off"}`, callback);
  }

  write(bytes: Buffer): void {
    FakePort.deeds.push(`write ${bytes.toString("hex")}`);
  }

  on(event: string, listener: (value: unknown) => void): this {
    this.#listeners.set(event, listener);
    return this;
  }

  emit(event: string, value: unknown): void {
    this.#listeners.get(event)?.(value);
  }

  #do(deed: string, callback: Callback): void {
    FakePort.deeds.push(`${deed} ${Math.round(performance.now())}`);
    FakePort.during[deed]?.();
    if (!FakePort.stuck.has(deed)) queueMicrotask(() => callback(FakePort.failing[deed] ?? null));
  }
}

const target: SerialTarget = {
  path: "/dev/ttyUSB0",
  baudRate: 9_600,
  dataBits: 8,
  stopBits: 1,
  parity: "even",
  rtsDelay: undefined,
  connectTimeout: 500,
};

const never = new AbortController().signal;

function open(options: Partial<SerialTarget> = {}, signal = never) {
  const lost: Error[] = [];
  const events: ByteStreamEvents = { onBytes: () => {}, onLost: (error) => lost.push(error) };
  return { lost, stream: openSerialStream({ ...target, ...options }, events, signal) };
}

/** What was done, without the times. */
const deeds = () => FakePort.deeds.map((deed) => deed.replace(/ \d+$/, ""));

beforeEach(() => {
  FakePort.deeds = [];
  FakePort.failing = {};
  FakePort.during = {};
  FakePort.stuck = new Set();
  vi.doMock("serialport", () => ({ SerialPort: FakePort }));
  vi.useFakeTimers({
    toFake: ["setTimeout", "clearTimeout", "setImmediate", "clearImmediate", "performance"],
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.doUnmock("serialport");
});

describe("openSerialStream", () => {
  it("opens the port with its settings, and forgets what came before", async () => {
    const { stream } = open();
    await (await stream).close();
    expect(deeds()).toEqual(["/dev/ttyUSB0 9600 8even1", "open", "flush", "flush", "close"]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("rejects with ModbusConnectError when the port cannot be opened", async () => {
    FakePort.failing = { open: new Error("Error: No such file or directory, cannot open") };
    await expect(open().stream).rejects.toMatchObject({
      code: "MODBUS_CONNECT",
      retryable: true,
      message: "Cannot open /dev/ttyUSB0: Error: No such file or directory, cannot open",
    });
    expect(vi.getTimerCount()).toBe(0);
  });

  it("rejects when the port is not open in time, and closes it when it is", async () => {
    FakePort.stuck.add("open");
    const attempt = open().stream.catch((reason: unknown) => reason);
    await vi.advanceTimersByTimeAsync(501);
    expect(await attempt).toMatchObject({
      message: "Cannot open /dev/ttyUSB0: not open within 500 ms",
    });
    expect(deeds()).toEqual(["/dev/ttyUSB0 9600 8even1", "open"]);
  });

  it("closes the port when the signal aborts while it opens, and rejects with its reason", async () => {
    const controller = new AbortController();
    FakePort.during = { open: () => controller.abort("stopped") };
    await expect(open({}, controller.signal).stream).rejects.toBe("stopped");
    expect(deeds().at(-1)).toBe("close");
    FakePort.deeds = [];
    await expect(open({}, controller.signal).stream).rejects.toBe("stopped");
    expect(deeds()).toEqual([]);
  });

  it.each([["flush"], ["rts off"]])(
    "rejects when the driver never answers to %s, and closes the port",
    async (deed) => {
      FakePort.stuck.add(deed);
      const attempt = open({ rtsDelay: 3 }).stream.catch((reason: unknown) => reason);
      await vi.advanceTimersByTimeAsync(501);
      await vi.advanceTimersByTimeAsync(502);
      expect(deeds().at(-1)).toBe("close");
      expect(await attempt).toMatchObject({
        code: "MODBUS_CONNECT",
        message: "Cannot open /dev/ttyUSB0: not open within 500 ms",
      });
      expect(vi.getTimerCount()).toBe(0);
    },
  );

  it("closes a port whose driver never answers any more", async () => {
    const stream = await open().stream;
    FakePort.stuck.add("flush");
    const closed = stream.close();
    await vi.advanceTimersByTimeAsync(502);
    expect(deeds().at(-1)).toBe("close");
    await closed;
    expect(vi.getTimerCount()).toBe(0);
  });

  it("rejects with the signal's reason when it aborts while the driver does not answer", async () => {
    FakePort.stuck.add("rts off");
    const controller = new AbortController();
    const attempt = open({ rtsDelay: 3 }, controller.signal).stream.catch((reason) => reason);
    await vi.advanceTimersByTimeAsync(10);
    controller.abort("stopped");
    await vi.advanceTimersByTimeAsync(1);
    expect(await attempt).toBe("stopped");
    expect(deeds().at(-1)).toBe("close");
  });

  it("tells that it is lost, once, when the adapter is pulled out", async () => {
    const { stream, lost } = open();
    await stream;
    FakePort.last.emit("close", new Error("bad file descriptor"));
    FakePort.last.emit("error", new Error("again"));
    expect(lost).toEqual([
      new ModbusClosedError("Lost the connection to /dev/ttyUSB0: bad file descriptor"),
    ]);
    await (await stream).close();
    expect(deeds()).not.toContain("close");
  });

  it("says how long a frame takes on the wire", async () => {
    const stream = await open().stream;
    expect(stream.write(Buffer.alloc(8))).toBeCloseTo((8 * 11 * 1_000) / 9_600);
    await stream.close();
  });

  it("has the driver on from the delay before a frame to the delay after it", async () => {
    const stream = await open({ rtsDelay: 3 }).stream;
    const start = Math.round(performance.now());
    FakePort.deeds = [];
    expect(stream.write(Buffer.of(1, 2))).toBeGreaterThan(6);
    await vi.advanceTimersByTimeAsync(20);
    expect(FakePort.deeds).toEqual([
      `rts on ${start}`,
      "write 0102",
      `drain ${start + 3}`,
      `rts off ${start + 6}`,
    ]);
    await stream.close();
    expect(vi.getTimerCount()).toBe(0);
  });

  it("rejects when the port has no line for the driver", async () => {
    FakePort.failing = { "rts off": new Error("Inappropriate ioctl for device, cannot set") };
    await expect(open({ rtsDelay: 3 }).stream).rejects.toMatchObject({
      code: "MODBUS_CONNECT",
      message: expect.stringContaining("Inappropriate ioctl"),
    });
    expect(deeds().at(-1)).toBe("close");
  });

  it("is lost when the driver cannot be switched any more", async () => {
    const { stream, lost } = open({ rtsDelay: 3 });
    const opened = await stream;
    FakePort.failing = { "rts on": new Error("Input/output error") };
    opened.write(Buffer.of(1));
    await vi.advanceTimersByTimeAsync(0);
    expect(lost[0]).toBeInstanceOf(ModbusClosedError);
  });
});
