import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { call } from "../lib/log-kinds/call/call";
import { cloudTrailToCall } from "./cloudtrail-record";
import { RecordFault } from "./faults";

type Json = Record<string, unknown>;
const fixture: Json[] = readFileSync(new URL("fixtures/cloudtrail.ndjson", import.meta.url), "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line));
const base = fixture[0] as Json;
const map = (change: Json) => cloudTrailToCall({ ...base, ...change });
const context = (event: Json) => event.context as Json & { affidavit_import: Json };

describe("cloudTrailToCall", () => {
  test("every record of the fixture becomes a valid call with its own id, time and names", () => {
    expect(fixture.length).toBeGreaterThanOrEqual(20);
    for (const record of fixture) {
      const { id, kind, ...fields } = cloudTrailToCall(record);
      expect(call.input.safeParse(fields).error).toBeUndefined();
      expect(kind).toBe("call");
      if (record.eventID) expect(id).toBe(record.eventID);
      expect(fields).toMatchObject({
        provider_id: record.eventSource,
        method: record.eventName,
        trace_id: record.requestID,
      });
      expect(fields.occurred_at).toBe(record.eventTime ?? record["@timestamp"]);
    }
    expect(new Set(fixture.map((record) => cloudTrailToCall(record).id)).size).toBe(fixture.length);
  });

  test("nothing of a record is lost: fields and context together hold every member", () => {
    for (const record of fixture) {
      const event = cloudTrailToCall(record);
      const { affidavit_import: note, ...rest } = context(event);
      expect(note).not.toHaveProperty("left_out");
      const held = new Set(Object.values(event).filter((value) => typeof value === "string"));
      for (const [member, value] of Object.entries(record)) {
        if (member in rest) expect(rest[member]).toEqual(value);
        else expect(held).toContain(value);
      }
    }
  });

  test.each([
    ["AccessDenied", "policy_denial"],
    ["AccessDeniedException", "policy_denial"],
    ["Client.UnauthorizedOperation", "policy_denial"],
    ["UnauthorizedOperation", "policy_denial"],
    ["UnauthorizedAccess", "policy_denial"],
    ["NotAuthorizedException", "policy_denial"],
    ["ForbiddenException", "policy_denial"],
    ["KMS.AccessDeniedException", "policy_denial"],
    ["ThrottlingException", "provider_error"],
    ["NoSuchKey", "provider_error"],
    ["Client.InvalidInstanceID.NotFound", "provider_error"],
    [undefined, "success"],
    [null, "success"],
    ["", "success"],
  ])("errorCode %s is outcome %s", (errorCode, outcome) => {
    expect(map({ errorCode }).outcome).toBe(outcome);
  });

  test("an error message without a code is a provider error: so a failed sign-in is no success", () => {
    expect(map({ errorMessage: "Failed authentication" })).toMatchObject({
      outcome: "provider_error",
      error_message: "Failed authentication",
    });
  });

  test("the time is eventTime, else @timestamp; without one the record is refused", () => {
    expect(map({ eventTime: "2020-09-14T00:44:23Z" }).occurred_at).toBe("2020-09-14T00:44:23Z");
    expect(map({ eventTime: "yesterday", "@timestamp": "2020-09-14T00:44:23.000Z" }).occurred_at).toBe(
      "2020-09-14T00:44:23.000Z",
    );
    const both = map({ eventTime: "2020-09-14T00:44:23Z" });
    expect(both.context["@timestamp"]).toBe(base["@timestamp"]);
    expect(() => map({ eventTime: undefined, "@timestamp": 1_600_000_000 })).toThrow(RecordFault);
  });

  test("who: users, roles and services", () => {
    expect(map({})).toMatchObject({
      principal_type: "user",
      principal_user_id: "arn:aws:iam::111122223333:user/mara",
      principal_label: "mara",
      caller_key_prefix: "ASIAEXAMPLEMARA",
    });
    const role = map({
      userIdentity: { type: "AssumedRole", arn: "arn:aws:sts::1:assumed-role/web/i-1", accessKeyId: "ASIA1" },
    });
    expect(role).toMatchObject({
      principal_type: "agent",
      principal_agent_id: "arn:aws:sts::1:assumed-role/web/i-1",
      principal_label: "i-1",
    });
    expect(role).not.toHaveProperty("principal_user_id");
    const service = map({ userIdentity: { type: "AWSService", invokedBy: "ec2.amazonaws.com" } });
    expect(service).toMatchObject({ principal_type: "system", principal_label: "ec2.amazonaws.com" });
    expect(service).not.toHaveProperty("caller_key_prefix");
    expect(map({ userIdentity: null })).not.toHaveProperty("principal_type");
  });

  test("the address is the recorded host, else the event source", () => {
    expect(map({}).url).toBe("https://ec2.amazonaws.com/");
    expect(map({ requestParameters: { Host: "b.s3.amazonaws.com" } }).url).toBe("https://b.s3.amazonaws.com/");
    expect(map({ tlsDetails: { clientProvidedHostHeader: "x.example" }, requestParameters: { Host: "y" } }).url).toBe(
      "https://x.example/",
    );
    expect(map({ requestParameters: { Host: "evil/?a=b" } }).url).toBe("https://ec2.amazonaws.com/");
    expect(map({ requestParameters: { Host: ["s3.amazonaws.com"] } }).url).toBe("https://ec2.amazonaws.com/");
  });

  test("an id that is no UUID is derived from the record, the same on every run, and the original is kept", () => {
    const one = map({ eventID: "not-a-uuid" });
    expect(one.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(map({ eventID: "not-a-uuid" }).id).toBe(one.id);
    expect(map({ eventID: "not-a-uuid", awsRegion: "us-east-1" }).id).not.toBe(one.id);
    expect(one.context.eventID).toBe("not-a-uuid");
    const upper = String(base.eventID).toUpperCase();
    expect(map({ eventID: upper })).toMatchObject({ id: base.eventID, context: { eventID: upper } });
  });

  test("a value that does not fit its field stays whole in the context", () => {
    const userAgent = "x".repeat(3_000);
    const event = map({ userAgent });
    expect(event).not.toHaveProperty("user_agent");
    expect(event.context.userAgent).toBe(userAgent);
  });

  test("what exceeds 16 KB is left out by its largest members, and the context says so", () => {
    const event = map({
      requestParameters: { small: 1, big: "é".repeat(10_000) },
      responseElements: { a: "y".repeat(9_000) },
    });
    const { left_out } = context(event).affidavit_import as { left_out: unknown };
    expect(left_out).toEqual([{ member: "/requestParameters/big", bytes: 20_002 }]);
    expect(event.context.requestParameters).toEqual({ small: 1 });
    expect(event.context.responseElements).toEqual({ a: "y".repeat(9_000) });
  });

  test("whatever is too much, the context stays under the limit and names every part that is gone", () => {
    const many = Object.fromEntries(Array.from({ length: 900 }, (_, i) => [`k/${i}`, "z".repeat(40)]));
    for (const requestParameters of [many, { deep: { deeper: many } }, [many], "w".repeat(70_000)]) {
      const event = map({ requestParameters });
      expect(Buffer.byteLength(JSON.stringify(event.context))).toBeLessThanOrEqual(16_384);
      const left = (context(event).affidavit_import.left_out as { member: string }[]).map(({ member }) => member);
      expect(left.length).toBeGreaterThan(0);
      expect(new Set(left).size).toBe(left.length);
      for (const member of left) expect(member).toMatch(/^\/requestParameters/);
    }
  });

  test("what a log shipper added is named", () => {
    expect(context(map({})).affidavit_import).toEqual({ format: "cloudtrail", shipper_members: ["@version"] });
  });

  test.each([
    [null],
    [[]],
    ["text"],
    [1],
    [{}],
    [{ eventSource: "s3.amazonaws.com" }],
    [{ digestStartTime: "2024-01-01T00:00:00Z" }],
  ])("%j is refused", (value) => {
    expect(() => cloudTrailToCall(value)).toThrow(RecordFault);
  });
});
