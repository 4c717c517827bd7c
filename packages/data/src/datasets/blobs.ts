import { ArgumentError, isTensor, ShapeError, type Tensor } from "@nn/tensor";
import { describeValue, requireKind, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { drawSeed, Random } from "../random.js";
import type { LabelledDataset } from "./labelled.js";
import { pointOptions, scatter, type PointOptions } from "./plane.js";

/** Options of {@link blobs}. */
export interface BlobOptions extends PointOptions {
  /** Number of clouds, or their centres, `[classes, dimensions]`. Default 3. */
  readonly centers?: number | readonly (readonly number[])[] | Tensor;
  /** Number of coordinates, if centres are not given. Default 2. */
  readonly dimensions?: number;
  /** Standard deviation of the points around their centre. Default 1. */
  readonly noise?: number;
}

const blobOptions: OptionKinds<Omit<BlobOptions, keyof PointOptions>> = { centers: "any", dimensions: "count" };

/** Random centres are within ±`range` on each axis. */
const range = 10;

/** The stream of random numbers for the centres; the points use another one. */
const centerStream = 1;

/**
 * Normally distributed clouds of points, one around the centre of each class: `x` `[count, dimensions]`, `y` `[count]`.
 * @throws ArgumentError if an option is out of range or centres differ in length.
 */
export function blobs(options: BlobOptions = {}): LabelledDataset {
  requireOptions("blobs", options, { ...pointOptions, ...blobOptions });
  const { centers = 3, dimensions = 2, noise = 1, seed = drawSeed() } = options;
  const found = typeof centers === "number" ? drawn(centers, dimensions, seed) : given(centers);
  const [first = []] = found;
  if (first.length === 0 || found.some((center) => center.length !== first.length)) {
    throw new ArgumentError("blobs: centers must be lists of numbers of one length, at least one list with one number");
  }
  return scatter(found.length, first.length, { ...options, noise, seed }, (label) => found[label] ?? []);
}

function drawn(classes: number, dimensions: number, seed: number): number[][] {
  requireKind("blobs", "centers", classes, "count");
  const random = new Random(seed, centerStream);
  return Array.from({ length: classes }, () => Array.from({ length: dimensions }, () => random.uniform(-range, range)));
}

function given(centers: readonly (readonly number[])[] | Tensor): readonly (readonly number[])[] {
  if (!isTensor(centers)) {
    const isMatrix = Array.isArray(centers) && centers.every((center) => Array.isArray(center) && center.every(Number.isFinite));
    if (!isMatrix) throw new ArgumentError(`blobs: centers is ${describeValue(centers)}, expected a number of classes, or lists of finite numbers`);
    return centers;
  }
  if (centers.rank !== 2) throw new ShapeError(`blobs: centers has ${centers.rank} axes, expected [classes, dimensions]`);
  const [classes = 0, dimensions = 0] = centers.shape;
  const data = centers.data("blobs");
  return Array.from({ length: classes }, (_, at) => [...data.subarray(at * dimensions, (at + 1) * dimensions)]);
}
