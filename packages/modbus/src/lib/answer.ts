/**
 * Whether `answer` is one to `sent` at all: same unit, same function or its exception. Both are a unit id with a PDU.
 */
export function isAnswerTo(sent: Buffer, answer: Buffer): boolean {
  return answer[0] === sent[0] && (answer[1]! & 0x7f) === sent[1];
}

/**
 * What is wrong with an answer, or `undefined`: the specification fixes the length of each from its request, and the
 * answer to a write repeats what was written (Modbus Application Protocol V1.1b3, section 6).
 */
export function faultOf(sent: Buffer, answer: Buffer): string | undefined {
  if (answer[1] !== sent[1])
    return answer.length === 3 ? undefined : `its exception has ${answer.length - 1} bytes, not 2`;
  switch (sent[1]) {
    case 1:
    case 2:
      return dataFault(answer, Math.ceil(sent.readUInt16BE(4) / 8));
    case 3:
    case 4:
    case 23:
      return dataFault(answer, sent.readUInt16BE(4) * 2);
    case 5:
    case 6:
    case 15:
    case 16:
      return echoFault(sent, answer, 6);
    case 22:
      return echoFault(sent, answer, 8);
    default:
      return undefined;
  }
}

function dataFault(answer: Buffer, expected: number): string | undefined {
  const announced = answer[2];
  const actual = answer.length - 3;
  if (announced === expected && actual === expected) return undefined;
  return `it has ${Math.max(actual, 0)} bytes of data and announces ${announced ?? "none"}, not ${expected}`;
}

function echoFault(sent: Buffer, answer: Buffer, length: number): string | undefined {
  if (answer.length !== length) return `its echo has ${answer.length - 1} bytes, not ${length - 1}`;
  if (answer.compare(sent, 0, length) === 0) return undefined;
  return `it echoes ${answer.toString("hex", 1)}, not ${sent.toString("hex", 1, length)}`;
}
