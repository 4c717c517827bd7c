/**
 * What training in Node has besides: checkpoints in folders, and the progress on a terminal.
 *
 * @packageDocumentation
 */
export { folderStorage } from "./folder-storage.js";
