export { ExecActor, type ExecProtocol } from "./lib/exec-actor.ts";
export type { ExecActorOptions, OutputTarget, Readiness } from "./lib/options.ts";
export type { ExecExitInfo, ExecHooks, ExecStartInfo } from "./lib/hooks.ts";
export type { LineIterator, LinesOptions, OutputLine } from "./lib/output/output-line.ts";
export {
  ExecExitError,
  ExecReadyError,
  ExecSpawnError,
  type ExecSpawnErrorCode,
  ExecWriteError,
} from "./lib/errors.ts";
