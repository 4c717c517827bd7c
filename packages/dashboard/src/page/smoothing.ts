/**
 * The bias-corrected exponential moving average of values (Kingma and Ba 2015, section 3). With weight 0 it is the values themselves. Values that are
 * not finite are left out of the average and stay unchanged.
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
