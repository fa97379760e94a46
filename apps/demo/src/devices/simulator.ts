import { actor } from "@sup/core";
import { heaterMemory } from "./heater-memory.ts";
import { meterMemory } from "./meter-memory.ts";
import type { Memory } from "./modbus/memory.ts";
import { ModbusServer } from "./modbus/server.ts";
import { pumpMemory } from "./pump-memory.ts";
import type { Tank } from "./tank.ts";

/** What can happen to devices in the field. */
export type Fault = "reset" | "power cut" | "hang" | "trip" | "silence";

export type Simulator = ReturnType<typeof createSimulator>;

/** Milliseconds for which the power is away. */
const darkness = 2_500;

/** Who is behind which unit id. */
export const units = { heater: 1, meter: 2, circulation: 3, supply: 4 } as const;

/**
 * The heater's electronics, the meter and the pumps that are wired to them: a Modbus TCP server on loopback. The heater
 * answers to every id that is nobody's, as devices with an address of their own do. Each life is a power-up, so that heater
 * and pumps are off at first.
 */
export function createSimulator(tank: Tank, port: number) {
  let poweredAt = 0;
  return actor("simulator", async ({ logger, fail, defer }) => {
    if (performance.now() < poweredAt) throw new Error("No power");
    const heater = heaterMemory(tank);
    const others = new Map<number, Memory>([
      [units.meter, meterMemory(tank)],
      [units.circulation, pumpMemory(tank.circulation)],
      [units.supply, pumpMemory(tank.supply)],
    ]);
    let silent: number | undefined;
    const memoryOf = (unitId: number): Memory | undefined =>
      unitId === silent ? undefined : (others.get(unitId) ?? heater);
    const server = await ModbusServer.listen({ port, memoryOf, onFault: fail });
    defer(() => server.close());
    defer(() => powerDown(tank));
    logger.info({}, `listening on 127.0.0.1:${port}`);
    return {
      suffer(fault: Fault) {
        switch (fault) {
          case "reset":
            return server.reset();
          case "power cut":
            poweredAt = performance.now() + darkness;
            return fail(new Error("Power cut"));
          case "hang":
            return server.hang();
          case "trip":
            return tank.circulation.trip();
          case "silence":
            silent = units.supply;
        }
      },
      recover() {
        silent = undefined;
        server.recover();
      },
    };
  });
}

function powerDown(tank: Tank): void {
  tank.switch(false);
  tank.circulation.run(0);
  tank.supply.run(0);
}
