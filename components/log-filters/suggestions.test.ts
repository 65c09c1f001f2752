import { describe, expect, it } from "vitest";
import { pieceAt, suggest } from "./suggestions";

const fields = [
  { name: "outcome", label: "Outcome", options: ["success", "policy_denial"] },
  { name: "provider_id", label: "Provider ID" },
  { name: "latency_ms", label: "Latency (ms)" },
];
/** `|` is the caret. */
const at = (marked: string) => ({ text: marked.replace("|", ""), caret: marked.indexOf("|") });

describe("the piece at the caret", () => {
  it.each([
    ["|", 0, undefined, ""],
    ["out|come:x", 0, undefined, "out"],
    ["a:b outc|", 4, undefined, "outc"],
    ["-outc|", 1, undefined, "outc"],
    ["(a OR -outcome:po|", 7, "outcome", "po"],
    ['reason:"two wo|', 0, "reason", "two wo"],
    ['reason:"two words" x|', 19, undefined, "x"],
    ["a-b|", 0, undefined, "a-b"],
  ])("%s", (marked, start, field, typed) => {
    const { text, caret } = at(marked);
    expect(pieceAt(text, caret)).toEqual({ start, field, typed });
  });
});

describe("suggests", () => {
  const labels = (marked: string, counted?: { value: string; hint: string }[]) =>
    suggest(at(marked), fields, counted).items.map(({ label }) => label);

  it("fields by name and label", () => {
    expect(labels("|")).toEqual(["outcome:", "provider_id:", "latency_ms:"]);
    expect(labels("-prov|")).toEqual(["provider_id:"]);
    expect(labels("(ms|")).toEqual(["latency_ms:"]);
    expect(labels("nothing|")).toEqual([]);
    expect(labels('"prov|')).toEqual([]);
  });

  it("values: those that a field can have, or that the log has", () => {
    expect(labels("outcome:|")).toEqual(["success", "policy_denial"]);
    expect(labels("outcome:DEN|")).toEqual(["policy_denial"]);
    expect(labels("provider_id:|")).toEqual([]);
    expect(labels("nosuch:|")).toEqual([]);
    const counted = [
      { value: "two words", hint: "3" },
      { value: "google", hint: "2" },
    ];
    expect(suggest(at("x provider_id:tw|"), fields, counted)).toEqual({
      start: 2,
      end: 16,
      items: [{ text: 'provider_id:"two words" ', label: "two words", hint: "3" }],
    });
  });
});
