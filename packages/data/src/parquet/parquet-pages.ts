import type { FileMetaData, PageHeader } from "hyparquet";
import { parquetHeader } from "hyparquet/src/column.js";
import type { ByteRanges } from "./parquet-source.js";

/** The pages of a column in a row group: where they lie, and how many values they have. */
interface Chunk {
  readonly start: number;
  readonly end: number;
  readonly values: number;
}

/**
 * Ranges of a file whose pages of these columns are looked at before they are handed on. The reader takes the numbers in the header of a page as they are: one that lacks its
 * length, or the number of its values, would make it go on for ever.
 */
export function withCheckedPages({ byteLength, slice }: ByteRanges, { row_groups: groups }: FileMetaData, names: readonly string[]): ByteRanges {
  const chunks = groups.flatMap(({ columns }) => columns).flatMap(({ meta_data: meta }): Chunk[] => {
    if (meta === undefined || !names.includes(meta.path_in_schema[0] ?? "")) return [];
    const start = Number(meta.dictionary_page_offset || meta.data_page_offset);
    return [{ start, end: start + Number(meta.total_compressed_size), values: Number(meta.num_values) }];
  });
  return {
    byteLength,
    slice: async (start, end) => {
      const bytes = await slice(start, end);
      for (const chunk of chunks) {
        const [from, to] = [Math.max(chunk.start - start, 0), Math.min(chunk.end - start, bytes.byteLength)];
        if (from < to) requirePages(new DataView(bytes, from, to - from), chunk.values);
      }
      return bytes;
    },
  };
}

/** @throws Error if the header of a page cannot be read, lacks a number, or has one that does not fit. */
function requirePages(view: DataView, values: number): void {
  const reader = { view, offset: 0 };
  for (let seen = 0; seen < values && reader.offset < view.byteLength - 1;) {
    const header = parquetHeader(reader);
    requireCounts(header);
    reader.offset += header.compressed_page_size;
    seen += (header.data_page_header ?? header.data_page_header_v2)?.num_values ?? 0;
    if (seen > values) throw new Error(`a column has ${seen} values in its pages, and ${values} by the description of the file`);
  }
}

function requireCounts({ compressed_page_size: stored, uncompressed_page_size: length, data_page_header: first, data_page_header_v2: second, dictionary_page_header: dictionary }: PageHeader): void {
  const levels: unknown[] = second === undefined ? [] : [second.definition_levels_byte_length, second.repetition_levels_byte_length];
  const values = second === undefined ? [(first ?? dictionary)?.num_values] : [second.num_nulls, second.num_values, second.num_rows];
  if (![stored, length, ...levels, ...values].every(isCount)) throw new Error("the header of a page lacks its length, or how many values it has");
  const [nulls = 0, all = 0] = values.length === 1 ? [] : values;
  if (nulls > all || levels.filter(isCount).reduce((sum, bytes) => sum + bytes, 0) > Math.min(stored, length)) throw new Error("the numbers in the header of a page do not fit together");
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0;
}
