import { digits, times } from "./numbers.ts";
import type { CaseReport, Report } from "./report.ts";

/** Renders a report as lines of Markdown that are as readable in a terminal. */
export function renderReport(report: Report): string {
  const columns = allColumns.filter((column) =>
    report.cases.some((row) => column.cell(row) !== undefined),
  );
  const rows = report.cases.map((row) => columns.map((column) => column.cell(row) ?? ""));
  return [report.title, "", ...renderTable(columns, rows), "", describeRun(report)].join("\n");
}

interface Column {
  readonly heading: string;
  readonly align: "left" | "right";
  cell(row: CaseReport): string | undefined;
}

const allColumns: readonly Column[] = [
  { heading: "case", align: "left", cell: (row) => row.name },
  { heading: "one operation", align: "left", cell: (row) => row.operation },
  { heading: "median", align: "right", cell: (row) => `${digits(row.figure.median)} ${row.unit}` },
  {
    heading: "min to max",
    align: "right",
    cell: (row) => `${digits(row.figure.min)} to ${digits(row.figure.max)}`,
  },
  { heading: "wall", align: "right", cell: (row) => row.wall && digits(row.wall.median) },
  { heading: "aim", align: "right", cell: (row) => row.aim?.toString() },
  {
    heading: "of aim",
    align: "right",
    cell: (row) => (row.aim === undefined ? undefined : times(row.figure.median / row.aim)),
  },
  { heading: "Go", align: "right", cell: (row) => row.go?.toString() },
  {
    heading: "of Go",
    align: "right",
    cell: (row) => (row.go === undefined ? undefined : times(row.figure.median / row.go)),
  },
  {
    heading: "of baseline",
    align: "right",
    cell: (row) => row.baseline && times(row.baseline.ratio.median),
  },
  { heading: "allowed", align: "right", cell: (row) => allowance(row.baseline?.atMost) },
  { heading: "baseline", align: "left", cell: (row) => row.baseline?.name },
];

function allowance(atMost: number | undefined): string | undefined {
  return atMost === undefined ? undefined : times(atMost);
}

function renderTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string[] {
  const widths = columns.map(({ heading }, index) =>
    Math.max(heading.length, ...rows.map((row) => row[index]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const padded = (cells: readonly string[]) =>
    line(
      cells.map((cell, index) => pad(cell, widths[index] ?? 0, columns[index]?.align ?? "left")),
    );
  return [
    padded(columns.map(({ heading }) => heading)),
    line(columns.map(({ align }, index) => rule(widths[index] ?? 0, align))),
    ...rows.map(padded),
  ];
}

function pad(cell: string, width: number, align: Column["align"]): string {
  return align === "left" ? cell.padEnd(width) : cell.padStart(width);
}

function rule(width: number, align: Column["align"]): string {
  return align === "left" ? "-".repeat(width) : `${"-".repeat(width - 1)}:`;
}

function describeRun({ machine, noise, rounds, together }: Report): string {
  const processes = together
    ? "one process a round for all cases"
    : "one process a round for each case";
  const spread = `${Math.round(noise.calibrationSpread * 100)} %`;
  return (
    `${rounds === 1 ? "1 round" : `${rounds} rounds`}, ${processes}; Node ${machine.node} (V8 ${machine.v8}), ${machine.platform}, ${machine.cores} × ${machine.cpu}. ` +
    `Noise: four of five runs of a fixed loop lay within ${spread}, and it took ${noise.wallPerCpu.toFixed(2)} times its CPU time.`
  );
}
