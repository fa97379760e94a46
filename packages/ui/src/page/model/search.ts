import { problemKinds } from "../../lib/model/problems.ts";
import { type ActorRow, pathOf, statusText } from "./row.ts";

export interface Search {
  /** Whether a row is one of those looked for. */
  readonly matches: Test;
  /** What of the text was not understood, and why. */
  readonly complaints: readonly string[];
}

type Test = (row: ActorRow, now: number) => boolean;

/** As rows have them. */
const statuses: readonly string[] = [
  "starting",
  "running",
  "ready",
  "backing-off",
  "stopping",
  "stopped",
  "failed",
  "abandoned",
];

/**
 * Reads what was typed: words of a name (of a path, with a `/` in it), `state:failed`, `kind:signal`, `is:problem`,
 * `mailbox>100`, `mailbox>80%`, `age<5m`; all of them have to hold, `-` before one says that it must not, quotes keep
 * spaces.
 */
export function parseSearch(text: string): Search {
  const complaints: string[] = [];
  const tests = [...text.matchAll(/(-?)((?:"[^"]*"?|[^\s"])+)/g)].map(([, not, term = ""]) => {
    const test = testOf(term, complaints);
    return not === "-" ? (row: ActorRow, now: number) => !test(row, now) : test;
  });
  return { complaints, matches: (row, now) => tests.every((test) => test(row, now)) };
}

function testOf(term: string, complaints: string[]): Test {
  const [, key = "", operator = "", quoted = ""] =
    /^([a-z]+)(:|>=|<=|>|<|=)(.*)$/i.exec(term) ?? [];
  const name = key.toLowerCase();
  const wanted = unquoted(quoted).toLowerCase();
  if (operator === "") return wordTest(unquoted(term).toLowerCase());
  const number = numbers[name];
  if (number !== undefined) return numberTest(name, number, operator, wanted, complaints);
  const word = words[name];
  if (word !== undefined && operator === ":") return word(wanted, complaints);
  return wordTest(unquoted(term).toLowerCase());
}

function wordTest(word: string): Test {
  if (word.includes("/")) return (row) => pathOf(row).join("/").toLowerCase().includes(word);
  return ({ state }) => state.name.toLowerCase().includes(word);
}

const words: Readonly<Record<string, (wanted: string, complaints: string[]) => Test>> = {
  state: statusTest,
  status: statusTest,
  is: problemTest,
  kind: (wanted) => (row) => row.state.kind.toLowerCase() === wanted,
  policy: (wanted) => (row) => row.state.policy === wanted,
  name: (wanted) => (row) => row.state.name.toLowerCase().includes(wanted),
  path: (wanted) => (row) => pathOf(row).join("/").toLowerCase().includes(wanted),
  error:
    (wanted) =>
    ({ state }) =>
      `${state.lastError ?? ""}\n${state.valueError ?? ""}`.toLowerCase().includes(wanted),
};

function statusTest(wanted: string, complaints: string[]): Test {
  const status = wanted === "waiting" ? "backing-off" : wanted;
  if (!statuses.includes(status)) complaints.push(`state: is one of ${statuses.join(", ")}`);
  return (row) => dashed(statusText(row.state)) === status || row.problem === status;
}

/** As they are typed. */
const kinds = problemKinds.map(dashed);

function dashed(words: string): string {
  return words.replaceAll(" ", "-");
}

function problemTest(wanted: string, complaints: string[]): Test {
  if (wanted === "problem") return (row) => row.problem !== undefined;
  const kind = problemKinds[kinds.indexOf(wanted)];
  if (kind === undefined) complaints.push(`is: is one of problem, ${kinds.join(", ")}`);
  return (row) => kind !== undefined && row.problem === kind;
}

interface Measure {
  readonly of: (row: ActorRow, now: number) => number | undefined;
  /** What `%` is of. */
  readonly whole?: (row: ActorRow) => number | undefined;
  /** Whether it is a duration, whose numbers without a unit are seconds. */
  readonly time?: true;
}

const mailbox: Measure = {
  of: ({ state }) => state.queued,
  whole: ({ state }) => state.capacity,
};

const numbers: Readonly<Record<string, Measure>> = {
  mailbox,
  mbox: mailbox,
  queued: mailbox,
  rate: { of: (row) => row.rate },
  restarts: { of: ({ state }) => state.restarts },
  budget: { of: ({ state }) => state.budget?.used, whole: ({ state }) => state.budget?.max },
  age: { of: ({ state }, now) => since(state.startedAt, now), time: true },
  oldest: { of: ({ state }, now) => since(state.oldestAt, now), time: true },
};

function since(at: number | undefined, now: number): number | undefined {
  return at === undefined ? undefined : now - at;
}

const units: Readonly<Record<string, number>> = {
  "": 1_000,
  ms: 1,
  s: 1_000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

function numberTest(
  name: string,
  { of, whole, time }: Measure,
  operator: string,
  wanted: string,
  complaints: string[],
): Test {
  const [, digits, unit = ""] = /^(\d+(?:\.\d+)?)([a-z%]*)$/.exec(wanted) ?? [];
  const share = unit === "%" && whole !== undefined;
  const factor = time ? units[unit] : unit === "" ? 1 : share ? 0.01 : undefined;
  if (digits === undefined || factor === undefined) {
    complaints.push(
      `${name}${operator} takes a number${time ? " with s, m, h or d" : whole ? " or a percentage" : ""}`,
    );
    return () => false;
  }
  const limit = Number(digits) * factor;
  return (row, now) => {
    const value = of(row, now);
    const most = share ? whole(row) : 1;
    return value !== undefined && most !== undefined && holds(value, operator, limit * most);
  };
}

/** Each sign of an operator allows one outcome. */
function holds(value: number, operator: string, limit: number): boolean {
  const outcome = value > limit ? ">" : value < limit ? "<" : /[:=]/;
  return operator.search(outcome) >= 0;
}

function unquoted(text: string): string {
  return text.replaceAll('"', "");
}
