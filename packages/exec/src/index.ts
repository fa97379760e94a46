export { ExecActor, type ExecProtocol } from "./lib/exec-actor.ts";
export type { ExecActorOptions, OutputTarget, Readiness } from "./lib/options.ts";
export type { ExecExitInfo, ExecHooks, ExecStartInfo } from "./lib/hooks.ts";
export type { OutputLine } from "./lib/output/output-line.ts";
export type { LinesOptions } from "./lib/output/line-feed.ts";
export type { LineIterator } from "./lib/output/line-reader.ts";
export {
  ExecExitError,
  ExecReadyError,
  ExecSpawnError,
  type ExecSpawnErrorCode,
  ExecWriteError,
} from "./lib/errors.ts";
