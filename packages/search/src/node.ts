export { JournalError, JournalStorage } from "./storage/journal-storage.js";
