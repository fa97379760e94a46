import { describe, expect, it } from "vitest";
import { decodePdu, encodePdu } from "../../src/lib/codec/pdu.ts";
import {
  type PduRequest,
  otherRequest,
  readDeviceIdentification,
  readFifoQueue,
  readFileRecords,
  reportServerId,
  writeFileRecords,
} from "../../src/lib/request/pdu-request.ts";

const hex = (text: string) => Buffer.from(text.replaceAll(" ", ""), "hex");

// Where it has one, the example of the specification.
describe.each<[string, PduRequest, sent: string, answer: string, value: unknown]>([
  ["reportServerId", reportServerId(1), "01 11", "01 11 03 4142ff", hex("4142ff")],
  [
    "readFileRecords",
    readFileRecords(1, [
      { file: 4, record: 1, quantity: 2 },
      { file: 3, record: 9, quantity: 2 },
    ]),
    "01 14 0e 06 0004 0001 0002 06 0003 0009 0002",
    "01 14 0c 05 06 0dfe 0020 05 06 33cd 0040",
    [
      [0x0dfe, 0x20],
      [0x33cd, 0x40],
    ],
  ],
  [
    "writeFileRecords",
    writeFileRecords(1, [{ file: 4, record: 7, values: [0x06af, 0x04be, 0x100d] }]),
    "01 15 0d 06 0004 0007 0003 06af 04be 100d",
    "01 15 0d 06 0004 0007 0003 06af 04be 100d",
    undefined,
  ],
  [
    "readFifoQueue",
    readFifoQueue(1, 0x04de),
    "01 18 04de",
    "01 18 0006 0002 01b8 1284",
    [440, 4_740],
  ],
  [
    "readDeviceIdentification",
    readDeviceIdentification(1, 2, 5),
    "01 2b 0e 02 05",
    "01 2b 0e 02 83 ff 06 01 05 03 c2b043",
    { conformityLevel: 0x83, next: 6, objects: new Map([[5, "°C"]]) },
  ],
  ["otherRequest", otherRequest(1, 100, [1, 2]), "01 64 01 02", "01 64 03", hex("03")],
])("%s", (_, request, sent, answer, value) => {
  it("is encoded as the specification has it", () => {
    expect(encodePdu(request)).toEqual(hex(sent));
  });

  it("has its answer decoded", () => {
    expect(decodePdu(request, hex(answer))).toEqual(value);
  });
});

describe("the limits of the specification", () => {
  const span = { file: 1, record: 0, quantity: 1 };
  const record = { file: 1, record: 0, values: [1] };

  it.each<[string, () => unknown]>([
    [
      "35 spans of a register",
      () =>
        readFileRecords(
          1,
          Array.from({ length: 35 }, () => span),
        ),
    ],
    ["a span as long as an answer", () => readFileRecords(1, [{ ...span, quantity: 121 }])],
    [
      "the last record of the last file",
      () => readFileRecords(1, [{ file: 65_535, record: 9_999, quantity: 1 }]),
    ],
    [
      "27 records of a register",
      () =>
        writeFileRecords(
          1,
          Array.from({ length: 27 }, () => record),
        ),
    ],
    [
      "a record as long as a request",
      () => writeFileRecords(1, [{ ...record, values: Array(122).fill(1) }]),
    ],
    ["the last queue", () => readFifoQueue(1, 65_535)],
    ["any other function without bytes", () => otherRequest(1, 127, [])],
    ["any other function with all bytes", () => otherRequest(1, 65, new Uint8Array(252))],
    ["function 43 of another MEI type", () => otherRequest(1, 43, [13, 0])],
  ])("allow %s", (_, create) => {
    expect(encodePdu(create() as PduRequest).length).toBeLessThanOrEqual(254);
  });

  it.each<[string, () => unknown, ErrorConstructor, string]>([
    ["no spans", () => readFileRecords(1, []), RangeError, "`records` must hold 1 to 35"],
    ["spans that are no list", () => readFileRecords(1, span as never), TypeError, "an array"],
    [
      "a span that is none",
      () => readFileRecords(1, [null as never]),
      TypeError,
      "`records[0]` must be an object",
    ],
    [
      "file 0",
      () => readFileRecords(1, [{ ...span, file: 0 }]),
      RangeError,
      "`records[0].file` must be",
    ],
    [
      "record 10,000",
      () => readFileRecords(1, [{ ...span, record: 10_000 }]),
      RangeError,
      "`records[0].record`",
    ],
    [
      "an empty span",
      () => readFileRecords(1, [{ ...span, quantity: 0 }]),
      RangeError,
      "`records[0].quantity`",
    ],
    [
      "more than an answer can have",
      () => readFileRecords(1, [{ ...span, quantity: 121 }, span]),
      RangeError,
      "must take 245 bytes at most, got 248",
    ],
    [
      "more than a request can have",
      () => writeFileRecords(1, [{ ...record, values: Array(122).fill(1) }, record]),
      RangeError,
      "must take 251 bytes at most, got 260",
    ],
    [
      "a record without values",
      () => writeFileRecords(1, [{ ...record, values: [] }]),
      RangeError,
      "`records[0].values`",
    ],
    [
      "a value that is no word",
      () => writeFileRecords(1, [{ ...record, values: [65_536] }]),
      RangeError,
      "`records[0].values[0]`",
    ],
    [
      "a queue past the last",
      () => readFifoQueue(1, 65_536),
      RangeError,
      "Cannot read FIFO queue: `address`",
    ],
    [
      "identification of level 5",
      () => readDeviceIdentification(1, 5 as never, 0),
      RangeError,
      "`level` must be",
    ],
    [
      "identification of object 256",
      () => readDeviceIdentification(1, 1, 256),
      RangeError,
      "`objectId`",
    ],
    [
      "function 0",
      () => otherRequest(1, 0, []),
      RangeError,
      "`functionCode` must be an integer from 1 to 127",
    ],
    ["function 128", () => otherRequest(1, 128, []), RangeError, "`functionCode`"],
    [
      "a function with a method",
      () => otherRequest(1, 3, []),
      RangeError,
      "without a method of its own, got 3",
    ],
    [
      "function 43/14",
      () => otherRequest(1, 43, [14, 1, 0]),
      RangeError,
      "readDeviceIdentification",
    ],
    [
      "too many bytes",
      () => otherRequest(1, 65, new Uint8Array(253)),
      RangeError,
      "0 to 252 values, got 253",
    ],
    ["a byte of 256", () => otherRequest(1, 65, [256]), RangeError, "`bytes[0]` must be"],
    [
      "bytes as text",
      () => otherRequest(1, 65, "ab" as never),
      TypeError,
      "`bytes` must be an array",
    ],
  ])("refuse %s", (_, create, type, message) => {
    expect(create).toThrow(type);
    expect(create).toThrow(message);
  });

  it("hold what the values were when the call was made", () => {
    const values = [1];
    const request = writeFileRecords(1, [{ file: 1, record: 0, values }]);
    const bytes = Buffer.of(1);
    const other = otherRequest(1, 65, bytes);
    values[0] = 9;
    bytes[0] = 9;
    expect(request.records[0]!.values).toEqual([1]);
    expect(other.bytes).toEqual(Buffer.of(1));
  });
});
