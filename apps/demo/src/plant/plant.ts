import { ModbusActor } from "@sup/modbus";
import { createSimulator } from "../devices/simulator.ts";
import { Tank } from "../devices/tank.ts";
import { Meter } from "../energy/meter.ts";
import { Heater } from "../heater/heater.ts";
import type { Settings } from "../launch/settings.ts";
import { Pump } from "../pumps/pump.ts";

/** From the device to the heater, and to the meter and the pumps behind the same connection where there are any. */
export function createPlant({ address, speed }: Settings["modbus"]) {
  const { host, port, units } = address;
  const simulator = speed === undefined ? undefined : createSimulator(new Tank({ speed }), port);
  const modbus = new ModbusActor("modbus", {
    transport: "tcp",
    host,
    port,
    unitId: units.heater,
    timeout: 500,
    connectTimeout: 2_000,
  });
  const pump = (id: number | undefined) =>
    id === undefined ? undefined : new Pump(modbus.unit(id));
  return {
    simulator,
    modbus,
    heater: new Heater(modbus),
    meter: units.meter === undefined ? undefined : new Meter(modbus.unit(units.meter)),
    circulation: pump(units.circulation),
    supply: pump(units.supply),
  };
}
