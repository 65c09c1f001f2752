import { describe, expect, it } from "vitest";
import { counted, sizeText } from "./amounts";

describe("amounts", () => {
  it("count one thing as one", () => {
    expect(counted(0, "row")).toBe("0 rows");
    expect(counted(1, "row")).toBe("1 row");
    expect(counted(1_204_332, "row")).toBe("1,204,332 rows");
    expect(counted(1, "key")).toBe("1 key");
    expect(counted(2, "entry", "entries")).toBe("2 entries");
  });

  it("have a unit in which a size is not zero", () => {
    const sizes = [0, 1, 999, 1_000, 24_499, 999_499, 999_500, 1_250_000, 12_345_678_901];
    expect(sizes.map(sizeText)).toEqual([
      "0 bytes",
      "1 byte",
      "999 bytes",
      "1 KB",
      "24 KB",
      "999 KB",
      "1.0 MB",
      "1.3 MB",
      "12,345.7 MB",
    ]);
  });
});
