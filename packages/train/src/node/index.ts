/**
 * Training in Node: checkpoints in folders, and progress on a terminal.
 *
 * @packageDocumentation
 */
export { folderStorage } from "./folder-storage.js";
export { progressBar } from "./progress-bar.js";
export type { ProgressBar, ProgressBarOptions, TerminalOptions } from "./progress-bar.js";
export { epochTable } from "./epoch-table.js";
export type { TerminalStream } from "./terminal.js";
