/**
 * Shows training runs in the browser while they train.
 *
 * @packageDocumentation
 */
export { serve, type Dashboard, type ServeOptions } from "./serve.js";
export { dashboard, type DashboardOptions } from "./plugin/dashboard.js";
export { recording, type RecordingOptions } from "./plugin/recording.js";
export type { Explainable } from "./plugin/programs.js";
export type { StatisticsOptions } from "./plugin/statistics.js";
