import { sharedFrom } from "./address.js";
import type { playground } from "./playground.js";
import type { PlaygroundSettings } from "./settings.js";

/**
 * Makes the task that the query of an address leads to before its figure asks for it. Gives what makes tasks: the first one is that task, if the figure asks for the same settings.
 */
export function playgroundBefore(query: string, make: typeof playground): typeof playground {
  const { shared } = sharedFrom(new URLSearchParams(query));
  const text = (settings: PlaygroundSettings): string => JSON.stringify(settings);
  let early: ReturnType<typeof playground> | undefined = make(shared);
  return (settings) => {
    const task = early;
    early = undefined;
    if (task !== undefined && text(settings) === text(shared)) return task;
    task?.dispose?.();
    return make(settings);
  };
}
