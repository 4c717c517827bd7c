import { limits, picturePixels, pictureSide, type DataSetName, type OwnName } from "./choices.js";
import { alphabet, pictureText } from "./picture-text.js";
import { quoted } from "./quoted.js";
import { bumpCentres, bumpSigns, centresOf, deviationOf } from "./shapes.js";
import type { PlaygroundSettings } from "./settings.js";

/** A piece of a program, and what it imports from each package. */
export interface Piece {
  readonly imports: Readonly<Record<string, readonly string[]>>;
  readonly lines: readonly string[];
}

const { points: count } = limits;

/** Lines that make `points`, with the noise that makes them `inputs`. Without noise they are the inputs. */
function withNoise(noise: number, lines: readonly string[], targets: string): { readonly normal: readonly string[]; readonly lines: readonly string[] } {
  if (noise === 0) return { normal: [], lines: [...lines, targets].map((line) => line.replace(/\bpoints\b/, "inputs")) };
  return { normal: ["normal"], lines: [...lines, `const inputs = points.add(normal(points.shape, { std: ${deviationOf(noise)}, generator: random }));`, targets] };
}

function circle({ classes, noise }: PlaygroundSettings): Piece {
  const each = Math.floor(count / classes);
  const { normal, lines } = withNoise(noise, [
    "// A disc and rings around it, one for each class.",
    "const random = new Generator(seed);",
    `const [classes, each] = [${classes}, ${each}];`,
    "const rings = Array.from({ length: classes }, (_, at) => uniform([each, 1], { low: at === 0 ? 0 : (5 * at + 2) / classes, high: (5 * (at + 1)) / classes, generator: random }));",
    "const radius = concat(rings);",
    "const angle = uniform(radius.shape, { high: 2 * Math.PI, generator: random });",
    "const points = concat([radius.mul(cos(angle)), radius.mul(sin(angle))], 1);",
  ], 'const classOf = tensor(Array.from({ length: classes * each }, (_, at) => Math.floor(at / each)), { dtype: "int32" });');
  return {
    imports: { "@nn/tensor": ["concat", "cos", "Generator", "sin", "tensor", "uniform", ...normal] },
    lines,
  };
}

function xor({ noise }: PlaygroundSettings): Piece {
  const { normal, lines } = withNoise(noise, [
    "// Four squares; opposite ones are of one class.",
    "const random = new Generator(seed);",
    `const spread = uniform([${count}, 2], { low: -5, high: 5, generator: random });`,
    "const points = spread.add(sign(spread).mul(0.3));",
  ], 'const classOf = prod(points, 1).greater(0).cast("int32");');
  return {
    imports: { "@nn/tensor": ["Generator", "prod", "sign", "uniform", ...normal] },
    lines,
  };
}

function gauss({ classes, noise }: PlaygroundSettings): Piece {
  return {
    imports: { "@nn/data": ["blobs"] },
    lines: ["// A cloud of points for each class.", `const [inputs, classOf] = blobs({ count: ${count}, centers: ${JSON.stringify(centresOf(classes))}, noise: ${0.7 + deviationOf(noise)}, seed }).tensors;`],
  };
}

function spiral({ classes, noise }: PlaygroundSettings): Piece {
  return {
    imports: { "@nn/data": ["spirals"] },
    lines: ["// An arm for each class.", `const [points, classOf] = spirals({ count: ${count}, arms: ${classes}, turns: 1.75, noise: ${deviationOf(noise) / 5}, seed }).tensors;`, "const inputs = points.mul(5);"],
  };
}

function digits({ classes, noise }: PlaygroundSettings): Piece {
  const { normal, lines } = withNoise(noise / 5, [
    `// Generated digits of ${pictureSide} × ${pictureSide} pixels.`,
    ...(noise === 0 ? [] : ["const random = new Generator(seed);"]),
    `const [images, digitOf] = digits({ train: ${limits.digits}, test: 0, seed, flatten: false }).train.batch(Array.from({ length: ${limits.digits} }, (_, at) => at));`,
    `const chosen = tensor([...digitOf.toTypedArray()].flatMap((digit, at) => (digit < ${Math.min(classes, 10)} ? [at] : [])), { dtype: "int32" });`,
    `const points = indexSelect(avgPool2d(images, 2).reshape([${limits.digits}, ${picturePixels}]), chosen, 0);`,
  ], "const classOf = indexSelect(digitOf, chosen, 0);");
  return { imports: { "@nn/data": ["digits"], "@nn/tensor": ["avgPool2d", "indexSelect", "tensor", ...normal, ...(noise === 0 ? [] : ["Generator"])] }, lines };
}

function plane({ noise }: PlaygroundSettings): Piece {
  const { normal, lines } = withNoise(noise, [
    "// Values on a plane.",
    "const random = new Generator(seed);",
    `const points = uniform([${count}, 2], { low: -5, high: 5, generator: random });`,
  ], "const targets = sum(points, 1, { keepAxes: true }).div(10);");
  return {
    imports: { "@nn/tensor": ["Generator", "sum", "uniform", ...normal] },
    lines,
  };
}

function bumps({ noise }: PlaygroundSettings): Piece {
  const { normal, lines } = withNoise(noise, [
    "// Three hills and three valleys.",
    "const random = new Generator(seed);",
    `const centres = tensor(${JSON.stringify(bumpCentres)});`,
    `const signs = tensor(${JSON.stringify(bumpSigns.map((one) => [one]))});`,
    `const points = uniform([${count}, 2], { low: -6, high: 6, generator: random });`,
  ], "const targets = matmul(exp(cdist(points, centres).square().div(-2)), signs);");
  return { imports: { "@nn/tensor": ["cdist", "exp", "Generator", "matmul", "tensor", "uniform", ...normal] }, lines };
}

/** Lists of numbers, some in a line. */
function rows(values: readonly (number | readonly number[])[]): string[] {
  const texts = values.map((value) => JSON.stringify(value));
  return Array.from({ length: Math.ceil(texts.length / 8) }, (_, at) => `  ${texts.slice(at * 8, at * 8 + 8).join(", ")},`);
}

/** Pictures that were drawn: three pixels of four levels in a character. */
function pictures({ own: data }: PlaygroundSettings): Piece {
  const { inputs = [], targets = [] } = data ?? {};
  return {
    imports: { "@nn/tensor": ["tensor"] },
    lines: [
      `// The pictures that were drawn, of ${pictureSide} × ${pictureSide} pixels. A character holds three pixels of four levels.`,
      "const pictures = [", ...inputs.map((pixels) => `  "${pictureText(pixels)}",`), "];",
      `const alphabet = "${alphabet}";`,
      "const pixelsOf = (character: string): number[] => [16, 4, 1].map((place) => (Math.floor(alphabet.indexOf(character) / place) % 4) / 3);",
      `const inputs = tensor(pictures.map((text) => [...text].flatMap(pixelsOf).slice(0, ${picturePixels})));`,
      "const classOf = tensor([", ...rows(targets), '], { dtype: "int32" });',
    ],
  };
}

/** Points or a table. */
function own({ own: data, problem }: PlaygroundSettings): Piece {
  const { inputs = [], targets = [], columns, classNames } = data ?? {};
  const isRegression = problem === "regression";
  return {
    imports: { "@nn/tensor": ["tensor"] },
    lines: [
      ...(columns === undefined ? ["// The points that were drawn."] : [`// The columns ${columns.map(({ name }) => quoted(name)).join(", ")}, scaled to −5 … 5.`]),
      "const inputs = tensor([", ...rows(inputs), "]);",
      ...(classNames === undefined ? [] : [`// The classes are ${classNames.map((name, at) => `${at}: ${quoted(name)}`).join(", ")}.`]),
      ...(isRegression ? ["const targets = tensor([", ...rows(targets.map((value) => [value])), "]);"] : ["const classOf = tensor([", ...rows(targets), '], { dtype: "int32" });']),
    ],
  };
}

const pieces: Readonly<Record<DataSetName | OwnName, (settings: PlaygroundSettings) => Piece>> = { circle, xor, gauss, spiral, digits, plane, bumps, points: own, table: own, pictures };

/** The lines that make `inputs`, `[n, inputs]`, and `classOf`, `[n]`, or `targets`, `[n, 1]`. */
export const dataPiece = (settings: PlaygroundSettings): Piece => pieces[settings.data](settings);
