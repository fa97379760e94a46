import { ActorStoppedError } from "@sup/core";
import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import { ModbusActor, ModbusClosedError, ModbusExceptionError } from "../../src/index.ts";
import { type DeviceScript, wellBehaved } from "../servers/scripted-device.ts";
import { device, failure, supervised } from "../supervised.ts";

/** Address and quantity of each read that reached the device. */
const spans = (requests: readonly string[]) =>
  requests.map((request) => [
    Number.parseInt(request.slice(4, 8), 16),
    Number.parseInt(request.slice(8, 12), 16),
  ]);

async function plant(script: DeviceScript = wellBehaved, timeout = 1_000) {
  const started = await device(script);
  return { device: started, ...supervised(started.port, { batch: true, timeout }) };
}

describe("batch", () => {
  it("sends neighbouring and overlapping reads as one, and gives each its own part", async () => {
    const { plc, device } = await plant();
    const reads = [
      plc.readHoldingRegisters(10, 2),
      plc.readHoldingRegisters(12, 3),
      plc.readHoldingRegisters(8, 2),
      plc.readHoldingRegisters(11, 1),
      plc.readHoldingRegisters(10, 2),
    ];
    expect(await Promise.all(reads)).toEqual([[10, 11], [12, 13, 14], [8, 9], [11], [10, 11]]);
    expect(spans(device.requests)).toEqual([[8, 7]]);
  });

  it("keeps apart what is not next to each other, of another table or another unit", async () => {
    const { plc, device } = await plant();
    await Promise.all([
      plc.readHoldingRegisters(10, 2),
      plc.readHoldingRegisters(13, 1),
      plc.readInputRegisters(12, 1),
      plc.unit(2).readHoldingRegisters(12, 1),
    ]);
    expect(spans(device.requests)).toEqual([
      [10, 2],
      [13, 1],
      [12, 1],
      [12, 1],
    ]);
  });

  it("asks for no more at once than one request may", async () => {
    const { plc, device } = await plant();
    const reads = [0, 50, 100].map((at) => plc.readHoldingRegisters(at, 50));
    await Promise.all(reads);
    expect(spans(device.requests)).toEqual([
      [0, 100],
      [100, 50],
    ]);
  });

  it("never moves a read over a write to its unit", async () => {
    const { plc, device } = await plant();
    await Promise.all([
      plc.readHoldingRegisters(0, 1),
      plc.writeRegister(1, 9),
      plc.readHoldingRegisters(1, 1),
      plc.readHoldingRegisters(2, 1),
    ]);
    expect(device.requests.map((request) => request.slice(2))).toEqual([
      "0300000001",
      "0600010009",
      "0300010002",
    ]);
  });

  it("lets nothing join what is on the wire", async () => {
    const held: (() => void)[] = [];
    const { plc, device } = await plant((request) => void held.push(() => wellBehaved(request)));
    const first = plc.readHoldingRegisters(0, 1);
    await device.received(1);
    const second = plc.readHoldingRegisters(1, 1);
    device.script = wellBehaved;
    held.forEach((answer) => answer());
    expect([await first, await second]).toEqual([[0], [1]]);
    expect(device.requests).toHaveLength(2);
  });

  it("asks for each part alone when the device refuses the whole", async () => {
    const { plc, device } = await plant((request) => {
      const last = request.message.readUInt16BE(2) + request.message.readUInt16BE(4);
      if (last > 12) request.answer("01 83 02");
      else wellBehaved(request);
    });
    const reads = [10, 11, 12].map((at) => plc.readHoldingRegisters(at, 1));
    const [first, second, third] = await Promise.allSettled(reads);
    expect(first).toEqual({ status: "fulfilled", value: [10] });
    expect(second).toEqual({ status: "fulfilled", value: [11] });
    expect(third).toMatchObject({ reason: expect.any(ModbusExceptionError) });
    expect(spans(device.requests)).toEqual([
      [10, 3],
      [10, 1],
      [11, 1],
      [12, 1],
    ]);
  });

  it("does not ask again when the device is busy, or refuses what all asked for", async () => {
    const { plc, device } = await plant(({ answer }) => answer("01 83 06"));
    const busy = [1, 2].map((at) => failure(plc.readHoldingRegisters(at, 1)));
    expect(await Promise.all(busy)).toMatchObject([{ exceptionCode: 6 }, { exceptionCode: 6 }]);
    device.script = ({ answer }) => answer("01 83 02");
    const same = [5, 5].map((at) => failure(plc.readHoldingRegisters(at, 1)));
    expect(await Promise.all(same)).toMatchObject([{ exceptionCode: 2 }, { exceptionCode: 2 }]);
    expect(device.requests).toHaveLength(2);
  });

  it("leaves the others alone when one gives up, and sends nothing when all do", async () => {
    const held: (() => void)[] = [];
    const { plc, device } = await plant((request) => void held.push(() => wellBehaved(request)));
    const first = plc.readCoils(500, 1);
    await device.received(1);
    const caller = new AbortController();
    const aborted = failure(plc.readHoldingRegisters(0, 1, { signal: caller.signal }));
    const late = failure(plc.readHoldingRegisters(1, 1, { timeout: 5 }));
    const kept = plc.readHoldingRegisters(2, 1);
    const alone = failure(plc.readHoldingRegisters(50, 1, { signal: caller.signal }));
    caller.abort(new Error("enough"));
    expect([(await aborted).message, (await alone).message]).toEqual(["enough", "enough"]);
    expect((await late).name).toBe("TimeoutError");
    expect(getEventListeners(caller.signal, "abort")).toEqual([]);
    device.script = wellBehaved;
    first.catch(() => {});
    device.requests.length = 0;
    for (const socket of device.sockets) socket.destroy();
    expect(await kept).toEqual([2]);
    await plc.readHoldingRegisters(90, 1);
    expect(spans(device.requests).map(([at]) => at)).not.toContain(50);
  });

  it("does not read what only those asked for who gave up, also when they do it on the wire", async () => {
    const held: (() => void)[] = [];
    const { plc, device } = await plant((request) => void held.push(() => wellBehaved(request)));
    const first = plc.readCoils(500, 1);
    await device.received(1);
    const [waiting, flying] = [new AbortController(), new AbortController()];
    const gone = failure(plc.readHoldingRegisters(0, 5, { signal: waiting.signal }));
    const late = failure(plc.readHoldingRegisters(5, 1, { signal: flying.signal }));
    const kept = plc.readHoldingRegisters(6, 2);
    waiting.abort(new Error("before"));
    device.script = (request) => {
      flying.abort(new Error("meanwhile"));
      setImmediate(wellBehaved, request);
    };
    first.catch(() => {});
    for (const socket of device.sockets) socket.destroy();
    expect([(await gone).message, (await late).message]).toEqual(["before", "meanwhile"]);
    expect(await kept).toEqual([6, 7]);
    expect(spans(device.requests).at(-1)).toEqual([5, 3]);
  });

  it("tells all of them when the connection is lost, and when the actor is stopped", async () => {
    const { plc, root, device } = await plant(({ socket }) => void socket.destroy());
    const lost = [1, 2].map((at) => failure(plc.readHoldingRegisters(at, 1)));
    for (const error of await Promise.all(lost)) expect(error).toBeInstanceOf(ModbusClosedError);
    device.script = () => {};
    const onTheWire = failure(plc.readHoldingRegisters(1, 1));
    await device.received(2);
    const queued = failure(plc.readHoldingRegisters(2, 1));
    await root.stop();
    expect(await onTheWire).toBeInstanceOf(ActorStoppedError);
    expect(await queued).toBeInstanceOf(ActorStoppedError);
    expect(await failure(plc.readHoldingRegisters(3, 1))).toBeInstanceOf(ActorStoppedError);
  });

  it("waits over connections that do not come about, as one request", async () => {
    const plc = new ModbusActor("plc", { transport: "tcp", host: "h", batch: true, capacity: 1 });
    const reads = [0, 1, 2].map((at) => plc.readHoldingRegisters(at, 1));
    expect(plc.mailbox.length).toBe(1);
    plc.mailbox.close();
    for (const read of reads)
      await expect(read).rejects.toMatchObject({ name: "MailboxClosedError" });
  });

  it("refuses a timeout that is none, and a caller that has given up already", async () => {
    const plc = new ModbusActor("plc", { transport: "tcp", host: "h", batch: true });
    expect(await failure(plc.readCoils(0, 1, { timeout: -1 }))).toBeInstanceOf(RangeError);
    expect(
      await failure(plc.readCoils(0, 1, { signal: AbortSignal.abort(new Error("gone")) })),
    ).toMatchObject({
      message: "gone",
    });
    expect(plc.mailbox.length).toBe(0);
  });
});
