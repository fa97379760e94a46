import { once } from "node:events";
import type { Reader, Status } from "@sup/bus";
import { type Task, task } from "@sup/core";
import type { Reading } from "../heater/heater.ts";
import { isPassing } from "./passing.ts";
import { ReadingReport } from "./reading-report.ts";

/** Milliseconds between two looks. */
const interval = 500;

/** What is looked at. */
export interface ReportOptions {
  /** What is told, as often as it changes. */
  readonly shown: Reader<Reading | undefined>;
  readonly reading: Trusted;
  readonly heaterSwitch: Trusted;
}

/** Something that tells how far it can be trusted. */
interface Trusted {
  status(): Status<unknown>;
}

/** Logs how the heater is, and crashes with what trying again does not cure; that is for the supervisor. */
export function createReport({ shown, reading, heaterSwitch }: ReportOptions): Task {
  return task("report", async ({ signal, logger, ready, fail, defer }) => {
    const report = new ReadingReport(logger);
    const look = (): void => {
      const missing = reading.status().error;
      for (const error of [missing, heaterSwitch.status().error]) {
        if (error !== undefined && !isPassing(error)) fail(error);
      }
      const latest = shown.read();
      if (missing !== undefined) report.failed(missing, Date.now());
      else if (latest !== undefined) report.came(latest);
    };
    const timer = setInterval(look, interval);
    defer(() => clearInterval(timer));
    look();
    ready();
    if (!signal.aborted) await once(signal, "abort");
  });
}
