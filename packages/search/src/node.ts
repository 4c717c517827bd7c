/**
 * The trials of a search in a file, which several processes share.
 *
 * @packageDocumentation
 */

export { JournalError, JournalStorage } from "./storage/journal-storage.js";
