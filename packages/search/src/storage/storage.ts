import type { StudyDescription, StudyEvent } from "./events.js";

/**
 * Stores a study: an ordered log of events that only grows. Every study that uses it sees the same events in the same order, whichever study wrote them. The
 * order decides which process has a trial, so no locks are needed.
 */
export interface Storage {
  /** Identifies the writer, in a form that {@link Storage.isAlive} of every writer understands. */
  readonly owner: string;
  /** Stores the description of a study if there is none yet, and returns the stored one. It is called once, before the other methods. */
  open(description: StudyDescription): Promise<StudyDescription>;
  /**
   * Adds events at the end: all of them, without others between them, or none. When the promise resolves, {@link Storage.read} of every writer
   * returns them.
   */
  append(events: readonly StudyEvent[]): Promise<void>;
  /** All events after the first `from`, in their order. */
  read(from: number): Promise<readonly StudyEvent[]>;
  /** Whether an owner may still be running. The trials of owners that are not are taken over. */
  isAlive(owner: string): boolean;
}
