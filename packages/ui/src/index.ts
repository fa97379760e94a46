export { Dashboard } from "./lib/server/dashboard.ts";
export { DashboardListenError, DashboardServerError } from "./lib/server/errors.ts";
export type { Auth, DashboardOptions, DashboardPluginOptions } from "./lib/server/options.ts";
export { dashboardPlugin } from "./lib/server/plugin.ts";
export type { Redact } from "./lib/server/text/redaction.ts";
