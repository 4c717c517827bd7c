import { ArgumentError } from "@nn/tensor";
import { describeValue, requireKind } from "@nn/tensor/extend";
import { requireEvent, type StudyDescription, type StudyEvent } from "./events.js";
import type { Storage } from "./storage.js";

/** The state of a study in memory, ready for JSON. */
export interface MemoryStorageState {
  readonly description: StudyDescription | undefined;
  readonly events: readonly StudyEvent[];
}

/** A study in memory. It is lost when the program ends, unless you save {@link MemoryStorage.stateDict}. */
export class MemoryStorage implements Storage {
  /** Random, because events may come from the storage of another program. */
  readonly owner = `memory ${Math.random()}`;
  #description: StudyDescription | undefined;
  #events: StudyEvent[] = [];

  async open(description: StudyDescription): Promise<StudyDescription> {
    this.#description ??= description;
    return this.#description;
  }

  async append(events: readonly StudyEvent[]): Promise<void> {
    this.#events.push(...events);
  }

  async read(from: number): Promise<readonly StudyEvent[]> {
    return this.#events.slice(from);
  }

  isAlive(owner: string): boolean {
    return owner === this.owner;
  }

  /** The description and all events, ready for JSON. */
  stateDict(): MemoryStorageState {
    return { description: this.#description, events: [...this.#events] };
  }

  /**
   * Replaces the description and all events. Trials that were running are taken over.
   * @throws ArgumentError unless it is such a state.
   */
  loadStateDict(state: MemoryStorageState): void {
    const operation = "MemoryStorage.loadStateDict";
    if (typeof state !== "object" || state === null) throw new ArgumentError(`${operation}: expected a result of stateDict()`);
    requireKind(operation, "events", state.events, "list");
    for (const event of state.events) requireEvent(operation, event);
    requireDescription(operation, state.description, state.events.length);
    this.#description = state.description;
    this.#events = [...state.events];
  }
}

/** A storage in which no study was opened has no description, and no events. */
function requireDescription(operation: string, description: unknown, events: number): void {
  if (description === undefined && events === 0) return;
  const { format, version } = Object(description) as Partial<Record<string, unknown>>;
  if (format === "nn-search" && version === 1) return;
  throw new ArgumentError(`${operation}: description is ${describeValue(description)}, expected that of a study, with the format "nn-search" and the version 1, as stateDict() gave it`);
}
