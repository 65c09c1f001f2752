/** One measured figure beside its limit, both from this run. */
export interface Figure {
  name: string;
  value: number;
  unit: string;
  /** What the limit is, in words. */
  limit: string;
  limit_value: number;
  /** value / limit_value. */
  ratio: number;
  goal: string;
  better: "higher" | "lower";
}

const round = (value: number) => Number(value.toPrecision(4));

export function figure(input: Omit<Figure, "ratio">): Figure {
  return {
    ...input,
    value: round(input.value),
    limit_value: round(input.limit_value),
    ratio: round(input.value / input.limit_value),
  };
}

export function print(figures: readonly Figure[], json: boolean): void {
  for (const one of figures) {
    console.log(
      `${one.name}: ${one.value} ${one.unit} · ${one.limit}: ${one.limit_value} ${one.unit} · ratio ${one.ratio} (goal ${one.goal}, ${one.better} is better)`,
    );
  }
  if (json) console.log(JSON.stringify(figures));
}

/** The p-th percentile (0 to 100) of unsorted values, nearest rank. */
export function percentile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil((p / 100) * sorted.length) - 1))] ?? Number.NaN;
}
