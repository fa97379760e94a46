import { Supervisor } from "@sup/core";
import { onTestFailed, onTestFinished } from "vitest";
import { loggerTo } from "../../../scripts/test/logger-to.ts";
import {
  ModbusActor,
  type ModbusActorOptions,
  type ModbusTcpOptions,
  ModbusTimeoutError,
} from "../src/index.ts";
import { type DeviceScript, ScriptedDevice } from "./servers/scripted-device.ts";

/** A device that follows `script` until the test is over. */
export async function device(script: DeviceScript, port?: number): Promise<ScriptedDevice> {
  const started = await ScriptedDevice.start(script, port);
  onTestFinished(() => started[Symbol.asyncDispose]());
  return started;
}

/** A `ModbusActor` over TCP under a supervisor that restarts it at once, until the test is over. */
export function supervised(port: number, options: Partial<ModbusTcpOptions> = {}) {
  return supervisedOver({ transport: "tcp", host: "127.0.0.1", port, ...options });
}

/** As `supervised`, over any transport. */
export function supervisedOver(options: ModbusActorOptions) {
  const plc = new ModbusActor("plc", options);
  const crashes: Error[] = [];
  const logged: [level: string, bindings: Record<string, unknown>, message: string][] = [];
  const waiting: { count: number; done: () => void }[] = [];
  const root = new Supervisor("root", {
    actors: [plc],
    policy: "permanent",
    restartDelay: 5,
    onError: (_, error) => {
      crashes.push(error);
      for (const { count, done } of waiting) if (crashes.length >= count) done();
    },
    logger: loggerTo((...told) => void logged.push(told)),
  });
  root.start();
  onTestFailed(() => {
    const state = { queued: plc.mailbox.length, crashes: crashes.slice(-5).map(String) };
    console.error("The actor of the test that failed:", state, logged.slice(-10));
  });
  onTestFinished(() => root.stop());
  /** Resolves when the actor has crashed that many times. */
  const crashed = (count: number) =>
    new Promise<void>((done) => {
      if (crashes.length >= count) done();
      else waiting.push({ count, done });
    });
  return { plc, root, crashes, crashed, logged };
}

/** The error that a request ends with. */
export function failure(request: Promise<unknown>): Promise<Error & { code: string }> {
  return request.then(
    (answer) => {
      throw new Error(`Cannot fail: the request was answered with ${String(answer)}`);
    },
    (error) => error,
  );
}

/** The first answer that is in time: on a busy machine a device may be late by itself. */
export async function answered(request: () => Promise<number[]>): Promise<number[]> {
  for (;;) {
    try {
      return await request();
    } catch (error) {
      if (!(error instanceof ModbusTimeoutError)) throw error;
    }
  }
}

/**
 * Resolves to what `promise` does, or to "late" when that takes 50 ms or more. They are counted in turns of the event loop, as a
 * busy machine may hold up this process, with the device in it.
 */
export async function within50<Value>(promise: Promise<Value>): Promise<Value | "late"> {
  let isSettled = false;
  const settle = () => void (isSettled = true);
  promise.then(settle, settle);
  for (let turn = 0; turn < 50 && !isSettled; turn++) {
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return isSettled ? promise : "late";
}
