import { quote } from "@nn/tensor/extend";
import { abortPatienceMs, untilAborted } from "../abort.js";
import { ofPlugin } from "../located.js";
import { isThenable } from "../thenable.js";
import type { TrainingEvent } from "./events.js";
import type { Controls, Plugin } from "./plugin.js";

/** The plugins and listeners of a run. They get its events, and the run waits for them; once its signal is aborted, only for a short time. */
export class Audience {
  readonly #plugins: readonly Plugin<never>[];
  readonly #listeners: (event: TrainingEvent) => Promise<void> | undefined;
  readonly #controls: Controls;
  readonly #signal: AbortSignal | undefined;
  /** Plugins that are still handling an event for which the run no longer waits. */
  readonly #late = new Set<Plugin<never>>();
  #areListenersLate = false;

  constructor(plugins: readonly Plugin<never>[], listeners: (event: TrainingEvent) => Promise<void> | undefined, controls: Controls, signal: AbortSignal | undefined) {
    this.#plugins = plugins;
    this.#listeners = listeners;
    this.#controls = controls;
    this.#signal = signal;
  }

  /** Sends an event to the plugins, one after the other, then to the listeners. The result is a promise if the run must wait for one of them. */
  tell(event: TrainingEvent): Promise<void> | undefined {
    for (const [at, plugin] of this.#plugins.entries()) {
      const told = this.#tellPlugin(plugin, event);
      if (told !== undefined) return this.#tellRest(event, told, this.#plugins.slice(at + 1));
    }
    return this.#tellListeners(event);
  }

  /** Sends the event `"end"` to all, even if a plugin throws: first to those that put the final weights into the model. Returns the first error. */
  async tellEnd(event: TrainingEvent): Promise<{ readonly error: unknown } | undefined> {
    const rank = ({ swapWeights, setsFinalWeights }: Plugin<never>): number => (swapWeights !== undefined ? 0 : setsFinalWeights === true ? 1 : 2);
    let failure: { readonly error: unknown } | undefined;
    for (const plugin of this.#plugins.toSorted((a, b) => rank(a) - rank(b))) {
      try {
        await this.#tellPlugin(plugin, event);
      } catch (error) {
        failure ??= { error };
      }
    }
    await this.#tellListeners(event);
    return failure;
  }

  /** Calls `dispose` of all plugins, even if one throws. Returns the first error. */
  async dispose(): Promise<{ readonly error: unknown } | undefined> {
    let failure: { readonly error: unknown } | undefined;
    for (const plugin of this.#plugins) {
      try {
        await plugin.dispose?.();
      } catch (error) {
        failure ??= { error: ofPlugin(plugin, "dispose", error) };
      }
    }
    return failure;
  }

  async #tellRest(event: TrainingEvent, first: Promise<void>, plugins: readonly Plugin<never>[]): Promise<void> {
    await first;
    for (const plugin of plugins) await this.#tellPlugin(plugin, event);
    await this.#tellListeners(event);
  }

  #tellPlugin(plugin: Plugin<never>, event: TrainingEvent): Promise<void> | undefined {
    // The values of the run are those that the plugin needs: fit took no others.
    try {
      const told: unknown = plugin.on?.(event as never, this.#controls);
      return isThenable(told) ? this.#waitFor(plugin, event, told) : undefined;
    } catch (error) {
      throw this.#located(plugin, event, error);
    }
  }

  /** An error of a plugin, with the names of the plugin and of the event in front. */
  #located(plugin: Plugin<never>, { type }: TrainingEvent, error: unknown): unknown {
    return error === this.#signal?.reason ? error : ofPlugin(plugin, `the event ${quote(type)}`, error);
  }

  async #waitFor(plugin: Plugin<never>, event: TrainingEvent, result: PromiseLike<unknown>): Promise<void> {
    const forget = (): void => void this.#late.delete(plugin);
    const told = Promise.resolve(result).catch((error: unknown) => {
      throw this.#located(plugin, event, error);
    });
    if (this.#late.has(plugin)) told.catch(() => undefined);
    else if (plugin.mustFinish === true) await told;
    else if ((await untilAborted(told, this.#signal, abortPatienceMs)) === undefined) {
      this.#late.add(plugin);
      told.then(forget, forget);
    }
  }

  #tellListeners(event: TrainingEvent): Promise<void> | undefined {
    const heard = this.#listeners(event);
    return heard === undefined || this.#areListenersLate ? undefined : this.#waitForListeners(heard);
  }

  async #waitForListeners(heard: Promise<void>): Promise<void> {
    if ((await untilAborted(heard, this.#signal, abortPatienceMs)) === undefined) this.#areListenersLate = true;
  }
}
