import { describe, expect, it } from "vitest";
import { faultOf, isAnswerTo } from "../../src/lib/connection/answer.ts";

const hex = (text: string) => Buffer.from(text.replaceAll(" ", ""), "hex");

describe("isAnswerTo", () => {
  const sent = hex("01 03 0064 0002");

  it("accepts the same unit with the same function or its exception", () => {
    expect(isAnswerTo(sent, hex("01 03 04 00000000"))).toBe(true);
    expect(isAnswerTo(sent, hex("01 83 02"))).toBe(true);
  });

  it.each([
    ["another unit", "02 03 04 00000000"],
    ["an exception of another unit", "02 83 02"],
    ["another function", "01 04 04 00000000"],
    ["an exception of another function", "01 84 02"],
  ])("refuses %s", (_, answer) => {
    expect(isAnswerTo(sent, hex(answer))).toBe(false);
  });
});

describe("faultOf", () => {
  it.each([
    ["9 coils", "01 01 0000 0009", "01 01 02 ff01"],
    ["8 discrete inputs", "01 02 0000 0008", "01 02 01 ff"],
    ["2 holding registers", "01 03 0000 0002", "01 03 04 00010002"],
    ["1 input register", "01 04 0000 0001", "01 04 02 0001"],
    ["a coil", "01 05 0007 ff00", "01 05 0007 ff00"],
    ["a register", "01 06 0007 002a", "01 06 0007 002a"],
    ["coils", "01 0f 0007 0003 01 05", "01 0f 0007 0003"],
    ["registers", "01 10 0007 0001 02 002a", "01 10 0007 0001"],
    ["a masked register", "01 16 0007 00f2 0025", "01 16 0007 00f2 0025"],
    ["registers written and read", "01 17 0003 0002 0007 0001 02 002a", "01 17 04 00010002"],
    ["an exception", "01 03 0000 0002", "01 83 02"],
    ["a server id", "01 11", "01 11 03 4142ff"],
    [
      "file records",
      "01 14 0e 06 0004 0001 0002 06 0003 0009 0001",
      "01 14 0a 05 06 0dfe0020 03 06 33cd",
    ],
    ["written file records", "01 15 09 06 0004 0007 0001 06af", "01 15 09 06 0004 0007 0001 06af"],
    ["an empty queue", "01 18 0005", "01 18 0002 0000"],
    ["a queue", "01 18 0005", "01 18 0006 0002 01b81284"],
    ["an identification", "01 2b 0e 01 00", "01 2b 0e 01 01 00 00 01 00 03 737570"],
    ["any other function", "01 64 00", "01 64 0102030405"],
    ["another MEI type", "01 2b 0d 00", "01 2b 0d 0102"],
  ])("is undefined when the answer is the one to %s", (_, sent, answer) => {
    expect(faultOf(hex(sent), hex(answer))).toBeUndefined();
  });

  it.each([
    [
      "fewer registers",
      "01 03 0000 0002",
      "01 03 02 0001",
      "2 bytes of data and announces 2, not 4",
    ],
    [
      "more registers",
      "01 03 0000 0001",
      "01 03 04 00010002",
      "4 bytes of data and announces 4, not 2",
    ],
    [
      "less data than it announces",
      "01 03 0000 0002",
      "01 03 04 0001",
      "2 bytes of data and announces 4, not 4",
    ],
    [
      "half a register less",
      "01 17 0003 0002 0007 0001 02 002a",
      "01 17 03 00010002",
      "announces 3",
    ],
    ["no byte count", "01 03 0000 0002", "01 03", "0 bytes of data and announces none"],
    ["a byte of coils too many", "01 01 0000 0008", "01 01 02 ff00", "not 1"],
    ["an exception without a code", "01 03 0000 0002", "01 83", "its exception has 1 bytes, not 2"],
    ["an exception with more", "01 03 0000 0002", "01 83 0200", "its exception has 3 bytes, not 2"],
    ["another coil", "01 05 0007 ff00", "01 05 0008 ff00", "echoes 050008ff00, not 050007ff00"],
    ["the other value of the coil", "01 05 0007 ff00", "01 05 0007 0000", "echoes"],
    ["another register's value", "01 06 0007 002a", "01 06 0007 002b", "echoes"],
    ["another number of coils", "01 0f 0007 0003 01 05", "01 0f 0007 0002", "echoes"],
    ["another number of registers", "01 10 0007 0001 02 002a", "01 10 0007 0002", "echoes"],
    ["another mask", "01 16 0007 00f2 0025", "01 16 0007 00f2 0024", "echoes"],
    ["a short echo", "01 06 0007 002a", "01 06 0007", "its echo has 3 bytes, not 5"],
    ["less of a server id than it announces", "01 11", "01 11 03 4142", "2 bytes of data"],
    ["no length of its server id", "01 11", "01 11", "announces none, not any"],
    ["fewer file records", "01 14 07 06 0004 0001 0002", "01 14 04 03 06 0dfe", "not 6"],
    [
      "file records of other lengths",
      "01 14 0e 06 0004 0001 0002 06 0003 0009 0001",
      "01 14 0a 03 06 0dfe 05 06 33cd0040",
      "a record of it has 3 bytes of type 6, not 5 of type 6",
    ],
    [
      "another written record",
      "01 15 09 06 0004 0007 0001 06af",
      "01 15 09 06 0004 0007 0001 06ae",
      "echoes",
    ],
    ["no count of a queue", "01 18 0005", "01 18 0000", "2 bytes, not 4 or more"],
    [
      "more of a queue than it may have",
      "01 18 0005",
      `01 18 0042 0020 ${"0000".repeat(32)}`,
      "with 32 registers",
    ],
    ["a queue whose counts differ", "01 18 0005", "01 18 0006 0001 01b81284", "with 1 registers"],
    [
      "an identification that is cut",
      "01 2b 0e 01 00",
      "01 2b 0e 01 01 00 00 02 00 03 737570",
      "another length",
    ],
    [
      "an identification of another level",
      "01 2b 0e 01 00",
      "01 2b 0e 02 01 00 00 00",
      "another length",
    ],
    ["a long echo", "01 06 0007 002a", "01 06 0007 002a 00", "its echo has 6 bytes, not 5"],
  ])("says what is wrong when the answer has %s", (_, sent, answer, fault) => {
    expect(faultOf(hex(sent), hex(answer))).toContain(fault);
  });
});
