import { Supervisor, type SupervisorOptions } from "@sup/core";
import { Recorder } from "@sup/core/testing";
import { Dashboard, type DashboardOptions } from "../../src/index.ts";

/** A tree with a dashboard that shows it, on a free port. */
export interface Gateway extends AsyncDisposable {
  readonly root: Supervisor;
  readonly dashboard: Dashboard;
  /** What the dashboard is under. */
  readonly shell: Supervisor;
  /** With a slash at its end. */
  readonly url: string;
  readonly recorder: Recorder;
}

/** Starts a tree of `actors` beside the supervisor of its dashboard, so that a test may break one and see it in the other. */
export async function startGateway(
  tree: SupervisorOptions = {},
  options: Partial<DashboardOptions> = {},
): Promise<Gateway> {
  const root = new Supervisor("gateway", { autoShutdown: "never", ...tree });
  const dashboard = new Dashboard("dashboard", { root, port: 0, ...options });
  const recorder = new Recorder();
  const shell = new Supervisor("shell", { actors: [dashboard], observer: recorder });
  root.start();
  shell.start();
  await recorder.until("ready dashboard");
  return {
    root,
    dashboard,
    shell,
    url: dashboard.url!,
    recorder,
    async [Symbol.asyncDispose]() {
      await shell.stop();
      await root.stop();
    },
  };
}
