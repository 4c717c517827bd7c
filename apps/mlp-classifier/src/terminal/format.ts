/** `0.9433` as `94.33%`. */
export function percent(fraction: number, digits = 2): string {
  return `${(fraction * 100).toFixed(digits)}%`;
}

/** `101770` as `101,770`. */
export function grouped(count: number): string {
  return count.toLocaleString("en-US");
}

/** A positive number in few characters: `0.001`, `2.5e-5`, `12.5`. */
export function short(value: number, digits = 3): string {
  if (value === 0 || !Number.isFinite(value)) return String(value);
  const magnitude = Math.abs(value);
  return magnitude < 1e-3 || magnitude >= 1e6 ? value.toExponential(digits - 1).replace(/\.?0+e/, "e") : String(Number(value.toPrecision(digits)));
}

/** A loss with as many decimals as a column has room for. */
export function loss(value: number): string {
  return Math.abs(value) >= 1000 ? value.toExponential(2) : value.toFixed(4);
}

/** Seconds as a person says them: `12 ms`, `0.8 s`, `42 s`, `3:07 min`, `1:02:03 h`. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return "?";
  if (seconds < 0.0995) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  if (seconds < 59.5) return `${Math.round(seconds)} s`;
  const whole = Math.round(seconds);
  const two = (value: number): string => String(value).padStart(2, "0");
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)} h` : `${minutes}:${two(rest)} min`;
}

/** `1 example`, `2 examples`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}
