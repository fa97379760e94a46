import { actor } from "@sup/core";
import { heaterMemory } from "./heater-memory.ts";
import { meterMemory } from "./meter-memory.ts";
import type { Memory } from "./modbus/memory.ts";
import { ModbusServer } from "./modbus/server.ts";
import type { Tank } from "./tank.ts";

/** What can happen to a device in the field. */
export type Fault = "reset" | "power cut" | "hang" | "slow";

export type Simulator = ReturnType<typeof createSimulator>;

/** Milliseconds for an answer while the device is slow. */
const slowness = 400;

/** The unit id of the meter. */
export const meterId = 2;

/**
 * The heater's electronics, and the meter that is wired to them: a Modbus TCP server on loopback. The heater answers to every
 * id but the meter's, as devices with an address of their own do. Each life is a power-up, so the heater is off at first.
 */
export function createSimulator(tank: Tank, port: number) {
  return actor("simulator", async ({ logger, fail, defer }) => {
    const heater = heaterMemory(tank);
    const meter = meterMemory(tank);
    const memoryOf = (unitId: number): Memory => (unitId === meterId ? meter : heater);
    const server = await ModbusServer.listen({ port, memoryOf, onFault: fail });
    defer(() => server.close());
    defer(() => tank.switch(false));
    logger.info({}, `listening on 127.0.0.1:${port}`);
    return {
      suffer(fault: Fault) {
        switch (fault) {
          case "reset":
            return server.reset();
          case "power cut":
            return fail(new Error("Power cut"));
          case "hang":
            return server.answer("never");
          case "slow":
            return server.answer({ after: slowness });
        }
      },
      recover: () => server.answer("at once"),
    };
  });
}
