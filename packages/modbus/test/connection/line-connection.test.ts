import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Connection } from "../../src/lib/connection/connection.ts";
import { ModbusClosedError } from "../../src/lib/errors.ts";
import {
  type ModbusRequest,
  readRegisters,
  writeCoil,
  writeRegister,
} from "../../src/lib/request/request.ts";
import { AsciiFraming, asciiFrame } from "../../src/lib/transport/ascii-framing.ts";
import { Line } from "../../src/lib/transport/line.ts";
import { type LineFraming, LineLink } from "../../src/lib/transport/line-link.ts";
import { RtuFraming, rtuFrame } from "../../src/lib/transport/rtu-framing.ts";
import { MemoryLine } from "../servers/memory-line.ts";

const timeout = 100;
const quietTime = 4;
const turnaround = 50;
const silence = 10;

const hex = (text: string) => Buffer.from(text.replaceAll(" ", ""), "hex");
const read = (address: number, unitId = 1) => readRegisters(3, unitId, address, 1);
const answerTo = (address: number, unit = "01") =>
  hex(`${unit} 03 02 ${address.toString(16).padStart(4, "0")}`);

const framings = {
  rtu: { create: (): LineFraming => new RtuFraming(), frame: rtuFrame },
  ascii: { create: (): LineFraming => new AsciiFraming(), frame: asciiFrame },
} as const;

interface Setup {
  readonly framing?: keyof typeof framings;
  readonly failAfter?: number;
  readonly duration?: number;
  readonly line?: Line;
}

/** A connection over a line in memory, and what is heard of it. */
async function connected({ framing = "rtu", failAfter = 3, duration, line }: Setup = {}) {
  const memory = new MemoryLine(duration);
  const losses: Error[] = [];
  const dropped: string[] = [];
  const connection = new Connection(
    { address: "line", timeout, failAfter },
    {
      onLost: (error) => losses.push(error),
      onDropped: (_, bytes) => dropped.push(bytes.toString("hex")),
    },
  );
  const turns = line ?? new Line({ quietTime, turnaround, patience: timeout });
  const setup = { line: turns, framing: framings[framing].create(), silence };
  await connection.open(
    (events, signal) => LineLink.open(memory.open, setup, events, signal),
    new AbortController().signal,
  );
  const request = (what: ModbusRequest, signal = new AbortController().signal) => {
    const outcome = Promise.withResolvers<unknown>();
    connection.request(what, signal, {
      onSettled: (settled) =>
        "answer" in settled ? outcome.resolve(settled.answer) : outcome.reject(settled.error),
    });
    const settled: { value?: unknown } = {};
    outcome.promise.then(
      (answer) => (settled.value = answer ?? "done"),
      (error: { code?: string }) => (settled.value = error.code ?? error),
    );
    return settled;
  };
  const say = (message: Buffer) => memory.say(framings[framing].frame(message));
  return { connection, memory, request, say, losses, dropped, line: turns };
}

const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);

beforeEach(() => {
  vi.useFakeTimers({
    toFake: [
      "setInterval",
      "clearInterval",
      "setTimeout",
      "clearTimeout",
      "setImmediate",
      "clearImmediate",
      "performance",
    ],
  });
  // A clock that begins at 0 is one at which anything seems to have been just now.
  vi.advanceTimersByTime(10_000);
});

afterEach(() => {
  vi.useRealTimers();
});

describe.each(["rtu", "ascii"] as const)("Connection over a line with %s", (framing) => {
  const { frame } = framings[framing];

  /** The address in a request's frame. */
  const addressOf = (sent: Buffer) =>
    framing === "rtu" ? sent.readUInt16BE(2) : Number.parseInt(sent.toString("latin1", 5, 9), 16);

  it("sends one request at a time, and the next after the quiet time", async () => {
    const { memory, request, say } = await connected({ framing });
    const [first, second] = [request(read(1)), request(read(2))];
    await pass(50);
    expect(memory.written).toHaveLength(1);
    say(answerTo(1));
    await pass(quietTime - 1);
    expect([first.value, memory.written.length]).toEqual([[1], 1]);
    await pass(1);
    expect(memory.written).toHaveLength(2);
    say(answerTo(2));
    await pass(0);
    expect(second.value).toEqual([2]);
  });

  it("drops the duplicate of an answer, and waits for the quiet time after it", async () => {
    const { memory, request, say, dropped } = await connected({ framing });
    const first = request(read(1));
    const second = request(read(2));
    say(answerTo(1));
    await pass(quietTime - 1);
    say(answerTo(1));
    await pass(quietTime - 1);
    expect(memory.written).toHaveLength(1);
    await pass(1);
    say(answerTo(2));
    await pass(0);
    expect([first.value, second.value]).toEqual([[1], [2]]);
    expect(dropped).toEqual([frame(answerTo(1)).toString("hex")]);
  });

  it("keeps the line quiet after a timeout until the late answer came, which reaches nobody", async () => {
    const { memory, request, say } = await connected({ framing });
    const first = request(read(111));
    const second = request(read(222));
    await pass(timeout + 1);
    expect(first.value).toBe("MODBUS_TIMEOUT");
    await pass(50);
    expect(memory.written).toHaveLength(1);
    say(answerTo(111));
    await pass(quietTime + 1);
    expect(memory.written).toHaveLength(2);
    expect(second.value).toBeUndefined();
    say(answerTo(222));
    await pass(0);
    expect(second.value).toEqual([222]);
  });

  it("sends the next when the timeout has passed once more without an answer", async () => {
    const { memory, request } = await connected({ framing });
    request(read(1));
    request(read(2));
    await pass(2 * timeout - 2);
    expect(memory.written).toHaveLength(1);
    await pass(5);
    expect(memory.written).toHaveLength(2);
  });

  it("keeps the line quiet after an abort in flight, and drops the answer", async () => {
    const { memory, request, say } = await connected({ framing });
    const caller = new AbortController();
    const first = request(read(1), caller.signal);
    await pass(10);
    caller.abort("enough");
    const second = request(read(2));
    await pass(50);
    expect([first.value, memory.written.length]).toEqual(["enough", 1]);
    say(answerTo(1));
    await pass(quietTime);
    say(answerTo(2));
    await pass(0);
    expect(second.value).toEqual([2]);
  });

  it("never sends a write whose caller gave up while the line was taken", async () => {
    const { memory, request, say } = await connected({ framing });
    const caller = new AbortController();
    request(read(1));
    const write = request(writeCoil(1, 0, true), caller.signal);
    const last = request(read(3));
    caller.abort("enough");
    say(answerTo(1));
    await pass(quietTime);
    say(answerTo(3));
    await pass(0);
    expect([write.value, last.value]).toEqual(["enough", [3]]);
    expect(memory.written.map((bytes) => bytes)).toEqual(
      [hex("01 03 0001 0001"), hex("01 03 0003 0001")].map((sent) => frame(sent).toString("hex")),
    );
  });

  it("takes an answer that is there before the request is known to be written", async () => {
    const { memory, request, say, losses } = await connected({ framing, failAfter: 1 });
    memory.onWrite = (bytes) => say(answerTo(addressOf(bytes)));
    const first = request(read(1));
    expect(vi.getTimerCount()).toBe(0);
    const second = request(read(2));
    await pass(10 * timeout);
    expect([first.value, second.value, losses]).toEqual([[1], [2], []]);
  });

  it("leaves nothing behind when the line is lost under a write", async () => {
    const { memory, request, losses } = await connected({ framing });
    memory.onWrite = () => memory.lose(new ModbusClosedError("pulled out"));
    const first = request(read(1));
    expect(vi.getTimerCount()).toBe(0);
    await pass(0);
    expect([first.value, losses.length]).toEqual(["MODBUS_CLOSED", 1]);
  });

  it("gives the next its turn when a request cannot be written", async () => {
    const { memory, request, say } = await connected({ framing });
    const fault = new Error("cannot write");
    memory.onWrite = () => {
      throw fault;
    };
    const first = request(read(1));
    memory.onWrite = (bytes) => queueMicrotask(() => say(answerTo(addressOf(bytes))));
    const second = request(read(2));
    await pass(quietTime + 1);
    expect([first.value, second.value]).toEqual([fault, [2]]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each([
    ["another unit", "02 03 02 dead"],
    ["another unit's exception", "02 83 02"],
    ["another function", "01 04 02 dead"],
    ["another quantity", "01 03 04 deaddead"],
  ])("drops the answer of %s, and waits for its own", async (_, foreign) => {
    const { request, say } = await connected({ framing });
    const first = request(read(7));
    say(hex(foreign));
    await pass(20);
    expect(first.value).toBeUndefined();
    say(answerTo(7));
    await pass(0);
    expect(first.value).toEqual([7]);
  });

  it("drops the echo of another write, and takes its own", async () => {
    const { request, say } = await connected({ framing });
    const write = request(writeRegister(1, 5, 8));
    say(hex("01 06 0005 0007"));
    await pass(20);
    expect(write.value).toBeUndefined();
    say(hex("01 06 0005 0008"));
    await pass(0);
    expect(write.value).toBe("done");
  });

  it("rejects with ModbusFrameError and what came when that is no answer, and ModbusTimeoutError when nothing came", async () => {
    const { request, memory } = await connected({ framing });
    const first = request(read(7));
    memory.say(frame(answerTo(7)).subarray(0, -3));
    await pass(timeout + 1);
    expect(first.value).toBe("MODBUS_FRAME");
    await pass(timeout);
    const second = request(read(7));
    await pass(timeout + 10);
    expect(second.value).toBe("MODBUS_TIMEOUT");
  });

  it("takes neither of two answers that come at once and are not the same", async () => {
    const { request, memory } = await connected({ framing });
    const first = request(read(7));
    memory.say(Buffer.concat([frame(answerTo(6)), frame(answerTo(7))]));
    await pass(timeout + 1);
    expect(first.value).toBe("MODBUS_FRAME");
  });

  it("takes the second of two on a line that echoes, where the first is what was sent", async () => {
    const { request, memory, say } = await connected({ framing });
    memory.onWrite = (bytes) => memory.say(bytes);
    const first = request(read(7));
    await pass(0);
    say(answerTo(7));
    await pass(quietTime);
    const refused = request(writeRegister(1, 5, 8));
    await pass(5);
    expect([first.value, refused.value]).toEqual([[7], undefined]);
    say(hex("01 86 02"));
    await pass(quietTime);
    const taken = request(writeRegister(1, 5, 9));
    await pass(5);
    say(hex("01 06 0005 0009"));
    await pass(0);
    expect([refused.value, taken.value]).toEqual(["MODBUS_EXCEPTION", "done"]);
  });

  it("resolves a broadcast after the turnaround, and awaits nothing", async () => {
    const { request, memory, losses } = await connected({ framing, failAfter: 1, duration: 20 });
    const broadcast = request(writeCoil(0, 3, true));
    const next = request(read(1));
    await pass(20 + turnaround - 1);
    expect([broadcast.value, memory.written.length]).toEqual([undefined, 1]);
    await pass(2);
    expect([broadcast.value, memory.written.length]).toEqual(["done", 2]);
    expect([next.value, losses]).toEqual([undefined, []]);
  });

  it("counts the timeout from when the request has left", async () => {
    const { request } = await connected({ framing, duration: 200 });
    const first = request(read(1));
    await pass(200 + timeout - 1);
    expect(first.value).toBeUndefined();
    await pass(2);
    expect(first.value).toBe("MODBUS_TIMEOUT");
  });

  it("is lost after `failAfter` requests without an answer, and settles what waits", async () => {
    const { request, losses } = await connected({ framing, failAfter: 2 });
    const requests = [request(read(1)), request(read(2)), request(read(3))];
    await pass(4 * timeout);
    expect(requests.map(({ value }) => value)).toEqual(Array(3).fill("MODBUS_TIMEOUT"));
    expect(losses).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("does not take the late answer to an earlier connection for that of the next", async () => {
    const first = await connected({ framing });
    const lost = first.request(read(111));
    first.memory.lose(new ModbusClosedError("pulled out"));
    await pass(10);
    expect(lost.value).toBe("MODBUS_CLOSED");

    const { request, say, memory } = await connected({ framing, line: first.line });
    const second = request(read(222));
    await pass(2 * timeout - 20);
    say(answerTo(111));
    await pass(5);
    expect([second.value, memory.written.length]).toEqual([undefined, 0]);
    await pass(10);
    say(answerTo(222));
    await pass(0);
    expect(second.value).toEqual([222]);
  });

  it("gives a request its turn although the line never falls silent", async () => {
    const { request, memory } = await connected({ framing });
    memory.say(hex("00"));
    const waiting = request(read(1));
    const noise = setInterval(() => memory.say(hex("00")), 2);
    await pass(timeout - 1);
    expect(memory.written).toHaveLength(0);
    await pass(4);
    clearInterval(noise);
    expect(memory.written).toHaveLength(1);
    memory.say(frame(answerTo(1)));
    await pass(0);
    expect(waiting.value).toEqual([1]);
  });

  it("leaves no timer when it is closed, whatever it was about", async () => {
    const { connection, request } = await connected({ framing });
    const requests = [request(read(1)), request(read(2))];
    await pass(timeout + 1);
    await connection.close("stopped");
    await pass(0);
    expect(requests.map(({ value }) => value)).toEqual(["MODBUS_TIMEOUT", "stopped"]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("gives each request its own answer or an error, whatever comes over the line and when", async () => {
    const deeds = fc.record({
      deed: fc.constantFrom(
        "answers",
        "answers",
        "answers twice",
        "is late",
        "is silent",
        "refuses",
        "garbles",
        "cuts off",
        "answers after noise",
        "answers after others",
        "answers after a late one",
      ),
      delay: fc.integer({ min: 0, max: timeout - 20 }),
      cuts: fc.array(fc.nat(40), { maxLength: 3 }),
      pause: fc.nat(4),
      bits: fc.uniqueArray(fc.nat(55), { minLength: 1, maxLength: 3 }),
      noise: fc.uint8Array({ maxLength: 12 }),
      abortAfter: fc.option(fc.nat(timeout), { freq: 6 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(deeds, { minLength: 1, maxLength: 12 }), async (plan) => {
        const { connection, memory, request } = await connected({ framing, failAfter: 1_000 });
        let late: Buffer = Buffer.alloc(0);
        memory.onWrite = (sent) => {
          const address = addressOf(sent);
          const { deed, delay, cuts, pause, bits, noise } = plan[address - 0x1234]!;
          const own = frame(answerTo(address));
          const bytes = {
            answers: own,
            "answers twice": Buffer.concat([own, own]),
            "is late": own,
            "is silent": Buffer.alloc(0),
            refuses: frame(hex("01 83 06")),
            garbles: garble(own, bits),
            "cuts off": own.subarray(0, -1 - (bits[0]! % 4)),
            "answers after noise": Buffer.concat([noise, own]),
            "answers after others": Buffer.concat([
              frame(hex("02 03 02 dead")),
              frame(hex("01 03 04 deaddead")),
              own,
            ]),
            "answers after a late one": Buffer.concat([late, own]),
          }[deed];
          late = deed === "is silent" ? own : Buffer.alloc(0);
          // One that may not be told from the next one's comes with it, and all at once.
          const edges = deed === "answers after a late one" ? [] : cuts;
          const start = deed === "is late" ? timeout + 2 + (delay % 60) : delay;
          split(bytes, edges).forEach((part, at) =>
            setTimeout(() => memory.say(part), start + at * pause),
          );
        };
        const results = plan.map(({ abortAfter }, at) => {
          const caller = new AbortController();
          const result = request(read(0x1234 + at), caller.signal);
          if (abortAfter !== null)
            setTimeout(() => caller.abort("given up"), abortAfter * (at + 1));
          return result;
        });
        await pass((plan.length + 1) * 3 * timeout);
        const sent = memory.written.map((bytes) => addressOf(Buffer.from(bytes, "hex")) - 0x1234);
        const wrong = results.flatMap(({ value }, at) => {
          const { deed, abortAfter } = plan[at]!;
          const isOwn = Array.isArray(value) && value.length === 1 && value[0] === 0x1234 + at;
          const isError = /^MODBUS_(TIMEOUT|FRAME|EXCEPTION)$|^given up$/.test(String(value));
          const isSure = deed.startsWith("answers") && !deed.endsWith("late one");
          const mustAnswer = abortAfter === null && isSure;
          const isSent = sent.includes(at) || (abortAfter !== null && value === "given up");
          return (isOwn || (isError && !mustAnswer)) && isSent ? [] : [{ at, value, deed }];
        });
        expect(wrong).toEqual([]);
        expect(new Set(sent).size).toBe(sent.length);
        await connection.close("done");
      }),
      { numRuns: 300 },
    );
  });
});

function garble(bytes: Buffer, bits: readonly number[]): Buffer {
  const garbled = Buffer.from(bytes);
  for (const bit of bits) garbled[(bit >>> 3) % garbled.length]! ^= 1 << (bit & 7);
  return garbled;
}

function split(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const edges = [
    ...cuts.filter((cut) => cut < bytes.length).toSorted((a, b) => a - b),
    bytes.length,
  ];
  let start = 0;
  return edges
    .map((end) => bytes.subarray(start, (start = end)))
    .filter(({ length }) => length > 0);
}
