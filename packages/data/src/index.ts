export { collate, type Collated } from "./collate.js";
export { Dataset } from "./dataset.js";
export type { ItemGenerator, ItemGenerators } from "./item-generator.js";
export { TensorDataset, type Rows } from "./tensor-dataset.js";
export { ArrayDataset } from "./array-dataset.js";
export { IterableDataset, type IterableSource } from "./iterable-dataset.js";
export { DataLoader, type DataLoaderOptions, type DataLoaderState } from "./loader.js";
export { moduleDataset, ModuleDataset, type DatasetModule, type ModuleDatasetOptions } from "./workers/module-dataset.js";
export { ItemError } from "./workers/read-items.js";
export type { AnyWorker, NodeWorker } from "./workers/host.js";

export type { Sampler } from "./sampling/sampler.js";
export { weightedSampler, type WeightedSamplerOptions } from "./sampling/weighted-sampler.js";
export { balancedSampler, type BalancedSamplerOptions } from "./sampling/balanced-sampler.js";
export { classWeights, type ClassWeightOptions } from "./sampling/class-weights.js";
export { cutmix } from "./mixing/cutmix.js";
export { mixup } from "./mixing/mixup.js";
export type { MixedBatch, MixOptions } from "./mixing/mixed.js";

export { bootstrap, type BootstrapOptions } from "./split/bootstrap.js";
export { classCounts, classLabels, type ClassLabel, type Labelled, type LabelSource } from "./split/class-labels.js";
export { groupSplit, type GroupSplitOptions } from "./split/group-split.js";
export { kFold, stratifiedKFold, type Fold, type KFoldOptions } from "./split/k-fold.js";
export { randomSplit, type Splits, type SplitOptions, type Splittable } from "./split/random-split.js";
export { stratifiedSplit, type StratifiedOptions } from "./split/stratified-split.js";

export { FormatError, type FormatErrorOptions, type InputPosition } from "./format-error.js";
export type { ByteSource, ReaderOptions, TextReaderOptions, TextSource } from "./readers/input.js";
export { parseIdx, readIdx, type IdxArray, type IdxArrays } from "./readers/idx.js";
export type { NpyOptions } from "@nn/files";
export { encodeNpy, readNpy } from "./readers/npy.js";
export type { JsonNumberOptions } from "./readers/json-text.js";
export { readJsonLines, streamJsonLines, type JsonLinesOptions } from "./readers/json-lines.js";
export { streamLines, type LinesOptions } from "./readers/lines.js";
export { readRecords, tableFromRecords, type RecordOptions, type TableFromRecordsOptions, type TableRecord } from "./readers/records.js";
export { defaultMissingValues, readCsv, streamCsv, type ColumnTypes, type CsvOptions, type CsvRow, type CsvStream, type CsvStreamOptions } from "./readers/csv.js";
export type { CsvHeader } from "./readers/csv-header.js";
export { inferColumns, type InferOptions, type InferredColumn } from "./readers/infer-columns.js";
export type { CsvSyntax } from "./readers/csv-syntax.js";
export { numberProblem, parseNumber, type NumberStyle } from "./readers/number.js";
export type { ColumnType } from "./readers/csv-columns.js";
export { Table, type CategoricalColumn, type Column, type DroppedRows, type NumericColumn, type TableRow, type TableTensorOptions } from "./readers/table.js";
export { describeColumns, similarCategories, type ColumnDescription } from "./table/describe.js";
export { dropMissing, missingCounts } from "./table/missing.js";
export { dateFormatsOf, expandDates, parseDate, planDates, type DateFormat, type DatePart, type DateParts, type DatePlan } from "./table/dates.js";
export { csvLine, encodeCsv, type CsvField, type CsvWriteOptions } from "./table/encode-csv.js";

export { Standardizer, type ScalerOptions, type StandardizerState } from "./preprocessing/standardizer.js";
export { MinMaxScaler, type MinMaxOptions, type MinMaxState } from "./preprocessing/min-max-scaler.js";
export type { MissingPolicy } from "./preprocessing/features.js";
export { LabelEncoder, type LabelEncoderState } from "./preprocessing/label-encoder.js";
export { OneHotEncoder, type EncodingOptions, type OneHotEncoderState, type OneHotOptions } from "./preprocessing/one-hot-encoder.js";
export type { Category } from "./preprocessing/categories.js";
export { TableEncoder, type EncodedCategory, type TableEncoderOptions, type TableEncoderState, type UnseenCategory } from "./preprocessing/table-encoder.js";

export { calendarFeatures, type CalendarCycle } from "./series/calendar-features.js";
export { scaleColumns } from "./series/scale-columns.js";
export { SeriesWindows, type SeriesWindow, type SeriesWindowOptions } from "./series/series-windows.js";
export { timeSplit, type TimeSplitOptions } from "./series/time-split.js";
export type { TimeOptions } from "./series/times.js";

export type { LabelledDataset } from "./datasets/labelled.js";
export type { PointOptions } from "./datasets/plane.js";
export { xor } from "./datasets/xor.js";
export { blobs, type BlobOptions } from "./datasets/blobs.js";
export { moons } from "./datasets/moons.js";
export { circles, type CircleOptions } from "./datasets/circles.js";
export { spirals, type SpiralOptions } from "./datasets/spirals.js";
export { digits, type DigitsOptions, type ImageSplits } from "./datasets/digits/digits.js";
export { readIdxFolder, type IdxFolder, type ImageOptions } from "./datasets/idx-folder.js";
export { mnist } from "./datasets/mnist.js";
export { fashionMnist } from "./datasets/fashion-mnist.js";
export type { ImageCollectionOptions } from "./datasets/image-collection.js";

export {
  fileChunks, readCsvFile, readIdxFile, readJsonLinesFile, readNpyFile, readRecordsFile, streamCsvFile, streamJsonLinesFile, streamLinesFile, writeNpyFile,
} from "./files/read-file.js";
export { FileError } from "@nn/files";
export { downloadFile, type DownloadOptions } from "./files/download.js";
export { DownloadError } from "./files/download-error.js";
