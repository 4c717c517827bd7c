import { ArgumentError } from "@nn/tensor";
import { describeValue } from "@nn/tensor/extend";
import { requireRecord } from "./encode.js";
import type { RecordSink } from "./recorder.js";
import type { RunRecord } from "./run-record.js";

/**
 * An object with `postMessage`: the scope of a worker, a `Worker`, a `MessagePort` or a `BroadcastChannel`. (A `Window` does not fit, because it
 * needs a target origin.)
 */
export interface MessageTarget {
  /** Sends a message, which must be cloneable. */
  postMessage(message: unknown, transfer: never[]): void;
}

/**
 * Sends records as messages, for example from a worker that trains to its page. The receiver reads each with `toRecord(event.data)`.
 *
 * @example
 * ```ts
 * import { MessageSink, Recorder, toRecord } from "@nn/records";
 *
 * const sent: unknown[] = [];
 * const recorder = new Recorder([new MessageSink({ postMessage: (message) => sent.push(message) })]);
 * recorder.text(0, "sample", "Once upon a time");
 * toRecord(sent[0]).type; // => "text"
 * ```
 */
export class MessageSink implements RecordSink {
  readonly #target: MessageTarget;

  /** @throws ArgumentError if the target has no `postMessage`. */
  constructor(target: MessageTarget) {
    if (typeof target?.postMessage !== "function") throw new ArgumentError(`MessageSink: the target is ${describeValue(target)}, expected an object with a function postMessage`);
    this.#target = target;
  }

  /** @throws ArgumentError if the record is not valid. */
  write(record: RunRecord): void {
    this.#target.postMessage(requireRecord("MessageSink.write", record), []);
  }
}
