import { expect, test } from "vitest";
import { greeting } from "./greeting";

const demo = {
  url: "http://localhost:3000",
  email: "admin@example.com",
  password: "the-password",
  api_key: "afd_live_key",
  org_id: "org",
  app_id: "app",
  passwordWorks: true,
};
const given = {
  url: demo.url,
  demo,
  isFirst: true,
  setupToken: undefined,
  credentialsFile: "/data/demo-credentials.json",
};

test("a first start shows what nobody knows yet, and a first command", () => {
  const words = greeting(given);
  for (const shown of [demo.url, demo.email, demo.password, demo.api_key, "  curl ", given.credentialsFile])
    expect(words).toContain(shown);
});

test("a later one says where it is, once, and nothing secret", () => {
  expect(
    greeting({ ...given, isFirst: false })
      .trim()
      .split("\n"),
  ).toEqual([
    "Affidavit  http://localhost:3000",
    "  Sign in    admin@example.com",
    "  Password and API key are in /data/demo-credentials.json",
    "",
    "  Ctrl-C stops it.",
  ]);
  expect(
    greeting({ ...given, isFirst: false, demo: { ...demo, passwordWorks: false } })
      .split("\n")
      .slice(2, 4),
  ).toEqual([
    "  Sign in    admin@example.com, with the password that you chose",
    "  API key    in /data/demo-credentials.json",
  ]);
});
