import { once } from "node:events";
import { Worker } from "node:worker_threads";

/** Threads that answer questions. Each gets the next question when it has answered the one before. */
export class WorkerPool<Question, Answer> {
  readonly #create: () => Worker;
  readonly #threads = new Set<Worker>();
  readonly #idle: Worker[] = [];
  readonly #waiting: ((worker: Worker) => void)[] = [];

  /** Starts `size` threads that run a program. */
  constructor(program: URL, size: number) {
    this.#create = () => {
      const worker = new Worker(program);
      this.#threads.add(worker);
      return worker;
    };
    for (let at = 0; at < size; at++) this.#idle.push(this.#create());
  }

  /** The answer of a thread, as soon as one is free. A thread that throws is replaced, and its error thrown here. */
  async ask(question: Question): Promise<Answer> {
    let worker = this.#idle.pop() ?? (await new Promise<Worker>((free) => this.#waiting.push(free)));
    try {
      worker.postMessage(question, []);
      const [answer] = (await once(worker, "message")) as [Answer];
      return answer;
    } catch (error) {
      this.#threads.delete(worker);
      worker = this.#create();
      throw error;
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#idle.push(worker);
      else next(worker);
    }
  }

  /** Ends all threads. */
  async close(): Promise<void> {
    await Promise.all([...this.#threads].map((worker) => worker.terminate()));
  }
}
