import { cpus } from "node:os";
import type { BenchCase, BenchGroup } from "./bench-case.ts";
import type { ChildResult } from "./child-job.ts";
import { quantile, summarise, type Spread } from "./statistics.ts";

/** All that is known after the last round of a group. */
export interface Report {
  /** The group's name, with `-together` behind it where all cases shared a process. */
  readonly name: string;
  readonly title: string;
  readonly rounds: number;
  /** Whether each case had a process of its own, or each round one for all. */
  readonly together: boolean;
  readonly machine: Machine;
  readonly noise: Noise;
  readonly cases: readonly CaseReport[];
}

export interface Machine {
  readonly node: string;
  readonly v8: string;
  readonly platform: string;
  readonly cpu: string;
  readonly cores: number;
}

/** How the calibration loop fared. */
export interface Noise {
  /** How far apart the tenth and the ninetieth of a hundred runs lie, by CPU time over their median; 0.1 is 10 %. */
  readonly calibrationSpread: number;
  /** Wall time over CPU time: 1 when nothing else ran. */
  readonly wallPerCpu: number;
}

export interface CaseReport {
  readonly name: string;
  readonly operation: string;
  readonly unit: "ns" | "B";
  /** By the case's clock, per operation, over all rounds. */
  readonly figure: Spread;
  readonly wall?: Spread;
  readonly aim?: number;
  readonly go?: number;
  readonly baseline?: BaselineReport;
}

export interface BaselineReport {
  readonly name: string;
  /** Figure over the baseline's figure of the same round. */
  readonly ratio: Spread;
  readonly atMost?: number;
}

export interface Run {
  readonly group: string;
  readonly definition: BenchGroup;
  readonly together: boolean;
  readonly rounds: readonly (readonly ChildResult[])[];
}

export function buildReport({ group, definition, together, rounds }: Run): Report {
  return {
    name: together ? `${group}-together` : group,
    title: definition.title,
    rounds: rounds.length,
    together,
    machine: describeMachine(),
    noise: describeNoise(rounds.flat()),
    cases: definition.cases.map((benchCase) => buildCaseReport(benchCase, rounds)),
  };
}

function buildCaseReport(benchCase: BenchCase, rounds: Run["rounds"]): CaseReport {
  const measurements = rounds.map((round) => measurementOf(benchCase.name, round));
  const walls = measurements.flatMap(({ wall }) => (wall === undefined ? [] : [wall]));
  const { name, operation, aim, go, baseline } = benchCase;
  return {
    name,
    operation,
    unit: "measure" in benchCase ? "B" : "ns",
    figure: summarise(measurements.map(({ figure }) => figure)),
    ...(walls.length > 0 && { wall: summarise(walls) }),
    ...(aim !== undefined && { aim }),
    ...(go !== undefined && { go }),
    ...(baseline && { baseline: buildBaselineReport(name, baseline, rounds) }),
  };
}

function buildBaselineReport(
  name: string,
  { name: baseline, atMost }: NonNullable<BenchCase["baseline"]>,
  rounds: Run["rounds"],
): BaselineReport {
  const ratios = rounds.map(
    (round) => measurementOf(name, round).figure / measurementOf(baseline, round).figure,
  );
  return { name: baseline, ratio: summarise(ratios), ...(atMost !== undefined && { atMost }) };
}

function measurementOf(
  name: string,
  round: readonly ChildResult[],
): ChildResult["measurements"][number] {
  const measurement = round
    .flatMap(({ measurements }) => measurements)
    .find((candidate) => candidate.name === name);
  if (!measurement)
    throw new RangeError(`Cannot report benchmark "${name}": a round has no figure of it`);
  return measurement;
}

function describeMachine(): Machine {
  return {
    node: process.versions.node,
    v8: process.versions.v8,
    platform: `${process.platform} ${process.arch}`,
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: cpus().length,
  };
}

function describeNoise(results: readonly ChildResult[]): Noise {
  const cpu = results.map(({ calibration }) => calibration.cpu);
  const wallPerCpu = results.map(({ calibration }) => calibration.wall / calibration.cpu);
  return {
    calibrationSpread: (quantile(cpu, 0.9) - quantile(cpu, 0.1)) / quantile(cpu, 0.5),
    wallPerCpu: quantile(wallPerCpu, 0.5),
  };
}
