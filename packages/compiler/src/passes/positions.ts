/** All positions in axes of these sizes, in row-major order. */
export function positionsIn(sizes: readonly number[]): readonly (readonly number[])[] {
  return sizes.reduce<readonly (readonly number[])[]>((lists, size) => lists.flatMap((list) => Array.from({ length: size }, (_, position) => [...list, position])), [[]]);
}
