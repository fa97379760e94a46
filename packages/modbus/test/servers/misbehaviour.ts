import { frame } from "./scripted-device.ts";

/**
 * What a device may do with a request to read the register at `address`, which holds its own address. What it puts into
 * `later` is sent with the answer to the next request.
 */
export const misbehaviour = {
  answers: answer,
  "answers twice": (id, address) => Buffer.concat([answer(id, address), answer(id, address)]),
  "answers with the next": (id, address, later) => {
    later.push(answer(id, address));
    return Buffer.alloc(0);
  },
  "answers what nobody asked": (id, address) =>
    Buffer.concat([frame((id + 30_000) & 0xffff, "01 03 02 dead"), answer(id, address)]),
  "answers for another unit": (id, address) =>
    Buffer.concat([frame(id, "02 03 02 dead"), frame(id, "03 83 02"), answer(id, address)]),
  "answers another function": (id, address) =>
    Buffer.concat([frame(id, "01 04 02 dead"), answer(id, address)]),
  refuses: (id) => frame(id, "01 83 06"),
  "sends too much": (id) => frame(id, "01 03 04 deaddead"),
  "is silent": () => Buffer.alloc(0),
} satisfies Record<string, (id: number, address: number, later: Buffer[]) => Buffer>;

export type Misbehaviour = keyof typeof misbehaviour;

function answer(id: number, address: number): Buffer {
  return frame(id, `01 03 02 ${address.toString(16).padStart(4, "0")}`);
}
