import type { StudyDescription, StudyEvent } from "./events.js";

/**
 * Where a study lives: an ordered log of events that only grows. Every study that uses it sees the same events in the same order, no matter which study wrote
 * them; that order decides who has a trial, so no locks are needed.
 */
export interface Storage {
  /** Who writes, in a form that {@link Storage.isAlive} of every writer understands. */
  readonly owner: string;
  /**
   * Stores the description of a study if there is none yet, and gives what is stored. It is called once, before all others.
   */
  open(description: StudyDescription): Promise<StudyDescription>;
  /** Adds events at the end: all of them next to one another, or none. Once it is done, {@link Storage.read} of every writer sees them. */
  append(events: readonly StudyEvent[]): Promise<void>;
  /** All events after the first `from`, in their order. */
  read(from: number): Promise<readonly StudyEvent[]>;
  /** Whether an owner may still be at work. The trials of others are taken over. */
  isAlive(owner: string): boolean;
}
