import { parseArgs } from "node:util";
import { competitorIds, type CompetitorId } from "./competitors.js";
import { quick, thorough, type Settings } from "./measure/settings.js";
import { workloads, type Workload } from "./workloads/index.js";

export const help = `npm run bench -- [options]

  --workloads a,b    only these workloads: ${workloads.map(({ name }) => name).join(", ")}
  --cases text       only cases whose name contains the text
  --peers a,b        only these besides nn and the roofline: ${competitorIds.filter((id) => id !== "nn" && id !== "roofline").join(", ")};
                     \`none\` for none
  --rounds n         rounds of each case (${thorough.rounds})
  --slot ms          how long each competitor runs in a round (${thorough.slot})
  --max-wait s       how long a case may wait for a quiet machine (${thorough.maxWait})
  --quick            few short rounds and no waiting: checks that everything runs
  --python path      a Python that has PyTorch
  --no-install       does not install the peers
  --output file      where to write the report; default: benchmarks/RESULTS.md if everything is measured thoroughly, otherwise nowhere
  --help
`;

export interface Options {
  readonly workloads: readonly Workload[];
  readonly cases: string | undefined;
  readonly peers: readonly CompetitorId[];
  readonly settings: Settings;
  readonly python: string | undefined;
  readonly install: boolean;
  readonly output: string | undefined;
  /** Whether everything is measured thoroughly: such a run writes the report that is kept. */
  readonly complete: boolean;
}

/** A command line that cannot be understood. */
export class OptionError extends Error {
  override readonly name = "OptionError";
}

/** The options on the command line; `undefined` for help. @throws OptionError */
export function parseOptions(args: readonly string[]): Options | undefined {
  const values = parse(args);
  if (values.help) return undefined;
  const base = values.quick ? quick : thorough;
  const settings = {
    ...base,
    rounds: positive("rounds", values.rounds, base.rounds),
    slot: positive("slot", values.slot, base.slot),
    maxWait: positive("max-wait", values["max-wait"], base.maxWait),
  };
  return {
    workloads: values.workloads === undefined ? workloads : chosen("workloads", values.workloads, workloads.map(({ name }) => name)).flatMap((name) => workloads.filter((workload) => workload.name === name)),
    cases: values.cases,
    peers: values.peers === undefined ? competitorIds : values.peers === "none" ? [] : chosen("peers", values.peers, competitorIds),
    settings,
    python: values.python,
    install: !values["no-install"],
    output: values.output,
    complete: !["workloads", "cases", "peers", "rounds", "slot", "quick"].some((name) => Object.hasOwn(values, name)),
  };
}

function parse(args: readonly string[]) {
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  try {
    return parseArgs({
      args: [...args],
      options: {
        workloads: text, cases: text, peers: text, rounds: text, slot: text, "max-wait": text, quick: flag, python: text, "no-install": flag, output: text, help: flag,
      },
    }).values;
  } catch (error) {
    throw new OptionError(error instanceof Error ? error.message : String(error));
  }
}

function chosen<Name extends string>(option: string, text: string, names: readonly Name[]): readonly Name[] {
  return text.split(",").map((word) => {
    const name = names.find((each) => each === word.trim());
    if (name === undefined) throw new OptionError(`--${option}: there is no ${word}; there are ${names.join(", ")}`);
    return name;
  });
}

function positive(option: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (!(value >= 0) || (option !== "max-wait" && value === 0)) throw new OptionError(`--${option}: expected a number above 0, got ${text}`);
  return value;
}
