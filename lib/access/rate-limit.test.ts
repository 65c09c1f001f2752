import { expect, test } from "vitest";
import { env } from "@/lib/config/env";
import { limitEvents } from "./rate-limit";

test("ten thousand other keys do not give a spent one its events back; the oldest is forgotten", () => {
  const all = env().AFFIDAVIT_RATE_EVENTS_PER_MINUTE;
  limitEvents("oldest", all);
  for (let key = 0; key < 9_998; key += 1) limitEvents(`other ${key}`, 1);
  limitEvents("spent", all);
  expect(() => limitEvents("spent", all)).toThrow(expect.objectContaining({ code: "rate_limited" }));
  limitEvents("one more", 1);
  expect(() => limitEvents("spent", all)).toThrow(expect.objectContaining({ code: "rate_limited" }));
  expect(() => limitEvents("oldest", all)).not.toThrow();
});
