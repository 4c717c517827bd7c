/** `√Σ xᵢ²`, without overflow. */
export function norm(values: Float64Array): number {
  const scale = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return scale === 0 ? 0 : scale * Math.sqrt(values.reduce((sum, value) => sum + (value / scale) ** 2, 0));
}
