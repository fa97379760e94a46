import { calibrate } from "./calibration.ts";
import type { ChildJob, ChildResult } from "./child-job.ts";
import { loadGroup } from "./groups.ts";
import { measureCase, type Measurement } from "./measure-case.ts";

const job = JSON.parse(process.argv[2] ?? "{}") as ChildJob;
const group = await loadGroup(job.group);
const calibration = calibrate();
const measurements: Measurement[] = [];

for (const name of job.cases) {
  const benchCase = group.cases.find((candidate) => candidate.name === name);
  if (benchCase === undefined)
    throw new RangeError(`Cannot run benchmark "${name}": "${job.group}" has no such case`);
  measurements.push(await measureCase(benchCase, job.quick));
}

const result: ChildResult = { measurements, calibration };
// A library that leaves a timer behind must not hold up the run, so the child does not wait for its event loop to run empty.
process.send?.(result, () => process.exit());
