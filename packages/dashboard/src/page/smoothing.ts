/**
 * The exponential moving average of values, without the bias towards 0 of its beginning (Kingma and Ba 2015, section 3): with
 * weight 0 the values themselves. Values that are not finite are left out of the average, and stay as they are.
 */
export function smooth(values: readonly number[], weight: number): number[] {
  let [average, total] = [0, 0];
  return values.map((value) => {
    if (weight === 0 || !Number.isFinite(value)) return value;
    average = weight * average + (1 - weight) * value;
    total = weight * total + (1 - weight);
    return average / total;
  });
}
