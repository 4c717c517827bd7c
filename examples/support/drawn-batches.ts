/** Batches that are drawn one by one, when they are needed; `length` of them make an epoch. */
export function drawnBatches<Batch>(length: number, draw: () => Batch): Iterable<Batch> & { readonly length: number } {
  return {
    length,
    *[Symbol.iterator]() {
      for (let at = 0; at < length; at++) yield draw();
    },
  };
}
