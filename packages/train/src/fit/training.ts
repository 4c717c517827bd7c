import { UsageError } from "@nn/tensor";
import { EventStream } from "./event-stream.js";
import type { TrainingEvent, TrainingResult } from "./events.js";
import type { Plan } from "./plan.js";
import type { Controls } from "./plugin.js";
import { Run } from "./run.js";
import type { AnyValues } from "./values.js";

/**
 * A training run: the promise of its result, and a stream of its events. It starts when it is first awaited or iterated.
 *
 * - `for await (const event of training)` gets every event; the run waits until the body has handled it. Leaving the loop ends the run, which is then `"stopped"`.
 * - `await training` gives the result. It can be awaited many times, and during a loop too: from then on the run no longer waits for the loop, and the events queue
 *   up for it. A loop that begins when the run is over is refused.
 * - What the step, the evaluation or a plugin throws ends the run; the loop and the promise throw it.
 */
export class Training<V = AnyValues> implements PromiseLike<TrainingResult<V>>, AsyncIterable<TrainingEvent<V>> {
  readonly #stream = new EventStream<TrainingEvent<V>>();
  readonly #run: Run;
  #result: Promise<TrainingResult<V>> | undefined;
  #isOver = false;

  /** @internal */
  constructor(plan: Plan) {
    // The plan was made from options with these values.
    this.#run = new Run(plan, (event) => this.#stream.send(event as TrainingEvent<V>));
  }

  /** Stops, evaluates, saves, or changes the rate, as plugins can: for example from a button of a page. */
  get controls(): Controls {
    return this.#run.controls;
  }

  /** The events from now on. @throws UsageError if the run is over: it keeps no events. */
  [Symbol.asyncIterator](): AsyncIterableIterator<TrainingEvent<V>, undefined> {
    if (this.#isOver) throw new UsageError("fit: the run is over, and no event is to come; begin the loop before the run is awaited, or read `history` of its result");
    const leave = async (): Promise<void> => {
      this.controls.stop("the loop over its events was left");
      await this.#result;
    };
    return this.#stream.listen(() => void this.#start(), leave);
  }

  /** As of a promise. */
  // oxlint-disable-next-line unicorn/no-thenable -- the run is awaited
  then<A = TrainingResult<V>, B = never>(
    resolved?: ((result: TrainingResult<V>) => A | PromiseLike<A>) | null, rejected?: ((error: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.#stream.stopWaiting();
    return this.#start().then(resolved, rejected);
  }

  /** As of a promise. */
  catch<B = never>(rejected?: ((error: unknown) => B | PromiseLike<B>) | null): Promise<TrainingResult<V> | B> {
    return this.then(undefined, rejected);
  }

  /** As of a promise. */
  finally(settled?: (() => void) | null): Promise<TrainingResult<V>> {
    return this.then(undefined, undefined).finally(settled);
  }

  #start(): Promise<TrainingResult<V>> {
    this.#result ??= this.#execute();
    // The error is thrown where the events are iterated.
    this.#result.catch(() => undefined);
    return this.#result;
  }

  async #execute(): Promise<TrainingResult<V>> {
    try {
      const result = await this.#run.run();
      this.#isOver = true;
      this.#stream.end();
      return result as TrainingResult<V>;
    } catch (error) {
      this.#stream.end({ error });
      throw error;
    }
  }
}
