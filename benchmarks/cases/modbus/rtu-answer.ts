/** The answer of unit 1 with the 10 registers from `address` on, which hold their own addresses. */
export function rtuAnswer(address: number): Buffer {
  const answer = Buffer.alloc(25);
  answer.set([1, 3, 20]);
  for (let index = 0; index < 10; index += 1) answer.writeUInt16BE(address + index, 3 + index * 2);
  return sealed(answer);
}

/** The request for them. */
export function rtuRequest(address: number): Buffer {
  const request = Buffer.alloc(8);
  request.set([1, 3]);
  request.writeUInt16BE(address, 2);
  request.writeUInt16BE(10, 4);
  return sealed(request);
}

/** With the CRC of the bytes before the last two in these. */
function sealed(frame: Buffer): Buffer {
  let crc = 0xffff;
  for (const byte of frame.subarray(0, -2)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xa001 : crc >>> 1;
  }
  frame.writeUInt16LE(crc, frame.length - 2);
  return frame;
}
