/**
 * Records of training runs: their types, how to make them, and their JSON form. Everything here runs in any JavaScript host; files are in
 * `@nn/records/node`.
 *
 * @packageDocumentation
 */
export type {
  ConfusionExample,
  ConfusionRecord,
  HistogramRecord,
  ImagesRecord,
  PngImage,
  ProgramRecord,
  RecordBase,
  RecordOf,
  RecordType,
  RunCommand,
  RunRecord,
  RunState,
  ScalarsRecord,
  SettingsRecord,
  SettingValue,
  StatusRecord,
  TextRecord,
} from "./run-record.js";
export { Recorder, type RecorderOptions, type RecordSink } from "./recorder.js";
export { decodeRecord, encodeRecord, toRecord } from "./encode.js";
export { RecordError } from "./record-error.js";
export { histogramOf, type Histogram, type HistogramOptions } from "./summaries/histogram.js";
export { findingsOf } from "./findings/findings.js";
export { findingsIn } from "./findings/rules.js";
export type { Evidence, Finding } from "./findings/finding.js";
export { TrainingClock } from "./summaries/training-clock.js";
export { imageOf, type ImageOptions } from "./summaries/image.js";
export { MessageSink, type MessageTarget } from "./message-port.js";
export { encodeServerSentEvent, type ServerSentEventOptions } from "./event-stream.js";
