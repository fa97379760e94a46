import * as fc from "fast-check";
import { getEventListeners, once } from "node:events";
import type { Socket } from "node:net";
import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { Connection, type Outcome } from "../../src/lib/connection/connection.ts";
import {
  ModbusClosedError,
  ModbusExceptionError,
  ModbusFrameError,
  ModbusTimeoutError,
} from "../../src/lib/errors.ts";
import {
  maskWriteRegister,
  type ModbusRequest,
  readBits,
  readRegisters,
  readWriteRegisters,
  writeCoil,
  writeCoils,
  writeRegister,
  writeRegisters,
} from "../../src/lib/request/request.ts";
import { openMbapLink } from "../../src/lib/transport/mbap-link.ts";
import { openTcpStream } from "../../src/lib/transport/tcp-stream.ts";
import { misbehaviour, type Misbehaviour } from "../servers/misbehaviour.ts";
import {
  type DeviceScript,
  frame,
  ScriptedDevice,
  wellBehaved,
} from "../servers/scripted-device.ts";

const never = new AbortController().signal;
const read = (address = 0, quantity = 1) => readRegisters(3, 1, address, quantity);

/** A connection to a device that follows `script`, and what is heard of it. */
async function connected(script: DeviceScript, limits = { timeout: 1_000, failAfter: 3 }) {
  const device = await ScriptedDevice.start(script);
  onTestFinished(() => device[Symbol.asyncDispose]());
  const dropped: string[] = [];
  const losses: Error[] = [];
  const lost = Promise.withResolvers<Error>();
  const connection = new Connection(
    { address: "plc:502", ...limits },
    {
      onLost: (error) => {
        losses.push(error);
        lost.resolve(error);
      },
      onDropped: (id, message) => dropped.push(`${id} ${message.toString("hex")}`),
    },
  );
  const target = {
    host: "127.0.0.1",
    port: device.port,
    address: "plc:502",
    connectTimeout: 5_000,
  };
  await connection.open(
    (events, signal) =>
      openMbapLink(
        (heard, stop) => openTcpStream(target, heard, stop),
        target.address,
        events,
        signal,
      ),
    never,
  );
  onTestFinished(() => connection.close("the test is over"));
  const request = (what: ModbusRequest, signal = never) =>
    new Promise<unknown>((resolve, reject) => {
      connection.request(what, signal, {
        onSettled: (outcome: Outcome) =>
          "answer" in outcome ? resolve(outcome.answer) : reject(outcome.error),
      });
    });
  return { device, connection, request, dropped, losses, lost: lost.promise };
}

afterEach(() => {
  vi.useRealTimers();
});

describe("Connection", () => {
  it("resolves each request with the answer to it", async () => {
    const { request } = await connected(wellBehaved);
    expect(await request(read(100, 2))).toEqual([100, 101]);
    expect(await request(readRegisters(4, 1, 65_535, 1))).toEqual([65_535]);
    expect(await request(writeRegister(1, 7, 42))).toBeUndefined();
  });

  it("rejects with the device's exception, and lives", async () => {
    const { request } = await connected(({ message, answer }) =>
      message.readUInt16BE(2) === 1
        ? answer("01 83 02")
        : wellBehaved({ message, answer } as never),
    );
    await expect(request(read(1))).rejects.toThrow(
      new ModbusExceptionError("read holding registers 1 of unit 1 at plc:502", 2),
    );
    expect(await request(read(2))).toEqual([2]);
  });

  it("rejects with ModbusTimeoutError when no answer comes, and takes the next request", async () => {
    const { request } = await connected(
      (device) => {
        if (device.message.readUInt16BE(2) !== 1) wellBehaved(device);
      },
      { timeout: 30, failAfter: 3 },
    );
    await expect(request(read(1))).rejects.toThrow(
      new ModbusTimeoutError(
        "Cannot read holding registers 1 of unit 1 at plc:502: no answer within 30 ms",
      ),
    );
    expect(await request(read(2))).toEqual([2]);
  });

  it("is lost when `failAfter` requests in a row had no answer", async () => {
    const { request, lost } = await connected(() => {}, { timeout: 20, failAfter: 3 });
    const errors = await Promise.all([1, 2, 3].map((at) => failure(request(read(at)))));
    expect(errors.map((error) => error.code)).toEqual(Array(3).fill("MODBUS_TIMEOUT"));
    expect(await lost).toMatchObject({ code: "MODBUS_TIMEOUT", cause: errors[2] });
    await expect(request(read())).rejects.toBe(await lost);
  });

  it.each([
    ["an answer", "01 03 02 0000"],
    ["an exception", "01 83 06"],
    ["a garbled answer", "01 03 04 00000000"],
  ])("counts timeouts anew after %s", async (_, reply) => {
    const { device, request, losses } = await connected(
      (received) => {
        if (received.id === 3) received.answer(reply);
      },
      { timeout: 15, failAfter: 3 },
    );
    for (const _ of Array(5)) await outcomeOf(request(read()));
    expect(losses).toEqual([]);
    await outcomeOf(request(read()));
    expect(losses).toEqual([expect.any(ModbusTimeoutError)]);
    expect(device.requests).toHaveLength(6);
  });

  it("drops an answer that comes after its request timed out", async () => {
    let release = () => {};
    const { request, dropped } = await connected(
      (device) => {
        if (device.message.readUInt16BE(2) !== 111) return wellBehaved(device);
        release = () => wellBehaved(device);
      },
      { timeout: 20, failAfter: 3 },
    );
    await expect(request(read(111))).rejects.toThrow(ModbusTimeoutError);
    release();
    expect(await request(read(222))).toEqual([222]);
    expect(dropped).toEqual(["1 010302006f"]);
  });

  it("drops the second of two answers to one request", async () => {
    const { request, dropped } = await connected((device) => {
      wellBehaved(device);
      wellBehaved(device);
    });
    expect(await request(read(1))).toEqual([1]);
    expect(await request(read(2))).toEqual([2]);
    expect(await request(read(3))).toEqual([3]);
    expect(dropped.slice(0, 2)).toEqual(["1 0103020001", "2 0103020002"]);
  });

  it.each([
    ["another transaction id", "01 03 02 dead", 1],
    ["another unit", "02 03 02 dead", 0],
    ["another function", "01 04 02 dead", 0],
    ["another unit's exception", "02 83 02", 0],
    ["another function's exception", "01 84 02", 0],
  ])("drops an answer with %s and waits for its own", async (_, foreign, offset) => {
    const { request, dropped } = await connected((device) => {
      device.answer(foreign, device.id + offset);
      wellBehaved(device);
    });
    expect(await request(read(7))).toEqual([7]);
    expect(dropped).toEqual([`${1 + offset} ${foreign.replaceAll(" ", "")}`]);
  });

  it.each([
    ["has the wrong length", read(0, 2), "01 03 02 0000"],
    ["has more than was asked for", read(0, 1), "01 03 04 00000000"],
    [
      "announces another length than it has",
      readWriteRegisters(1, 0, 2, 0, [1]),
      "01 17 03 00000000",
    ],
    ["has coils too many", readBits(1, 1, 0, 8), "01 01 02 0000"],
    ["echoes another coil", writeCoil(1, 5, true), "01 05 0006 ff00"],
    ["echoes another coil value", writeCoil(1, 5, true), "01 05 0005 0000"],
    ["echoes another register value", writeRegister(1, 5, 8), "01 06 0005 0007"],
    ["echoes another number of coils", writeCoils(1, 5, [true]), "01 0f 0005 0002"],
    ["echoes another number of registers", writeRegisters(1, 5, [1]), "01 10 0005 0002"],
    ["echoes another mask", maskWriteRegister(1, 4, 0xf2, 0x25), "01 16 0004 00f2 0026"],
    ["is an exception without a code", read(), "01 83"],
  ])("rejects with ModbusFrameError when the answer %s, and lives", async (_, what, answer) => {
    const { request } = await connected((device) => {
      if (device.id === 1) return device.answer(answer);
      wellBehaved(device);
    });
    await expect(request(what)).rejects.toBeInstanceOf(ModbusFrameError);
    expect(await request(read(9))).toEqual([9]);
  });

  it.each([
    ["a protocol id other than 0", "0001 0001 0005 01 03 02 0000"],
    ["a length that no message has", "0001 0000 ffff 01 03 02 0000"],
    ["text", Buffer.from("HTTP/1.1 400 Bad Request\r\n").toString("hex")],
  ])("is lost with ModbusFrameError when the device sends %s", async (_, bytes) => {
    const { request, lost } = await connected(
      ({ socket }) => void socket.write(Buffer.from(bytes.replaceAll(" ", ""), "hex")),
    );
    const error = await request(read()).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ModbusFrameError);
    expect(await lost).toBe(error);
  });

  it("delivers what was whole before the stream lost its framing", async () => {
    const { request, lost } = await connected(({ id, socket }) => {
      socket.write(Buffer.concat([frame(id, "01 03 02 0007"), Buffer.from("nonsense")]));
    });
    expect(await request(read())).toEqual([7]);
    expect(await lost).toBeInstanceOf(ModbusFrameError);
  });

  it("finds an answer that comes byte by byte, and two that come at once", async () => {
    const slow = await connected(
      ({ id, socket }) => void dribble(socket, frame(id, "01 03 02 002a")),
    );
    expect(await slow.request(read())).toEqual([42]);

    const queue: Buffer[] = [];
    const batching = await connected(({ id, message, socket }) => {
      queue.push(frame(id, `01 03 02 ${message.toString("hex", 2, 4)}`));
      if (queue.length === 2) socket.write(Buffer.concat(queue.toReversed()));
    });
    const [first, second] = await Promise.all([
      batching.request(read(1)),
      batching.request(read(2)),
    ]);
    expect([first, second]).toEqual([[1], [2]]);
  });

  it("times out when half an answer came, and is lost when the next one shows that the rest never will", async () => {
    let count = 0;
    const { request, lost } = await connected(
      ({ id, socket }) => {
        const whole = frame(id, "01 03 02 002a");
        socket.write(++count === 1 ? whole.subarray(0, 8) : whole);
      },
      { timeout: 30, failAfter: 3 },
    );
    await expect(request(read())).rejects.toBeInstanceOf(ModbusTimeoutError);
    await expect(request(read())).rejects.toBeInstanceOf(ModbusFrameError);
    expect(await lost).toBeInstanceOf(ModbusFrameError);
  });

  it.each<[string, DeviceScript]>([
    ["ends the connection", ({ socket }) => void socket.end()],
    ["resets the connection", ({ socket }) => void socket.resetAndDestroy()],
    ["is killed", ({ socket }) => void socket.destroy()],
    [
      "ends the connection in the middle of an answer",
      ({ id, socket }) => void socket.end(frame(id, "01 03 02 002a").subarray(0, 7)),
    ],
  ])(
    "settles its requests with ModbusClosedError at once when the device %s",
    async (_, script) => {
      const { device, request, lost } = await connected(
        (received) => {
          if (device.requests.length === 2) script(received);
        },
        // At once: not when nobody may answer any more.
        { timeout: 60_000, failAfter: 3 },
      );
      const errors = await Promise.all([1, 2].map((at) => failure(request(read(at)))));
      expect(errors[0]).toBeInstanceOf(ModbusClosedError);
      expect(errors[1]).toBe(errors[0]);
      expect(await lost).toBe(errors[0]);
      expect(errors[0]!.message).toMatch(/^Lost the connection to plc:502: /);
    },
  );

  it("is lost when the device ends the connection while nothing is asked", async () => {
    const { device, lost } = await connected(() => {});
    await device.connected(1);
    for (const socket of device.sockets) socket.end();
    expect(await lost).toBeInstanceOf(ModbusClosedError);
  });

  it("sends nothing when the signal has aborted", async () => {
    const { device, request } = await connected(wellBehaved);
    await expect(request(writeCoil(1, 0, true), AbortSignal.abort("gone"))).rejects.toBe("gone");
    await request(read());
    expect(device.requests).toEqual(["010300000001"]);
  });

  it("rejects with the reason when the signal aborts with the request on the wire, and drops the answer", async () => {
    const held: (() => void)[] = [];
    const { device, request } = await connected((received) => {
      if (received.message.readUInt16BE(2) === 1) held.push(() => wellBehaved(received));
      else wellBehaved(received);
    });
    const controller = new AbortController();
    const outcome = request(read(1), controller.signal).catch((reason: unknown) => reason);
    await device.received(1);
    controller.abort("enough");
    expect(await outcome).toBe("enough");
    held.forEach((answer) => answer());
    expect(await request(read(2))).toEqual([2]);
  });

  it("stays when callers give up on a device that answers each of them later", async () => {
    const { device, request, losses, dropped } = await connected(
      (received) => {
        if (received.id < 6) setImmediate(wellBehaved, received);
        else wellBehaved(received);
      },
      { timeout: 500, failAfter: 1 },
    );
    for (let count = 1; count <= 5; count++) {
      const controller = new AbortController();
      const outcome = request(read(), controller.signal).catch((reason: unknown) => reason);
      await device.received(count);
      controller.abort("impatient");
      expect(await outcome).toBe("impatient");
    }
    expect(await request(read(9))).toEqual([9]);
    expect(losses).toEqual([]);
    expect(dropped).toEqual([]);
  });

  it("is lost when callers give up early on a device that never answers", async () => {
    const { device, request, lost } = await connected(() => {}, { timeout: 40, failAfter: 3 });
    for (let count = 1; count <= 3; count++) {
      const controller = new AbortController();
      const outcome = request(read(), controller.signal).catch((reason: unknown) => reason);
      await device.received(count);
      controller.abort("impatient");
      expect(await outcome).toBe("impatient");
    }
    expect(await lost).toBeInstanceOf(ModbusTimeoutError);
  });

  it("gives answers to the right requests when ids go round and one is still awaited", async () => {
    const held: (() => void)[] = [];
    const { request } = await connected(
      (device) => {
        if (device.message.readUInt16BE(2) === 60_000) held.push(() => wellBehaved(device));
        else wellBehaved(device);
      },
      { timeout: 60_000, failAfter: 3 },
    );
    const first = request(read(60_000));
    for (let round = 0; round < 66; round++) {
      const addresses = Array.from({ length: 1_000 }, (_, index) => index);
      const answers = await Promise.all(addresses.map((at) => request(read(at))));
      expect(answers).toEqual(addresses.map((at) => [at]));
    }
    held.forEach((answer) => answer());
    expect(await first).toEqual([60_000]);
  }, 240_000);

  it("takes an answer that is here although the process was busy past the timeout", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const { request, losses } = await connected(
      (received) => {
        wellBehaved(received);
        // Before the next input, as timers are when they were due while the process was busy.
        setImmediate(() => vi.advanceTimersByTime(1_000));
      },
      { timeout: 1_000, failAfter: 1 },
    );
    expect(await request(read(7))).toEqual([7]);
    expect(losses).toEqual([]);
  });

  it("gives each request its own answer or an error, whatever the device does and however its bytes come", async () => {
    const deeds = Object.keys(misbehaviour) as Misbehaviour[];
    const plans = fc.array(fc.constantFrom(...deeds), { minLength: 1, maxLength: 25 });
    await fc.assert(
      fc.asyncProperty(plans, fc.integer({ min: 1, max: 20 }), async (plan, chunkSize) => {
        vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
        const later: Buffer[] = [];
        const { connection, device, request, losses } = await connected(
          ({ id, message, socket }) => {
            const address = message.readUInt16BE(2);
            const held = later.splice(0);
            const bytes = Buffer.concat([
              ...held,
              misbehaviour[plan[address]!](id, address, later),
            ]);
            for (let at = 0; at < bytes.length; at += chunkSize) {
              socket.write(bytes.subarray(at, at + chunkSize));
            }
          },
          { timeout: 1_000, failAfter: 100 },
        );
        const expected = plan.map((deed, address) => expectedOf(deed, address, plan.length));
        const outcomes = plan.map((_, address) => outcomeOf(request(read(address))));
        await Promise.all(outcomes.filter((_, index) => expected[index] !== "MODBUS_TIMEOUT"));
        vi.advanceTimersByTime(1_000);
        expect(await Promise.all(outcomes)).toEqual(expected);
        expect(losses).toEqual([]);
        await connection.close("done");
        expect(vi.getTimerCount()).toBe(0);
        await device[Symbol.asyncDispose]();
      }),
      { numRuns: 50 },
    );
  });

  it("settles what is on the wire with the reason when it is closed, and says nothing of a loss", async () => {
    const { connection, device, request, losses } = await connected(() => {});
    const outcome = request(read()).catch((reason: unknown) => reason);
    await device.received(1);
    await connection.close("stopped");
    expect(await outcome).toBe("stopped");
    await device.deserted();
    expect(losses).toEqual([]);
    await expect(request(read())).rejects.toBe("stopped");
  });

  it("leaves no timer when it is closed with requests on the wire and requests that were given up", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const { connection, device, request } = await connected(() => {});
    const controller = new AbortController();
    const outcomes = [outcomeOf(request(read())), outcomeOf(request(read(), controller.signal))];
    await device.received(2);
    controller.abort({ code: "given up" });
    expect(vi.getTimerCount()).toBe(2);
    await connection.close({ code: "closed" });
    expect(await Promise.all(outcomes)).toEqual(["closed", "given up"]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("leaves no listener on the signal of a request that settled", async () => {
    const { request } = await connected(wellBehaved);
    const { signal } = new AbortController();
    await request(read(), signal);
    await request(writeCoil(1, 0, true), signal);
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });

  it("bears a storm of requests that are given up at once", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const { request } = await connected(() => {}, { timeout: 1_000, failAfter: 1_000 });
    for (let count = 0; count < 1_000; count++) {
      const controller = new AbortController();
      const outcome = outcomeOf(request(read(), controller.signal));
      controller.abort({ code: "given up" });
      expect(await outcome).toBe("given up");
    }
    expect(vi.getTimerCount()).toBeLessThan(100);
  });

  it("closes although the device keeps its side open", async () => {
    const { connection, device } = await connected(() => {});
    await device.connected(1);
    for (const socket of device.sockets) socket.allowHalfOpen = true;
    const ended = Promise.all([...device.sockets].map((socket) => once(socket.resume(), "end")));
    await connection.close("stopped");
    await ended;
    expect([...device.sockets].map((socket) => socket.writable)).toEqual([true]);
  });
});

/** What the request of the register at `address` comes to when the device does that with it. */
function expectedOf(deed: Misbehaviour, address: number, count: number): number[] | string {
  if (deed === "refuses") return "MODBUS_EXCEPTION";
  if (deed === "sends too much") return "MODBUS_FRAME";
  if (deed === "is silent") return "MODBUS_TIMEOUT";
  if (deed === "answers with the next" && address === count - 1) return "MODBUS_TIMEOUT";
  return [address];
}

/** The answer, or the code of the error. */
function outcomeOf(request: Promise<unknown>): Promise<unknown> {
  return request.catch((error: { code: string }) => error.code);
}

/** The error that the request ends with. */
function failure(request: Promise<unknown>): Promise<Error & { code: string }> {
  return request.then(
    () => expect.unreachable("the request was answered"),
    (error) => error,
  );
}

/** Sends the bytes in a chunk of their own each. */
async function dribble(socket: Socket, bytes: Buffer): Promise<void> {
  for (const byte of bytes) {
    await new Promise<void>((resolve) => socket.write(Buffer.of(byte), () => resolve()));
    await new Promise(setImmediate);
  }
}
