import { TrainingClock, type ConfusionRecord, type HistogramRecord, type ImagesRecord, type ProgramRecord, type RunRecord, type SettingsRecord, type StatusRecord, type TextRecord } from "@nn/records";

/** The values of one scalar, by ascending step. */
export interface Series {
  readonly steps: number[];
  readonly values: number[];
  /** Seconds of training before each value. */
  readonly seconds: number[];
}

/** The number of records of one name that are kept: for histograms a thinned selection over the whole run, for others the last ones. */
const most = { histograms: 64, last: 30 };

/** The data of one run, from its records. */
export class RunData {
  readonly id: string;
  readonly scalars = new Map<string, Series>();
  readonly histograms = new Map<string, HistogramRecord[]>();
  readonly confusions = new Map<string, ConfusionRecord>();
  readonly images = new Map<string, ImagesRecord[]>();
  readonly texts = new Map<string, TextRecord[]>();
  /** The compiler's texts by name, then view. */
  readonly programs = new Map<string, Map<ProgramRecord["view"], ProgramRecord>>();
  status: StatusRecord | undefined;
  settings: SettingsRecord | undefined;
  step = 0;
  /** How long it has trained. */
  readonly clock = new TrainingClock();
  /** Why its records can no longer be read. */
  problem: string | undefined;
  /** Counts changes, so that views can tell whether they are up to date. */
  version = 0;

  constructor(id: string) {
    this.id = id;
  }

  add(records: readonly RunRecord[]): void {
    for (const record of records) this.#add(record);
    this.problem = undefined;
    this.version += 1;
  }

  #add(record: RunRecord): void {
    this.step = Math.max(this.step, record.step);
    this.clock.add(record);
    switch (record.type) {
      case "scalars": return this.#addScalars(record.step, this.clock.seconds, record.values);
      case "histogram": return addThinned(listIn(this.histograms, record.name), record);
      case "confusion": return void this.confusions.set(record.name, record);
      case "images": return addLast(listIn(this.images, record.name), record);
      case "text": return addLast(listIn(this.texts, record.name), record);
      case "status": return void (this.status = record);
      case "settings": return void (this.settings = record);
      case "program": return void (this.programs.get(record.name) ?? newIn(this.programs, record.name)).set(record.view, record);
    }
  }

  #addScalars(step: number, seconds: number, values: Readonly<Record<string, number>>): void {
    for (const [name, value] of Object.entries(values)) {
      let series = this.scalars.get(name);
      if (series === undefined) this.scalars.set(name, (series = { steps: [], values: [], seconds: [] }));
      const last = series.steps.at(-1) ?? -1;
      // Numbers came as JSON, where some are strings.
      const number = Number(value);
      // A later value of the same step replaces the earlier one; one of an earlier step does not fit into a line.
      if (step < last) continue;
      const at = step === last ? series.steps.length - 1 : series.steps.length;
      [series.steps[at], series.values[at], series.seconds[at]] = [step, number, seconds];
    }
  }
}

function listIn<T>(map: Map<string, T[]>, name: string): T[] {
  const list = map.get(name) ?? [];
  map.set(name, list);
  return list;
}

function newIn<K>(map: Map<string, Map<K, ProgramRecord>>, name: string): Map<K, ProgramRecord> {
  const inner = new Map<K, ProgramRecord>();
  map.set(name, inner);
  return inner;
}

function addLast<T>(list: T[], record: T): void {
  list.push(record);
  if (list.length > most.last) list.shift();
}

/** If there are too many, every other one is dropped, except the first and the last. */
function addThinned(list: HistogramRecord[], record: HistogramRecord): void {
  if (list.at(-1)?.step === record.step) list.pop();
  list.push(record);
  if (list.length <= most.histograms) return;
  const kept = list.filter((_, at) => at % 2 === 0 || at === list.length - 1);
  list.splice(0, list.length, ...kept);
}

/** The chart of a scalar, and the name of its line there: `"validation.loss"` is the line `validation` of the chart `loss`. */
export function chartOf(name: string): { readonly chart: string; readonly line: string } {
  const slash = name.indexOf("/");
  if (slash >= 0) return { chart: name.slice(0, slash), line: name.slice(slash + 1) };
  const dot = name.lastIndexOf(".");
  return dot < 0 ? { chart: name, line: "" } : { chart: name.slice(dot + 1), line: name.slice(0, dot) };
}
