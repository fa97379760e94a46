import { ActorCrashedError, ActorStoppedError } from "@sup/core";
import {
  ModbusClosedError,
  ModbusConnectError,
  ModbusExceptionError,
  ModbusTimeoutError,
} from "@sup/modbus";
import { describe, expect, it } from "vitest";
import { isPassing } from "../../src/control/passing.ts";

describe("isPassing", () => {
  it.each([
    new ModbusTimeoutError("no answer"),
    new ModbusClosedError("reset"),
    new ModbusConnectError("refused"),
    new ModbusExceptionError("read", 6),
    new DOMException("late", "TimeoutError"),
    new ActorCrashedError("gone"),
    new ActorStoppedError("gone with its device"),
  ])("is so for a device that is slow, busy or away: %s", (error) => {
    expect(isPassing(error)).toBe(true);
  });

  it.each([
    new ModbusExceptionError("read", 2),
    new RangeError("wrong"),
    new DOMException("stopped", "AbortError"),
  ])("is not so for what trying again does not cure: %s", (error) => {
    expect(isPassing(error)).toBe(false);
  });
});
