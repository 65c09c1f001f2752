import { describe, expect, it } from "vitest";
import { call } from "@/lib/log-kinds/call/call";
import { kinds } from "@/lib/log-kinds/registry";
import { describeKind } from "../log-table/describe-kind";
import { fieldGroups } from "./field-groups";

const calls = describeKind(call);
const envelope = { id: "1", seq: 7, created_at: "2026-11-22T00:00:00.000001Z", occurred_at: "2026-11-22T00:00:00Z" };

describe("fieldGroups", () => {
  it.each(kinds.map((kind) => describeKind(kind)))(
    "shows every declared field of $id once, in a group that has a name for it",
    (kind) => {
      const { fields } = kind;
      const row = { ...envelope, ...Object.fromEntries(fields.map(({ name }) => [name, "x"])) };
      const groups = fieldGroups(kind, row);
      const names = groups.flatMap((group) => group.fields.map(({ name }) => name));
      expect([...names].sort()).toEqual([...Object.keys(envelope), ...fields.map(({ name }) => name)].sort());
      expect(groups.map(({ title }) => title)).not.toContain("Others");
    },
  );

  it("leaves out what is empty, but not what is zero or false", () => {
    const row = { ...envelope, reason: "", url: null, grant_scopes: [], latency_ms: 0, request_body_truncated: false };
    const names = fieldGroups(calls, row).flatMap((group) => group.fields.map(({ name }) => name));
    expect(names).toEqual(["latency_ms", "request_body_truncated", "id", "seq", "occurred_at", "created_at"]);
  });

  it("has a place for fields that nobody grouped", () => {
    const made = { name: "made_up", label: "Made up", description: "", type: "text" };
    expect(fieldGroups({ id: "call", fields: [made] }, { ...envelope, made_up: "x" })[0]).toMatchObject({
      title: "Others",
    });
  });
});
