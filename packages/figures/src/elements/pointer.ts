/** Where a pointer is in the picture that listens: from 0 to 1 in both directions, from the top left. */
export function shareOf(event: PointerEvent): readonly [x: number, y: number] {
  if (!(event.currentTarget instanceof Element)) return [0, 0];
  const { left, top, width, height } = event.currentTarget.getBoundingClientRect();
  return [(event.clientX - left) / width, (event.clientY - top) / height];
}
