import { activations, features, optimizers, schedules, type FeatureName } from "./choices.js";
import { dataPiece, type Piece } from "./program-data.js";
import { quoted } from "./quoted.js";
import { classCount, featureCount, inputCount, inputKind, outputCount, possibleFeatures, type PlaygroundSettings } from "./settings.js";

/** A program in TypeScript that trains the network of some settings: the same data, network and steps as in the playground. */
export function programOf(settings: PlaygroundSettings, epochs: number): string {
  const pieces = [dataPiece(settings), featuresPiece(settings), splitPiece(settings), modelPiece(settings), optimizerPiece(settings), trainingPiece(settings, epochs), resultPiece(settings)];
  const body = [[`const seed = ${settings.seed};`], ...pieces.map(({ lines }) => lines)].filter(({ length }) => length > 0).map((lines) => lines.join("\n")).join("\n\n");
  return `${importsOf(pieces)}\n\n${body}\n`;
}

/** The import statements of pieces, by package. */
function importsOf(pieces: readonly Piece[]): string {
  const byPackage = new Map<string, Set<string>>();
  for (const { imports } of pieces) for (const [from, names] of Object.entries(imports)) byPackage.set(from, new Set([...(byPackage.get(from) ?? []), ...names]));
  return [...byPackage].filter(([, names]) => names.size > 0).toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([from, names]) => `import { ${[...names].toSorted((one, other) => one.replace(/^type /, "").localeCompare(other.replace(/^type /, ""))).join(", ")} } from "${from}";`).join("\n");
}

/** Whether the features are the inputs as they are. */
const areInputs = (settings: PlaygroundSettings): boolean => inputKind(settings) === "pictures" || (inputKind(settings) === "columns" ? settings.features.length === inputCount(settings) : settings.features.join() === "x1,x2");

function featuresPiece(settings: PlaygroundSettings): Piece {
  const chosen = settings.features;
  if (areInputs(settings)) return { imports: {}, lines: [] };
  if (inputKind(settings) === "columns") {
    const columns = chosen.map((name) => Number(name.slice(1)));
    const labels = possibleFeatures(settings).filter(({ name }) => chosen.includes(name)).map(({ label }) => label);
    return { imports: { "@nn/tensor": ["indexSelect", "tensor"] }, lines: [`// The columns ${labels.map((label) => quoted(label)).join(", ")}.`, `const x = indexSelect(inputs, tensor(${JSON.stringify(columns)}, { dtype: "int32" }), 1);`] };
  }
  const codes = chosen.map((name) => features[name as FeatureName]);
  const uses = codes.flatMap((feature) => ("uses" in feature ? [feature.uses] : []));
  const isUsed = (input: string): boolean => codes.some(({ code }) => code.includes(input));
  return {
    imports: { "@nn/tensor": ["concat", "narrow", ...uses] },
    lines: [
      ...["x1", "x2"].flatMap((input, at) => (isUsed(input) ? [`const ${input} = narrow(inputs, 1, ${at}, 1);`] : [])),
      `const x = concat([${codes.map(({ code }) => code).join(", ")}], 1);`,
    ],
  };
}

function splitPiece(settings: PlaygroundSettings): Piece {
  const classes = classCount(settings);
  const targets = classes === 0 ? "targets" : classes === 2 ? 'classOf.cast("float32").reshape([-1, 1])' : "classOf";
  return {
    imports: { "@nn/data": ["DataLoader", "randomSplit", "TensorDataset"] },
    lines: [
      `const examples = new TensorDataset(${areInputs(settings) ? "inputs" : "x"}, ${targets});`,
      `const training = Math.min(examples.length - 1, Math.max(1, Math.round(examples.length * ${settings.trainShare / 100})));`,
      "const [train, test] = randomSplit(examples, [training, examples.length - training], { seed });",
      `const batches = new DataLoader(train, { batchSize: Math.min(${settings.batchSize}, train.length), shuffle: true, dropLast: true, seed });`,
    ],
  };
}

function modelPiece(settings: PlaygroundSettings): Piece {
  const { layers, activation, batchNorm, dropout } = settings;
  const widths = [featureCount(settings), ...layers];
  const bend = activations[activation].layer;
  const hidden = layers.flatMap((units, at) => [
    `  new Linear(${widths[at]}, ${units}, { generator }),`, ...(batchNorm ? [`  new BatchNorm1d(${units}),`] : []), `  new ${bend}(),`, ...(dropout > 0 ? [`  new Dropout(${dropout}, { generator }),`] : []),
  ]);
  const some = layers.length > 0;
  return {
    imports: { "@nn/layers": ["Linear", "Sequential", ...(some ? [bend] : []), ...(some && batchNorm ? ["BatchNorm1d"] : []), ...(some && dropout > 0 ? ["Dropout"] : [])], "@nn/tensor": ["Generator"] },
    lines: ["const generator = new Generator(seed);", "const model = new Sequential(", ...hidden, `  new Linear(${widths.at(-1)}, ${outputCount(settings)}, { generator }),`, ");"],
  };
}

/** An object literal, or nothing if it is empty. */
const fields = (values: Readonly<Record<string, number | boolean>>): string => Object.entries(values).map(([name, value]) => `${name}: ${value}`).join(", ");

function optimizerPiece({ optimizer, learningRate, schedule }: PlaygroundSettings): Piece {
  const { type, options } = optimizers[optimizer];
  const { type: rate, options: rateOptions } = schedules[schedule];
  const isConstant = schedule === "constant";
  const scheduled = isConstant ? String(learningRate) : `${rate}(${learningRate}, { ${fields(rateOptions)} })`;
  const others = fields(options);
  return {
    imports: { "@nn/optim": [type, ...(isConstant ? [] : [rate])] },
    lines: [`const optimizer = new ${type}(model.parameters(), { ${others === "" ? "" : `${others}, `}learningRate: ${scheduled} });`],
  };
}

function lossName(settings: PlaygroundSettings): string {
  const classes = classCount(settings);
  return classes === 0 ? "mse" : classes === 2 ? "binaryCrossEntropyWithLogits" : "crossEntropy";
}

function trainingPiece(settings: PlaygroundSettings, epochs: number): Piece {
  const { penalty, penaltyRate } = settings;
  const loss = lossName(settings);
  const term = penalty === "l1" ? `l1Penalty(weights).mul(${penaltyRate})` : `l2Penalty(weights).mul(${penaltyRate} / 2)`;
  const isPenalized = penalty !== "none" && penaltyRate > 0;
  return {
    imports: { "@nn/losses": [loss, ...(isPenalized ? [`${penalty}Penalty`] : [])], "@nn/train": ["trainStep"], ...(isPenalized ? { "@nn/tensor": ["type Tensor"] } : {}) },
    lines: [
      ...(isPenalized ? ["const weights = model.parameters().filter(({ shape }) => shape.length === 2);", `const penalized = (output: Tensor, target: Tensor): Tensor => ${loss}(output, target).add(${term});`] : []),
      `const step = trainStep(model, ${isPenalized ? "penalized" : loss}, optimizer);`,
      `for (let epoch = 0; epoch < ${epochs}; epoch++) {`,
      "  for (const batch of batches) step(batch);",
      "}",
    ],
  };
}

function resultPiece(settings: PlaygroundSettings): Piece {
  const classes = classCount(settings);
  const loss = lossName(settings);
  const right = classes === 0 ? undefined : classes === 2 ? "outputs.greater(0).equal(answers.greater(0.5))" : "argMax(outputs, 1).equal(answers)";
  return {
    imports: { "@nn/tensor": classes > 2 ? ["argMax"] : [] },
    lines: [
      "model.eval();",
      "const [questions, answers] = test.tensors;",
      "const outputs = model.forward(questions);",
      `console.log("test loss", ${loss}(outputs, answers).item());`,
      ...(right === undefined ? [] : [`console.log("test accuracy", ${right}.cast("float32").mean().item());`]),
    ],
  };
}
