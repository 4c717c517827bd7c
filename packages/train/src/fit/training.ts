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
 * - `await training` returns the result. You can await it repeatedly, also during a loop: from then on, the run no longer waits for the loop, and events queue up.
 *   A loop that begins after the end of the run is refused.
 * - An error in the step, the evaluation or a plugin ends the run; the loop and the promise throw it.
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

  /** The controls that plugins have too: for example, to stop, evaluate, save or change the learning rate from a button of a page. */
  get controls(): Controls {
    return this.#run.controls;
  }

  /** The events from now on. @throws UsageError if the run is over, because it keeps no events. */
  [Symbol.asyncIterator](): AsyncIterableIterator<TrainingEvent<V>, undefined> {
    if (this.#isOver) throw new UsageError("fit: the run is over, so there are no more events; begin the loop before the run is awaited, or read `history` of its result");
    const leave = async (): Promise<void> => {
      this.controls.stop("the loop over its events was left");
      await this.#result;
    };
    return this.#stream.listen(() => void this.#start(), leave);
  }

  /** Like that of a promise. */
  // oxlint-disable-next-line unicorn/no-thenable -- the run is awaited
  then<A = TrainingResult<V>, B = never>(
    resolved?: ((result: TrainingResult<V>) => A | PromiseLike<A>) | null, rejected?: ((error: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.#stream.stopWaiting();
    return this.#start().then(resolved, rejected);
  }

  /** Like that of a promise. */
  catch<B = never>(rejected?: ((error: unknown) => B | PromiseLike<B>) | null): Promise<TrainingResult<V> | B> {
    return this.then(undefined, rejected);
  }

  /** Like that of a promise. */
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
