import { answerLength, recordsLength } from "./answer-length.ts";

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
    case 17:
      return dataFault(answer, answer[2]);
    case 20:
      return dataFault(answer, recordsLength(sent)) ?? recordsFault(sent, answer);
    case 21:
      return echoFault(sent, answer, sent.length);
    case 24:
      return fifoFault(answer);
    case 43:
      return sent[2] === 14 ? identificationFault(sent, answer) : undefined;
    default:
      return undefined;
  }
}

function dataFault(answer: Buffer, expected: number | undefined): string | undefined {
  const announced = answer[2];
  const actual = answer.length - 3;
  if (announced !== undefined && announced === expected && actual === expected) return undefined;
  return `it has ${Math.max(actual, 0)} bytes of data and announces ${announced ?? "none"}, not ${expected ?? "any"}`;
}

function echoFault(sent: Buffer, answer: Buffer, length: number): string | undefined {
  if (answer.length !== length) return `its echo has ${answer.length - 1} bytes, not ${length - 1}`;
  if (answer.compare(sent, 0, length) === 0) return undefined;
  return `it echoes ${answer.toString("hex", 1)}, not ${sent.toString("hex", 1, length)}`;
}

/** Each record has its length in bytes, the reference type counted in (section 6.14). */
function recordsFault(sent: Buffer, answer: Buffer): string | undefined {
  for (let request = 3, at = 3; request < sent.length; request += 7) {
    const expected = 1 + sent.readUInt16BE(request + 5) * 2;
    if (answer[at] !== expected || answer[at + 1] !== sent[request])
      return `a record of it has ${answer[at]} bytes of type ${answer[at + 1]}, not ${expected} of type 6`;
    at += 1 + expected;
  }
  return undefined;
}

/** Bytes, then registers, of which there are 31 at most (section 6.18). */
function fifoFault(answer: Buffer): string | undefined {
  if (answer.length < 6) return `it has ${answer.length - 2} bytes, not 4 or more`;
  const bytes = answer.readUInt16BE(2);
  const count = answer.readUInt16BE(4);
  if (count <= 31 && bytes === 2 + count * 2 && answer.length === 4 + bytes) return undefined;
  return `it has ${answer.length - 4} bytes of data and announces ${bytes}, with ${count} registers`;
}

function identificationFault(sent: Buffer, answer: Buffer): string | undefined {
  if (answerLength(sent, answer, true) === answer.length) return undefined;
  return "its list of objects has another length than it announces";
}
