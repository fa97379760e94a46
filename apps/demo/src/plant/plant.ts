import { ModbusActor } from "@sup/modbus";
import { createSimulator } from "../devices/simulator.ts";
import { Tank } from "../devices/tank.ts";
import { Meter } from "../energy/meter.ts";
import { Heater } from "../heater/heater.ts";
import type { Settings } from "../launch/settings.ts";

/** From the device to the heater, and to the meter behind the same connection where there is one. */
export function createPlant({ address, speed }: Settings["modbus"]) {
  const simulator =
    speed === undefined ? undefined : createSimulator(new Tank({ speed }), address.port);
  const { meterId, ...place } = address;
  const modbus = new ModbusActor("modbus", {
    transport: "tcp",
    ...place,
    timeout: 500,
    connectTimeout: 2_000,
  });
  const meter = meterId === undefined ? undefined : new Meter(modbus.unit(meterId));
  return { simulator, modbus, heater: new Heater(modbus), meter };
}
