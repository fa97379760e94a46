import { originOf } from "../lib/plot/origin.ts";
import type { Block, Plot } from "../lib/plot/plot.ts";
import { ratioOf } from "../lib/plot/ratio.ts";
import type { ReadReport } from "../lib/read-report.ts";
import type { Report } from "../lib/report.ts";

interface Adapter {
  readonly group: string;
  readonly heading: string;
  /** The name of each case that has a baseline, and what to call it. */
  readonly rows: Readonly<Record<string, string>>;
}

const all: readonly Adapter[] = [
  {
    group: "modbus",
    heading: "ModbusActor over modbus-serial",
    rows: { ModbusActor: "10 registers read" },
  },
  {
    group: "ws",
    heading: "WebSocketActor over ws",
    rows: {
      "echo, WebSocketActor": "sent and echoed",
      "send, WebSocketActor": "sent, one by one",
      "send 64, WebSocketActor": "sent, 64 at a time",
      "receive, WebSocketActor": "received",
    },
  },
  {
    group: "sse",
    heading: "SseActor over eventsource-parser",
    rows: { SseActor: "event received" },
  },
  {
    group: "exec",
    heading: "ExecActor over a bare pipe, and over execa",
    rows: {
      "lines, onLine": "line, by onLine",
      "lines, lines()": "line, by lines()",
      "lives, ExecActor": "process, over execa",
    },
  },
];

/** What adapters take, as times of what the libraries take that they are built on, in the same round. */
export function adapters(read: ReadReport): Plot {
  const reports = all.map(({ group }) => read(group));
  return {
    name: "adapters",
    title: "Adapters against bare libraries",
    axis: {
      scale: "log",
      unit: "×",
      label: "Time relative to the bare library",
      reference: { value: 1, label: "bare library" },
      limit: "allowed",
    },
    blocks: all.map((adapter, index) => blockOf(adapter, reports[index]!)),
    origin: originOf(...reports),
  };
}

function blockOf({ heading, rows }: Adapter, report: Report): Block {
  const compared = report.cases.filter(({ baseline }) => baseline !== undefined);
  const measured = compared.map(({ name }) => name).join("; ");
  const named = Object.keys(rows).join("; ");
  if (measured !== named) {
    throw new RangeError(
      `Cannot plot "${report.name}": its rows are ${named}, and its figures are of ${measured}`,
    );
  }
  return {
    heading,
    rows: compared.map((found) => ({
      name: rows[found.name]!,
      of: "sup",
      ...ratioOf(found),
    })),
  };
}
