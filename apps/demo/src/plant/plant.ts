import { ModbusActor } from "@sup/modbus";
import { createSimulator } from "../devices/simulator.ts";
import { Tank } from "../devices/tank.ts";
import { Heater } from "../heater/heater.ts";
import type { Settings } from "../launch/settings.ts";

/** From the device to the heater. */
export function createPlant({ address, speed }: Settings["modbus"]) {
  const simulator =
    speed === undefined ? undefined : createSimulator(new Tank({ speed }), address.port);
  const modbus = new ModbusActor("modbus", {
    transport: "tcp",
    ...address,
    timeout: 500,
    connectTimeout: 2_000,
  });
  return { simulator, modbus, heater: new Heater(modbus) };
}
