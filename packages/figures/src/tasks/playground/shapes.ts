// Numbers of the data sets, for their functions and for the exported program.

/** The standard deviation of the normal noise that moves points, from percent. */
export const deviationOf = (noise: number): number => noise / 25;

/** The centres of clouds of points: on a circle, the first one at 45°. */
export function centresOf(classes: number): readonly (readonly [number, number])[] {
  const radius = classes === 2 ? Math.sqrt(8) : 3.5;
  return Array.from({ length: classes }, (_, at) => {
    const angle = Math.PI / 4 + (2 * Math.PI * at) / classes;
    return [Number((radius * Math.cos(angle)).toFixed(2)), Number((radius * Math.sin(angle)).toFixed(2))];
  });
}

/** The tops of hills, and the bottoms of valleys. */
export const bumpCentres = [[-4, 2.5], [0, 2.5], [4, 2.5], [-4, -2.5], [0, -2.5], [4, -2.5]] as const;
export const bumpSigns = [1, -1, 1, -1, 1, -1] as const;
