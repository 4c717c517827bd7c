import { ArgumentError } from "@nn/tensor";
import { requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { encode, requireRecord } from "./encode.js";
import type { RunRecord } from "./run-record.js";

/** Options of {@link encodeServerSentEvent}. */
export interface ServerSentEventOptions {
  /** The id of the event. The browser sends it as `Last-Event-ID` when it reconnects. */
  readonly id?: string;
}

const kinds: OptionKinds<ServerSentEventOptions> = { id: "string" };

/**
 * A record as a server-sent event (https://html.spec.whatwg.org/multipage/server-sent-events.html): the event `record`, whose data is the JSON form. The
 * page reads it with `source.addEventListener("record", (event) => decodeRecord(event.data))`.
 * @throws ArgumentError if the record is not valid, or the id has a line break or a NUL.
 *
 * @example
 * ```ts
 * import { encodeServerSentEvent } from "@nn/records";
 *
 * const event = encodeServerSentEvent({ type: "scalars", step: 1, time: 0, values: { loss: 2 } }, { id: "7" });
 * event; // => 'event: record\nid: 7\ndata: {"type":"scalars","step":1,"time":0,"values":{"loss":2}}\n\n'
 * ```
 */
export function encodeServerSentEvent(record: RunRecord, options: ServerSentEventOptions = {}): string {
  requireOptions("encodeServerSentEvent", options, kinds);
  const { id } = options;
  if (id !== undefined && /[\r\n\0]/.test(id)) throw new ArgumentError("encodeServerSentEvent: the id has a line break or a NUL, expected one line");
  return `event: record\n${id === undefined ? "" : `id: ${id}\n`}data: ${encode(requireRecord("encodeServerSentEvent", record))}\n\n`;
}
