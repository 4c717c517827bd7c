import { requireOptions } from "@nn/tensor/extend";
import type { EndEvent, EpochEvent, StartEvent, TrainingEvent } from "../fit/events.js";
import type { Controls, Plugin } from "../fit/plugin.js";
import { terminalOptions, type TerminalOptions } from "./progress-bar.js";
import { clearLine, columnsOf, duration, numbersOf, short, streamOf, styleOf, wrapped, type TerminalStream } from "./terminal.js";

interface Column {
  readonly title: string;
  readonly width: number;
  /** On a narrow terminal the columns with the lowest value are left out first. */
  readonly weight: number;
  readonly cell: (event: EpochEvent) => string;
}

/** The mark at the end of the line of an epoch that is the best so far. */
const mark = "best";
const gap = "  ";

/**
 * A table for terminals with a line for every epoch: all values, the learning rate, the time, and a mark if the epoch is the best so far. A narrow terminal shows fewer columns, but
 * always the value that the run monitors. Without a terminal it writes nothing.
 *
 * @example
 * ```ts
 * import { epochTable } from "@nn/train/node";
 * epochTable().name; // => "epochTable"
 * ```
 * @throws ArgumentError, UsageError for options of a wrong kind.
 */
export function epochTable(options: TerminalOptions = {}): Plugin {
  requireOptions("epochTable", options, terminalOptions);
  const stream = streamOf("epochTable", options.stream);
  if (stream.isTTY !== true) return { name: "epochTable" };
  let columns: readonly Column[] | undefined;
  const write = (line: string): void => {
    stream.write(`${clearLine}${line}\n`);
  };
  return {
    name: "epochTable",
    on: (event: TrainingEvent, { monitor }: Controls) => {
      const { bold, dim, good } = styleOf(stream);
      if (event.type === "start" && event.resumed) write(dim(wrapped(resumption(event), columnsOf(stream))));
      if (event.type === "end" && event.outcome !== "completed" && event.outcome !== "failed") write(wrapped(ending(event), columnsOf(stream)));
      if (event.type !== "epoch") return;
      if (columns === undefined) {
        columns = fitting(columnsFor(event, monitor?.name), stream);
        write(bold(columns.map(({ title, width }) => title.padStart(width)).join(gap)));
      }
      const line = columns.map(({ cell, width }) => cell(event).padStart(width)).join(gap);
      write(event.best ? `${line}${gap}${good(mark)}` : line);
    },
  };
}

function resumption({ epoch, step, stepInEpoch }: StartEvent): string {
  return `continues ${stepInEpoch === 0 ? "with" : "in"} epoch ${epoch}, after ${step} steps`;
}

function ending({ outcome, reason, epoch }: EndEvent): string {
  return `${outcome} in epoch ${epoch}${reason === undefined || reason === "" ? "" : `: ${reason}`}`;
}

/** The columns for the values of a run; the one that it monitors is left out last. */
function columnsFor({ values: { training, validation = {} } }: EpochEvent, monitored: string | undefined): readonly Column[] {
  const column = (part: "training" | "validation", name: string, at: number): Column => {
    const title = part === "training" ? name : `val. ${name}`;
    return {
      title, width: Math.max(8, title.length), weight: `${part}.${name}` === monitored ? 9 : (part === "training" ? 7 : 8) - at,
      cell: ({ values }) => {
        const value: unknown = Reflect.get(values[part] ?? {}, name);
        return typeof value === "number" ? short(value) : "–";
      },
    };
  };
  return [
    { title: "epoch", width: 5, weight: 10, cell: ({ epoch }) => String(epoch) },
    ...numbersOf(training).map(([name], at) => column("training", name, at)),
    ...numbersOf(validation).map(([name], at) => column("validation", name, at)),
    { title: "rate", width: 8, weight: 0, cell: ({ learningRate }) => (learningRate === undefined ? "–" : short(learningRate)) },
    { title: "time", width: 9, weight: 1, cell: ({ seconds }) => duration(seconds) },
  ];
}

/** As many columns as there is room for. */
function fitting(all: readonly Column[], stream: TerminalStream): readonly Column[] {
  const widthOf = (columns: readonly Column[]): number => columns.reduce((sum, { width }) => sum + width + gap.length, mark.length);
  let shown = all;
  while (shown.length > 2 && widthOf(shown) > columnsOf(stream)) {
    const least = Math.min(...shown.map(({ weight }) => weight));
    const last = shown.findLastIndex(({ weight }) => weight === least);
    shown = shown.filter((_, at) => at !== last);
  }
  return shown;
}
