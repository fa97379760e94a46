import { ActorStoppedError, Supervisor } from "@sup/core";
import { describe, expect, it, onTestFinished } from "vitest";
import {
  ModbusActor,
  ModbusClosedError,
  ModbusConnectError,
  ModbusExceptionError,
  ModbusFrameError,
  ModbusTimeoutError,
} from "../src/index.ts";
import { blackHole } from "../../../scripts/test/servers/black-hole.ts";
import { freePort } from "../../../scripts/test/servers/free-port.ts";
import { wellBehaved } from "./servers/scripted-device.ts";
import { device, failure, supervised, within50 } from "./supervised.ts";

describe("ModbusActor", () => {
  describe("requests", () => {
    it("resolve to exactly what was asked for", async () => {
      const { port } = await device(wellBehaved);
      const { plc } = supervised(port);
      expect(await plc.readHoldingRegisters(100, 3)).toEqual([100, 101, 102]);
      expect(await plc.readInputRegisters(7, 1)).toEqual([7]);
      expect(await plc.writeRegister(5, 42)).toBeUndefined();
    });

    it("resolve to no more coils than asked for although the device sends whole bytes", async () => {
      const { port } = await device(({ answer }) => answer("01 01 02 ffff"));
      const { plc } = supervised(port);
      expect(await plc.readCoils(0, 9)).toEqual(Array(9).fill(true));
    });

    it("go to the unit of the options", async () => {
      const plant = await device(wellBehaved);
      const { plc } = supervised(plant.port, { unitId: 247 });
      await plc.readHoldingRegisters(0, 1);
      expect(plant.requests).toEqual(["f70300000001"]);
    });

    it("read and write unit 0 as the device at the address, whose answer is awaited", async () => {
      const plant = await device(wellBehaved);
      const { plc } = supervised(plant.port, { unitId: 0, timeout: 20 });
      expect(await plc.readHoldingRegisters(8, 1)).toEqual([8]);
      plant.script = () => {};
      await expect(plc.writeCoil(0, true)).rejects.toBeInstanceOf(ModbusTimeoutError);
    });

    it("go out one at a time, in the order in which they were made", async () => {
      let open = 0;
      let most = 0;
      const plant = await device((request) => {
        most = Math.max(most, ++open);
        setImmediate(() => {
          open--;
          wellBehaved(request);
        });
      });
      const { plc } = supervised(plant.port);
      const addresses = Array.from({ length: 40 }, (_, index) => index);
      const answers = await Promise.all(addresses.map((at) => plc.readHoldingRegisters(at, 1)));
      expect(answers).toEqual(addresses.map((at) => [at]));
      expect(most).toBe(1);
    });

    it("reject with the exception of the device, and the actor lives", async () => {
      const plant = await device(({ answer }) => answer("01 83 02"));
      const { plc, crashes } = supervised(plant.port);
      expect(await failure(plc.readHoldingRegisters(9, 1))).toMatchObject({
        name: "ModbusExceptionError",
        code: "MODBUS_EXCEPTION",
        exceptionCode: 2,
        exceptionName: "illegal data address",
        retryable: false,
        message: `Cannot read holding registers 9 of unit 1 at 127.0.0.1:${plant.port}: the device answered illegal data address (exception 2)`,
        cause: { modbusCode: 2 },
      });
      plant.script = wellBehaved;
      expect(await plc.readHoldingRegisters(9, 1)).toEqual([9]);
      expect(crashes).toEqual([]);
    });

    it("reject before they are queued when the specification forbids them", async () => {
      const plant = await device(wellBehaved);
      const { plc } = supervised(plant.port);
      const forbidden: [Promise<unknown>, ErrorConstructor][] = [
        [plc.readCoils(0, 2_001), RangeError],
        [plc.readDiscreteInputs(0, 0), RangeError],
        [plc.readHoldingRegisters(0, 126), RangeError],
        [plc.readInputRegisters(65_536, 1), RangeError],
        [plc.writeCoil(0, 1 as never), TypeError],
        [plc.writeRegister(0, 65_536), RangeError],
        [plc.writeCoils(0, []), RangeError],
        [plc.writeRegisters(65_535, [1, 2]), RangeError],
        [plc.maskWriteRegister(0, -1, 0), RangeError],
        [plc.readWriteRegisters(0, 1, 0, Array(122).fill(0)), RangeError],
        [plc.readHoldingRegisters(0, 1, { timeout: -1 }), RangeError],
      ];
      expect(plc.mailbox.length).toBe(0);
      for (const [request, type] of forbidden) await expect(request).rejects.toBeInstanceOf(type);
      await plc.readHoldingRegisters(0, 1);
      expect(plant.requests).toEqual(["010300000001"]);
    });

    it("write what the values were when the call was made", async () => {
      const plant = await device(wellBehaved);
      const { plc } = supervised(plant.port);
      const values = [1, 2];
      const written = plc.writeRegisters(0, values);
      values.fill(9);
      await written;
      expect(plant.requests).toEqual(["0110000000020400010002"]);
    });

    it("may fail unheard", async () => {
      const plant = await device(({ socket }) => socket.destroy());
      const { plc, crashed } = supervised(plant.port);
      void plc.writeCoil(0, true);
      void plc.writeCoil(1, true, { timeout: 1 });
      await crashed(1);
      expect(plant.requests[0]).toBe("01050000ff00");
    });
  });

  describe("the call's signal and timeout", () => {
    it("withdraw a write that waits for its turn, so that it never goes on the wire", async () => {
      const held: (() => void)[] = [];
      const plant = await device((request) => void held.push(() => wellBehaved(request)));
      const { plc } = supervised(plant.port);
      const first = plc.writeRegister(1, 1);
      await plant.received(1);

      const controller = new AbortController();
      const aborted = failure(plc.writeRegister(2, 2, { signal: controller.signal }));
      const expired = failure(plc.writeRegister(3, 3, { timeout: 10 }));
      controller.abort(new Error("no longer wanted"));
      expect((await aborted).message).toBe("no longer wanted");
      expect((await expired).name).toBe("TimeoutError");

      plant.script = wellBehaved;
      held.forEach((answer) => answer());
      await first;
      await plc.writeRegister(4, 4);
      expect(plant.requests).toEqual(["010600010001", "010600040004"]);
    });

    it("withdraw a write at any moment before it goes on the wire", async () => {
      const plant = await device(wellBehaved);
      let sent = 0;
      const { plc } = supervised(plant.port, { onRequest: () => void sent++ });
      await plc.readHoldingRegisters(0, 1);
      const withdrawnBeforeItWasSent: number[] = [];
      for (let turns = 0; turns < 12; turns++) {
        const controller = new AbortController();
        const outcome = failure(plc.writeRegister(7, 1, { signal: controller.signal }));
        for (let turn = 0; turn < turns; turn++) await Promise.resolve();
        const sentAtAbort = sent;
        controller.abort(new Error("withdrawn"));
        expect((await outcome).message).toBe("withdrawn");
        await plc.readHoldingRegisters(0, 1);
        expect(sent).toBe(sentAtAbort + 1);
        if (sentAtAbort === 1 + withdrawnBeforeItWasSent.length)
          withdrawnBeforeItWasSent.push(turns);
      }
      // The first ones were in time, or this did not test what it says.
      expect(withdrawnBeforeItWasSent.slice(0, 1)).toEqual([0]);
    });

    it("end a request on the wire at once, and the next one goes out", async () => {
      const plant = await device(() => {});
      const { plc } = supervised(plant.port, { timeout: 60_000 });
      const controller = new AbortController();
      const outcome = failure(plc.readHoldingRegisters(1, 1, { signal: controller.signal }));
      await plant.received(1);
      plant.script = wellBehaved;
      controller.abort(new Error("enough"));
      expect((await outcome).message).toBe("enough");
      expect(await plc.readHoldingRegisters(2, 1)).toEqual([2]);
    });

    it("count from the call, the time without a connection included", async () => {
      using hole = await blackHole();
      const { plc } = supervised(hole.port);
      expect((await failure(plc.readHoldingRegisters(0, 1, { timeout: 20 }))).name).toBe(
        "TimeoutError",
      );
    });
  });

  describe("the life of a connection", () => {
    it("is ready once it is connected", async () => {
      const plant = await device(wellBehaved);
      const events: string[] = [];
      const plc = new ModbusActor("plc", { transport: "tcp", host: "127.0.0.1", port: plant.port });
      const root = new Supervisor("root", {
        actors: [plc],
        observer: {
          onActorStarted: () => events.push("started"),
          onActorReady: () => events.push(`ready with ${plant.connections}`),
          onActorStopped: () => events.push("stopped"),
        },
      });
      root.start();
      await plc.readHoldingRegisters(0, 1);
      await root.stop();
      expect(events).toEqual(["started", "ready with 1", "stopped"]);
    });

    it("crashes with ModbusConnectError when nobody listens, and requests wait until somebody does", async () => {
      const port = await freePort();
      const { plc, crashes, crashed } = supervised(port);
      const early = [
        plc.writeRegister(1, 10),
        plc.writeRegister(2, 20),
        plc.readHoldingRegisters(3, 1),
      ];
      const withdrawn = failure(plc.writeRegister(9, 9, { timeout: 20 }));
      await crashed(3);
      expect(crashes.every((error) => error instanceof ModbusConnectError)).toBe(true);
      expect((await withdrawn).name).toBe("TimeoutError");
      const plant = await device(wellBehaved, port);
      expect(await Promise.all(early)).toEqual([undefined, undefined, [3]]);
      expect(plant.requests).toEqual(["01060001000a", "010600020014", "010300030001"]);
    });

    it("crashes with ModbusConnectError when connecting takes longer than `connectTimeout`", async () => {
      using hole = await blackHole();
      const { crashes, crashed } = supervised(hole.port, { connectTimeout: 20 });
      await crashed(2);
      expect(crashes[0]).toMatchObject({ code: "MODBUS_CONNECT" });
      expect(crashes[0]!.message).toContain("no connection within 20 ms");
    });

    it.each<[string, (socket: import("node:net").Socket) => unknown]>([
      ["closed", (socket) => socket.end()],
      ["reset", (socket) => socket.resetAndDestroy()],
    ])(
      "crashes when the device %s it: its request is told within 50 ms, the others go to the next",
      async (_, hurt) => {
        const plant = await device(() => {});
        const { plc, crashes, crashed } = supervised(plant.port);
        const onTheWire = failure(plc.writeRegister(1, 1));
        const queued = [plc.writeRegister(2, 2), plc.readHoldingRegisters(3, 1)];
        await plant.received(1);
        plant.script = wellBehaved;
        for (const socket of plant.sockets) hurt(socket);
        expect(await within50(onTheWire)).toBeInstanceOf(ModbusClosedError);
        expect(await Promise.all(queued)).toEqual([undefined, [3]]);
        await crashed(1);
        expect(crashes).toEqual([await onTheWire]);
        expect(plant.requests).toEqual(["010600010001", "010600020002", "010300030001"]);
      },
    );

    it("crashes when the device closes it while nothing is asked", async () => {
      const plant = await device(wellBehaved);
      const { plc, crashes, crashed } = supervised(plant.port);
      await plc.readHoldingRegisters(0, 1);
      for (const socket of plant.sockets) socket.end();
      await crashed(1);
      expect(crashes).toEqual([
        new ModbusClosedError(
          `Lost the connection to 127.0.0.1:${plant.port}: the device closed it`,
        ),
      ]);
      expect(await plc.readHoldingRegisters(1, 1)).toEqual([1]);
    });

    it("outlives a timeout, and crashes after `failAfter` in a row", async () => {
      const plant = await device(() => {});
      const { plc, crashes, crashed } = supervised(plant.port, { timeout: 15, failAfter: 2 });
      expect(await failure(plc.readHoldingRegisters(0, 1))).toMatchObject({
        code: "MODBUS_TIMEOUT",
        retryable: true,
        message: `Cannot read holding registers 0 of unit 1 at 127.0.0.1:${plant.port}: no answer within 15 ms`,
      });
      expect(crashes).toEqual([]);
      const last = await failure(plc.readHoldingRegisters(0, 1));
      expect(last).toBeInstanceOf(ModbusTimeoutError);
      await crashed(1);
      expect(crashes[0]).toBeInstanceOf(ModbusTimeoutError);
      expect(crashes[0]).toMatchObject({
        message: `Gave up on 127.0.0.1:${plant.port}: no answer within 15 ms, 2 times in a row`,
        cause: last,
      });
      plant.script = wellBehaved;
      expect(await plc.readHoldingRegisters(1, 1)).toEqual([1]);
      expect(plant.connections).toBe(2);
    });

    it("crashes with ModbusFrameError when the stream is no Modbus", async () => {
      const plant = await device(({ socket }) => void socket.write("SSH-2.0-OpenSSH_9.2\r\n"));
      const { plc, crashes, crashed } = supervised(plant.port);
      expect(await failure(plc.readHoldingRegisters(0, 1))).toBeInstanceOf(ModbusFrameError);
      await crashed(1);
      expect(crashes[0]).toMatchObject({ code: "MODBUS_FRAME", retryable: true });
    });

    it("survives frames that nobody asked for", async () => {
      const plant = await device((request) => {
        request.answer("01 03 02 dead", request.id + 1);
        request.answer("02 83 02");
        wellBehaved(request);
        wellBehaved(request);
      });
      const { plc, crashes, logged } = supervised(plant.port);
      expect(await plc.readHoldingRegisters(7, 1)).toEqual([7]);
      expect(await plc.readHoldingRegisters(8, 1)).toEqual([8]);
      expect(crashes).toEqual([]);
      expect(logged).toContainEqual([
        "debug",
        { transactionId: 2, message: "010302dead" },
        "dropped an answer that nobody waits for",
      ]);
    });

    it("takes up the next answer after one that belongs to a request that timed out", async () => {
      const held: (() => void)[] = [];
      const plant = await device((request) => void held.push(() => wellBehaved(request)));
      const { plc } = supervised(plant.port, { timeout: 20, failAfter: 5 });
      await failure(plc.readHoldingRegisters(111, 1));
      plant.script = (request) => {
        held.forEach((answer) => answer());
        wellBehaved(request);
      };
      expect(await plc.readHoldingRegisters(222, 1)).toEqual([222]);
    });
  });

  describe("stopping", () => {
    it("tells what is on the wire and what is queued within 50 ms, and ends the connection", async () => {
      const plant = await device(() => {});
      const { plc, root } = supervised(plant.port);
      const requests = [1, 2, 3].map((at) => failure(plc.writeRegister(at, at)));
      await plant.received(1);
      const stopped = root.stop();
      const errors = await within50(Promise.all(requests));
      expect(errors).toEqual(Array(3).fill(expect.any(ActorStoppedError)));
      expect(await within50(stopped)).toBeUndefined();
      await plant.deserted();
      expect(plant.requests).toHaveLength(1);
    });

    it("does not wait for a device that never closes its side", async () => {
      const plant = await device(() => {});
      const { plc, root } = supervised(plant.port);
      const requests = [1, 2].map((at) => failure(plc.readHoldingRegisters(at, 1)));
      await plant.received(1);
      for (const socket of plant.sockets) socket.allowHalfOpen = true;
      const stopped = root.stop();
      expect(await within50(Promise.all(requests))).toEqual(
        Array(2).fill(expect.any(ActorStoppedError)),
      );
      expect(await within50(stopped)).toBeUndefined();
    });

    it("ends an attempt to connect at once, without a crash", async () => {
      using hole = await blackHole();
      const told: Error[] = [];
      const { plc, root, crashes } = supervised(hole.port, {
        onError: (error) => told.push(error),
      });
      const request = failure(plc.readHoldingRegisters(0, 1));
      await new Promise(setImmediate);
      expect(await within50(root.stop())).toBeUndefined();
      expect(await request).toBeInstanceOf(ActorStoppedError);
      expect(crashes).toEqual([]);
      expect(told).toEqual([]);
    });

    it("rejects requests afterwards, until it is started again", async () => {
      const plant = await device(wellBehaved);
      const { plc, root } = supervised(plant.port);
      expect(await plc.readHoldingRegisters(1, 1)).toEqual([1]);
      await root.stop();
      await expect(plc.readHoldingRegisters(1, 1)).rejects.toBeInstanceOf(ActorStoppedError);
      root.start();
      expect(await plc.readHoldingRegisters(2, 1)).toEqual([2]);
    });

    it("ends cleanly when its mailbox was closed and is empty", async () => {
      const plant = await device(wellBehaved);
      const plc = new ModbusActor("plc", { transport: "tcp", host: "127.0.0.1", port: plant.port });
      const root = new Supervisor("root", { actors: [plc] });
      onTestFinished(() => root.stop());
      root.start();
      const last = plc.readHoldingRegisters(1, 1);
      plc.mailbox.close();
      expect(await last).toEqual([1]);
      await root.wait();
      await plant.deserted();
      expect(root.children[0]!.status).toBe("stopped");
    });
  });

  describe("hooks", () => {
    it("are told of the connection, each request and each answer", async () => {
      const plant = await device((request) => {
        if (request.message[1] === 6) request.answer("01 86 03");
        else wellBehaved(request);
      });
      const events: unknown[] = [];
      const { plc } = supervised(plant.port, {
        onConnect: (info) => events.push(["connect", info]),
        onRequest: (info) => events.push(["request", info]),
        onResponse: ({ duration, ...info }) => events.push(["response", info, duration >= 0]),
        onError: (error) => events.push(["error", error]),
      });
      await plc.readHoldingRegisters(5, 2);
      const error = await failure(plc.writeRegister(6, 1));
      const read = { functionCode: 3, unitId: 1, address: 5, quantity: 2 };
      const written = { functionCode: 6, unitId: 1, address: 6, quantity: 1 };
      expect(events).toEqual([
        ["connect", { transport: "tcp", address: `127.0.0.1:${plant.port}`, unitId: 1 }],
        ["request", read],
        ["response", { ...read, data: [5, 6], error: undefined }, true],
        ["request", written],
        ["response", { ...written, data: undefined, error }, true],
      ]);
      expect(error).toBeInstanceOf(ModbusExceptionError);
    });

    it("are told why a life crashes", async () => {
      const plant = await device(({ socket }) => socket.destroy());
      const errors: Error[] = [];
      const { plc, crashed, crashes } = supervised(plant.port, {
        onError: (error) => errors.push(error),
      });
      await failure(plc.readHoldingRegisters(0, 1));
      await plant[Symbol.asyncDispose]();
      await crashed(2);
      expect(errors.slice(0, 2)).toEqual(crashes.slice(0, 2));
      expect(errors[0]).toBeInstanceOf(ModbusClosedError);
      expect(errors[1]).toBeInstanceOf(ModbusConnectError);
    });

    it("change nothing when they throw or reject, and are logged", async () => {
      const plant = await device(wellBehaved);
      const thrown = new Error("hook");
      const hurt = () => {
        throw thrown;
      };
      const { plc, crashes, crashed, logged } = supervised(plant.port, {
        // oxlint-disable-next-line typescript/no-misused-promises -- a hook that should not, but does
        onConnect: async () => hurt(),
        onRequest: hurt,
        onResponse: hurt,
        onError: hurt,
      });
      expect(await plc.readHoldingRegisters(5, 1)).toEqual([5]);
      for (const socket of plant.sockets) socket.end();
      await crashed(1);
      expect(await plc.readHoldingRegisters(6, 1)).toEqual([6]);
      expect(crashes).toHaveLength(1);
      const failed = (hook: string) => [
        "error",
        { error: thrown, hook },
        `hook \`${hook}\` failed`,
      ];
      for (const hook of ["onConnect", "onRequest", "onResponse", "onError"]) {
        expect(logged).toContainEqual(failed(hook));
      }
    });

    it("cannot change what the caller gets", async () => {
      const plant = await device(wellBehaved);
      const { plc } = supervised(plant.port, {
        onRequest: (info) => Object.assign(info, { address: 99 }),
        onResponse: ({ data }) => (data as number[]).fill(0),
      });
      expect(await plc.readHoldingRegisters(5, 2)).toEqual([5, 6]);
      expect(plant.requests).toEqual(["010300050002"]);
    });

    it("that give up on the very request keep it from the wire", async () => {
      const plant = await device(wellBehaved);
      const controller = new AbortController();
      const { plc } = supervised(plant.port, {
        onRequest: ({ functionCode }) =>
          functionCode === 6 && controller.abort(new Error("stop it")),
      });
      const write = failure(plc.writeRegister(0, 1, { signal: controller.signal }));
      expect((await write).message).toBe("stop it");
      await plc.readHoldingRegisters(0, 1);
      expect(plant.requests).toEqual(["010300000001"]);
    });
  });
});
