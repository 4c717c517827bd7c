export { collate, type Collated } from "./collate.js";
export { Dataset } from "./dataset.js";
export { TensorDataset, type Rows } from "./tensor-dataset.js";
export { ArrayDataset } from "./array-dataset.js";
export { IterableDataset, type IterableSource } from "./iterable-dataset.js";
export { DataLoader, type DataLoaderOptions, type DataLoaderState } from "./loader.js";

export { classCounts, classLabels, type ClassLabel, type LabelSource } from "./split/class-labels.js";
export { kFold, stratifiedKFold, type Fold, type KFoldOptions } from "./split/k-fold.js";
export { randomSplit, type Parts, type SplitOptions } from "./split/random-split.js";
export { stratifiedSplit, type StratifiedOptions } from "./split/stratified-split.js";
