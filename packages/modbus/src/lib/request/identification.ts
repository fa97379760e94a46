import { ModbusFrameError } from "../errors.ts";
import type { IdentificationPage, ReadDeviceIdentification } from "./pdu-request.ts";
import { actionOf, type ModbusAnswer, type ModbusRequest } from "./request.ts";

/** All that the device has to say to `request`: it names the object to go on with until there is none. */
export async function readWholeIdentification(
  request: ReadDeviceIdentification,
  exchange: (request: ModbusRequest) => Promise<ModbusAnswer>,
): Promise<IdentificationPage> {
  const objects = new Map<number, string>();
  for (let objectId = request.objectId; ;) {
    const page = (await exchange({ ...request, objectId })) as IdentificationPage;
    for (const [id, text] of page.objects) objects.set(id, text);
    const { conformityLevel, next } = page;
    // One alone has no continuation, whatever the device says.
    if (next === undefined || request.level === 4)
      return { conformityLevel, next: undefined, objects };
    if (next <= objectId) {
      const fault = `the device goes on with object ${next} after ${objectId}`;
      throw new ModbusFrameError(`Cannot ${actionOf(request)}: ${fault}`);
    }
    objectId = next;
  }
}
