import { Command, Option } from "commander";
import { didYouMean } from "@nn/tensor/extend";
import { evaluateModel } from "../commands/evaluate.js";
import { exportModel } from "../commands/export.js";
import { importance } from "../commands/importance.js";
import { init } from "../commands/init.js";
import { inspect } from "../commands/inspect.js";
import { predict } from "../commands/predict.js";
import { compareRuns, listRuns } from "../commands/runs.js";
import { search } from "../commands/search.js";
import { serve } from "../commands/serve.js";
import { train } from "../commands/train.js";
import { work } from "../commands/worker.js";
import { splitNames, type SplitName } from "../data/for-model.js";
import { formatNames, formats, type FormatName } from "../export/formats.js";
import { prunerNames, samplerNames, type PrunerName, type SamplerName } from "../search/methods.js";
import type { MetricName } from "../search/objective.js";
import { configName } from "../settings/config-file.js";
import { choice, count, type Kind } from "../settings/kind.js";
import { UsageFailure } from "../failure.js";
import { wrap } from "../terminal/facts.js";
import type { Terminal } from "../terminal/terminal.js";
import { invocation } from "./invocation.js";
import { version } from "./version.js";
import { addSettings, settingsGiven } from "./train-options.js";

/** The commands, in the order of the help. */
export const commandNames = ["train", "search", "worker", "evaluate", "predict", "inspect", "importance", "export", "serve", "runs", "init"] as const;

/** The widest lines of help, and the narrowest column of descriptions that is still wrapped. */
const widestHelp = 110;
const narrowestHelp = 16;

/** The command line: its options, its help and its actions. */
export function createProgram(terminal: Terminal, signal: AbortSignal): Command {
  const programName = invocation();
  const helpWidth = Math.min(terminal.columns, widestHelp);
  const program = new Command(programName)
    .description("Trains, evaluates and uses classifiers: multilayer perceptrons for images and tables.")
    .version(version, "-V, --version", "show the version")
    .option("--debug", "show where an error comes from")
    .helpOption("-h, --help", "show help")
    .helpCommand("help [command]", "show the help of a command")
    .configureHelp({ helpWidth, minWidthToWrap: narrowestHelp, showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => terminal.write(text),
      writeErr: () => undefined,
    })
    .exitOverride()
    .addHelpText("after", `
Examples:
  $ ${invocation()}                                       train on the built-in digits
  $ ${invocation()} train --data moons --hidden 32,32 --epochs 50
  $ ${invocation()} evaluate runs/2026-03-01-142530-digits

${wrap("Without a command, the program trains. Exit codes: 0 done, 1 failed, 2 wrong usage; 130 interrupted, 129 hung up, 143 terminated (each after saving).", helpWidth).join("\n")}`);
  addTrain(program, terminal, signal);
  addSearch(program, terminal, signal);
  addWorker(program, terminal, signal);
  addEvaluate(program, terminal);
  addPredict(program, terminal);
  addInspect(program, terminal);
  addImportance(program, terminal);
  addExport(program, terminal);
  addServe(program, terminal, signal);
  addRuns(program, terminal);
  addInit(program, terminal);
  return program;
}

function addTrain(program: Command, terminal: Terminal, signal: AbortSignal): void {
  const command = program
    .command("train", { isDefault: true })
    .summary("train a classifier")
    .description("Trains a classifier, saves it in the folder of the run, and tests it on examples that it has not seen.")
    .optionsGroup("Run:")
    .option("--config <file>", "read settings from a JSON file, such as init writes; the command line takes precedence")
    .option("--out <folder>", "the folder of the run (default: runs/<date-time>-<data>)")
    .option("--resume <run>", "continue an interrupted run, given by its folder or its name in runs, with the same results as without the interruption")
    .option("--dashboard", "show the run in the browser while it trains; prints the address")
    .addOption(valueOption("--folds <count>", "first cross-validate the settings on so many folds of the training examples", count({ least: 2, most: 1000 })))
    .option("--folds-only", "end after the cross-validation, without a model")
    .addOption(jsonOption())
    .addOption(quietOption());
  addSettings(command);
  command
    .addHelpText("after", `
Examples:
  $ ${invocation()} train --epochs 20 --patience 3
  $ ${invocation()} train --data iris.csv --target species --hidden 16 --epochs 100
  $ ${invocation()} train --data pets/ --image-size 32
  $ ${invocation()} train --data mnist --hidden 256,128 --dropout 0.2 --optimizer adamw --schedule cosine
  $ ${invocation()} train --resume runs/2026-03-01-142530-digits

${wrap("Ctrl-C ends a run after the current step and saves it. Before training, the program shows how it reads each column of a table.", Math.min(terminal.columns, widestHelp)).join("\n")}`)
    .action(async ({ config, out, resume, dashboard, folds, foldsOnly, json, quiet, ...options }: TrainFlags) => {
      await train({ flags: settingsGiven(options), config, out, resume, dashboard: dashboard === true, folds, foldsOnly: foldsOnly === true, json: json === true, quiet: quiet === true }, terminal, signal);
    });
}

interface TrainFlags extends Readonly<Record<string, unknown>> {
  readonly config?: string;
  readonly out?: string;
  readonly resume?: string;
  readonly dashboard?: boolean;
  readonly folds?: number;
  readonly foldsOnly?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

function addSearch(program: Command, terminal: Terminal, signal: AbortSignal): void {
  const command = program
    .command("search")
    .summary("search for good settings")
    .description("Trains with many settings, and finds those with the best result on the validation examples. Then train with them.")
    .optionsGroup("Search:")
    .addOption(new Option("--search <setting=values>", "a setting to search, once for each: a range such as 0..0.5 or log:1e-4..1e-1, or values such as relu|tanh")
      .argParser((text: string, before: readonly string[] | undefined) => [...(before ?? []), text]))
    .addOption(valueOption("--trials <count>", "how many trials there are in the end (default: 30)", count({ least: 1, most: 100_000 })))
    .addOption(valueOption("--sampler <name>", `what chooses the next trial: ${samplerNames.join(", ")} (default: tpe)`, choice(...samplerNames)))
    .addOption(valueOption("--pruner <name>", `what ends hopeless trials: ${prunerNames.join(", ")} (default: median)`, choice(...prunerNames)))
    .addOption(valueOption("--metric <name>", "what is compared on the validation examples: loss or accuracy (default: loss)", choice("loss", "accuracy")))
    .option("--workers <redis>", "have workers run the trials, through a Redis such as redis://127.0.0.1:6379")
    .addOption(valueOption("--parallel <count>", "how many trials run at once: in processes of this machine (default: 1), or on the workers (default: 4)", count({ least: 1, most: 10_000 })))
    .option("--config <file>", "read the other settings from a JSON file, such as init writes")
    .option("--out <folder>", "the folder of the search (default: searches/<date-time>-<data>)")
    .option("--resume <search>", "continue a search, given by its folder or its name in searches, perhaps with more --trials")
    .addOption(jsonOption())
    .addOption(quietOption());
  addSettings(command);
  command
    .addHelpText("after", `
Examples:
  $ ${invocation()} search --data moons --search learningRate=log:1e-4..1e-1 --search 'hidden=16|32|32,32'
  $ ${invocation()} search --resume searches/2026-03-01-142530-moons --trials 60 --parallel 2`)
    .action(async ({ search: searched = [], config, out, resume, trials, sampler, pruner, metric, workers, parallel, json, quiet, ...options }: SearchFlags) => {
      await search({ flags: settingsGiven(options), search: searched, config, out, resume, trials, sampler, pruner, metric, workers, parallel, json: json === true, quiet: quiet === true }, terminal, signal);
    });
}

interface SearchFlags extends Readonly<Record<string, unknown>> {
  readonly search?: readonly string[];
  readonly config?: string;
  readonly out?: string;
  readonly resume?: string;
  readonly trials?: number;
  readonly sampler?: SamplerName;
  readonly pruner?: PrunerName;
  readonly metric?: MetricName;
  readonly workers?: string;
  readonly parallel?: number;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

function addWorker(program: Command, terminal: Terminal, signal: AbortSignal): void {
  program
    .command("worker")
    .summary("run trials of a search")
    .description("Runs trials of a search that was started with --workers, on this machine or another one that has the data at the same path.")
    .argument("<search>", "the folder of the search, a copy of it, or its name in searches")
    .requiredOption("--redis <address>", "the Redis of the search, such as redis://127.0.0.1:6379")
    .addOption(valueOption("--concurrency <count>", "how many trials it runs at once, each in a process of its own (default: 1)", count({ least: 1, most: 1000 })))
    .addOption(jsonOption())
    .addHelpText("after", `
Examples:
  $ ${invocation()} search --data moons --search learningRate=log:1e-4..1e-1 --out searches/moons --workers redis://127.0.0.1:6379
  $ ${invocation()} worker searches/moons --redis redis://127.0.0.1:6379 --concurrency 2`)
    .action(async (folder: string, { redis, concurrency = 1, json }: { readonly redis: string; readonly concurrency?: number; readonly json?: boolean }) => {
      await work({ folder, redis, concurrency, json: json === true }, terminal, signal);
    });
}

function addEvaluate(program: Command, terminal: Terminal): void {
  program
    .command("evaluate")
    .summary("test a saved model")
    .description("Tests a saved model on the test examples of its own data, or on other data.")
    .argument("<model>", "the folder of a run, or a .safetensors file")
    .option("--data <source>", "a built-in data set, a folder of images, or a CSV, JSON or Parquet file, of which all rows are used (default: the data of the run)")
    .addOption(splitOption())
    .addOption(jsonOption())
    .addHelpText("after", `
Examples:
  $ ${invocation()} evaluate runs/2026-03-01-142530-digits
  $ ${invocation()} evaluate model.safetensors --data new-flowers.csv`)
    .action(async (model: string, { data, split, json }: { readonly data?: string; readonly split?: SplitName; readonly json?: boolean }) => {
      await evaluateModel({ model, data, split, json: json === true }, terminal);
    });
}

function addPredict(program: Command, terminal: Terminal): void {
  program
    .command("predict")
    .summary("classify new examples")
    .description("Writes CSV with a row for each example: the columns of the input, then the predicted class and the probability of every class.")
    .argument("<model>", "the folder of a run, or a .safetensors file")
    .argument("<input>", "a CSV, JSON or Parquet file with the columns of the training data; or an image, a folder of images, or an IDX file; - is the standard input")
    .option("--output <file>", "write to a file, which may not be the input (default: the standard output)")
    .addOption(jsonOption())
    .addHelpText("after", `
Examples:
  $ ${invocation()} predict runs/2026-03-01-142530-iris new-flowers.csv
  $ ${invocation()} predict runs/2026-03-01-142530-iris - < new-flowers.csv
  $ ${invocation()} predict runs/2026-03-01-142530-pets photo.jpg
  $ ${invocation()} predict model.safetensors t10k-images-idx3-ubyte.gz --output predictions.csv`)
    .action(async (model: string, input: string, { output, json }: { readonly output?: string; readonly json?: boolean }) => {
      await predict({ model, input, output, json: json === true }, terminal);
    });
}

function addInspect(program: Command, terminal: Terminal): void {
  program
    .command("inspect")
    .summary("show a saved model")
    .description("Shows the layers, input and classes of a saved model, and the run that made it.")
    .argument("<model>", "the folder of a run, or a .safetensors file")
    .addOption(jsonOption())
    .addHelpText("after", `
Example:
  $ ${invocation()} inspect runs/2026-03-01-142530-digits`)
    .action(async (model: string, { json }: { readonly json?: boolean }) => {
      await inspect({ model, json: json === true }, terminal);
    });
}

function addImportance(program: Command, terminal: Terminal): void {
  program
    .command("importance")
    .summary("show which columns matter to a model")
    .description("Permutes the values of each column of a table among the examples, and shows how much worse the model is without them.")
    .argument("<model>", "the folder of a run, or a .safetensors file")
    .argument("[data]", "a CSV, JSON or Parquet file, of which all rows are used (default: the data of the run)")
    .addOption(splitOption())
    .addOption(valueOption("--repeats <count>", "how often each column is permuted (default: 5)", count({ least: 1, most: 10_000 })))
    .addOption(valueOption("--seed <number>", "seed of the permutations (default: 1)", count({ least: 0, most: 2 ** 32 - 1 })))
    .addOption(jsonOption())
    .addHelpText("after", `
Example:
  $ ${invocation()} importance runs/2026-03-01-142530-flowers --repeats 20`)
    .action(async (model: string, data: string | undefined, { split, repeats = 5, seed = 1, json }: ImportanceFlags) => {
      await importance({ model, data, split, repeats, seed, json: json === true }, terminal);
    });
}

interface ImportanceFlags {
  readonly split?: SplitName;
  readonly repeats?: number;
  readonly seed?: number;
  readonly json?: boolean;
}

function addExport(program: Command, terminal: Terminal): void {
  program
    .command("export")
    .summary("write a saved model as an ONNX file, a page, or a module of JavaScript")
    .description("Writes a saved model, with how its input is encoded and the names of its classes, as an ONNX file, as one HTML page with a form for its columns or a canvas to draw on, or as a module of JavaScript without dependencies.")
    .argument("<model>", "the folder of a run, or a .safetensors file")
    .addOption(valueOption("--format <name>", `${formatNames.join(", ")} (default: as the output ends)`, choice(...formatNames)))
    .option("--output <file>", `the file to write (default: beside the model, ending in ${formatNames.map((name) => formats[name].endings[0]).join(", ")})`)
    .option("--force", "overwrite the file if it exists")
    .addOption(jsonOption())
    .addHelpText("after", `
Examples:
  $ ${invocation()} export runs/2026-03-01-142530-flowers --format js
  $ ${invocation()} export runs/2026-03-01-142530-digits --output digits.html`)
    .action(async (model: string, { format, output, force, json }: { readonly format?: FormatName; readonly output?: string; readonly force?: boolean; readonly json?: boolean }) => {
      await exportModel({ model, format, output, force: force === true, json: json === true }, terminal);
    });
}

function addServe(program: Command, terminal: Terminal, signal: AbortSignal): void {
  program
    .command("serve")
    .summary("answer requests for predictions over HTTP")
    .description("Answers requests for predictions over HTTP, from this machine alone: POST /predict with JSON, CSV or an image. GET / describes the model.")
    .argument("<model>", "the folder of a run, or a .safetensors file")
    .addOption(valueOption("--port <number>", "the port of the server (default: a free one)", count({ least: 0, most: 65_535 })))
    .addOption(jsonOption())
    .addHelpText("after", `
Example:
  $ ${invocation()} serve runs/2026-03-01-142530-flowers --port 8080
  $ curl --data-binary @new-flowers.csv http://127.0.0.1:8080/predict`)
    .action(async (model: string, { port = 0, json }: { readonly port?: number; readonly json?: boolean }) => {
      await serve({ model, port, json: json === true }, terminal, signal);
    });
}

function addRuns(program: Command, terminal: Terminal): void {
  const runs = program
    .command("runs")
    .summary("list and compare runs")
    .description("Lists the runs in a folder, the latest first.")
    .argument("[folder]", "the folder of runs (default: runs)")
    .addOption(jsonOption())
    .addHelpText("after", `
Examples:
  $ ${invocation()} runs
  $ ${invocation()} runs compare 2026-03-01-142530-digits 2026-03-02-091200-digits --report comparison.html`)
    .action(async (folder: string | undefined, { json }: { readonly json?: boolean }) => {
      await listRuns({ folder, json: json === true }, terminal);
    });
  runs
    .command("compare")
    .summary("show in what runs differ, and what came out")
    .description("Shows the settings in which runs differ, and their results.")
    .argument("<runs...>", "folders of runs, or their names in the folder runs")
    .option("--report <file>", "write a page with the curves of the runs over one another")
    .action(async (names: readonly string[], { report }: { readonly report?: string }, command: Command) => {
      await compareRuns({ runs: names, report, json: command.optsWithGlobals<{ readonly json?: boolean }>().json === true }, terminal);
    });
}

function addInit(program: Command, terminal: Terminal): void {
  program
    .command("init")
    .summary("write a file of settings")
    .description("Writes a file that has every setting of a run with its default and an explanation, for train --config.")
    .argument("[file]", `the file to write (default: ${configName})`)
    .option("--force", "overwrite the file if it exists")
    .addOption(jsonOption())
    .addHelpText("after", `
Example:
  $ ${invocation()} init flowers.jsonc`)
    .action(async (file: string | undefined, { force, json }: { readonly force?: boolean; readonly json?: boolean }) => {
      await init({ file, force: force === true, json: json === true }, terminal);
    });
}

/** An option whose value is of a kind. @throws UsageFailure, when it is read, for any other value. */
function valueOption<T>(flags: string, about: string, kind: Kind<T>): Option {
  const [flag] = flags.split(" ");
  return new Option(flags, about).argParser((text) => {
    const value = kind.fromText(text);
    if (value === undefined) throw new UsageFailure(`${flag} is ${JSON.stringify(text)}, expected ${kind.expected}${kind.words === undefined ? "" : didYouMean(text, kind.words)}`);
    return value;
  });
}

function splitOption(): Option {
  return valueOption("--split <name>", `which split of the data: ${splitNames.join(", ")} (default: test)`, choice(...splitNames));
}

function jsonOption(): Option {
  return new Option("--json", "write results as JSON, one object per line");
}

function quietOption(): Option {
  return new Option("--quiet", "show no progress bar");
}
