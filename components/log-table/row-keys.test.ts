import { describe, expect, it } from "vitest";
import { rowKeyTarget } from "./row-keys";

const none = { metaKey: false, ctrlKey: false, altKey: false };
const at = { at: 10, count: 100, screenRows: 20, expanded: false, letters: true };

describe("keys of a row", () => {
  it.each<[string, Partial<typeof at>, unknown]>([
    ["j", {}, 11],
    ["ArrowDown", {}, 11],
    ["k", {}, 9],
    ["ArrowUp", { at: 0 }, 0],
    ["ArrowDown", { at: 99 }, 99],
    ["PageDown", {}, 30],
    ["PageUp", {}, 0],
    ["Home", {}, 0],
    ["End", {}, 99],
    ["ArrowRight", {}, "toggle"],
    ["ArrowRight", { expanded: true }, undefined],
    ["ArrowLeft", { expanded: true }, "toggle"],
    ["ArrowLeft", {}, undefined],
    ["c", {}, "copy"],
    ["x", {}, undefined],
    ["Enter", {}, undefined],
    ["j", { letters: false }, undefined],
    ["c", { letters: false }, undefined],
    ["ArrowDown", { letters: false }, 11],
  ])("%s %o", (key, change, wanted) => {
    expect(rowKeyTarget({ ...none, key }, { ...at, ...change })).toBe(wanted);
  });

  it.each(["metaKey", "ctrlKey", "altKey"] as const)("leave shortcuts of the browser alone: %s", (modifier) => {
    for (const key of ["c", "j", "ArrowRight", "Home"]) {
      expect(rowKeyTarget({ ...none, [modifier]: true, key }, at)).toBeUndefined();
    }
  });
});
