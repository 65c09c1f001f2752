import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { EnvError, parseEnv, requestedHost, variables } from "./env";

/** `.env.example` as the list of variables wants it. */
function wantedExample(): string {
  const blocks = Object.entries(variables).map(([name, { about, example, ...rest }]) => {
    const file = "secret" in rest ? ` Or ${name}_FILE: a file that holds it.` : "";
    return `# ${about}${file}\n# ${name}=${example}\n`;
  });
  const head =
    "# Every variable that the program reads; all are optional. Copy this file to .env and uncomment what you need.\n";
  return [head, ...blocks].join("\n");
}

test(".env.example names every variable and nothing else", async () => {
  // `npx vitest run -u lib/config/env.test.ts` writes it anew.
  await expect(wantedExample()).toMatchFileSnapshot("../../.env.example");
});

test("an empty environment is a usable one", () => {
  const values = parseEnv({} as NodeJS.ProcessEnv);
  expect(values).toMatchObject({ PORT: 3000, isProduction: true, publicUrl: "http://localhost:3000" });
  expect(values.dataDir).toBe(path.resolve("data"));
});

test("empty text is the same as not set", () => {
  expect(parseEnv({ NODE_ENV: "production", PORT: "", DATABASE_URL: "", AFFIDAVIT_DEMO: "" })).toMatchObject({
    PORT: 3000,
  });
});

test("all faults are told at once, by name", () => {
  const wrong = {
    NODE_ENV: "production",
    PORT: "70000",
    AFFIDAVIT_URL: "ftp://x",
    AFFIDAVIT_SECRET: "short",
    AFFIDAVIT_DEMO: "perhaps",
  } as const;
  expect(() => parseEnv(wrong)).toThrow(EnvError);
  for (const name of Object.keys(wrong).slice(1)) expect(() => parseEnv(wrong)).toThrow(name);
});

test("secrets may lie in files", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "afd-env-"));
  const file = path.join(folder, "secret");
  writeFileSync(file, `${"s".repeat(40)}\n`);
  try {
    expect(parseEnv({ NODE_ENV: "production", AFFIDAVIT_SECRET_FILE: file }).AFFIDAVIT_SECRET).toBe("s".repeat(40));
    expect(() => parseEnv({ NODE_ENV: "production", DATABASE_URL_FILE: `${file}.absent` })).toThrow(
      "DATABASE_URL_FILE",
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("HOSTNAME counts only when it can be an address", () => {
  const asked = (HOSTNAME: string) => requestedHost({ AFFIDAVIT_HOST: undefined, HOSTNAME });
  expect(asked("127.0.0.1")).toBe("127.0.0.1");
  expect(asked("::1")).toBe("::1");
  expect(asked("localhost")).toBe("localhost");
  expect(asked("3f2c9a1b77de")).toBeUndefined();
  expect(requestedHost({ AFFIDAVIT_HOST: "0.0.0.0", HOSTNAME: "127.0.0.1" })).toBe("0.0.0.0");
});

test("networks are CIDR ranges of either family, and nothing else", () => {
  const read = (text: string) =>
    parseEnv({ AFFIDAVIT_ALLOW_PRIVATE_DESTINATIONS: text } as unknown as NodeJS.ProcessEnv)
      .AFFIDAVIT_ALLOW_PRIVATE_DESTINATIONS;
  expect(read("10.1.0.0/16, fd12::/16")).toEqual(["10.1.0.0/16", "fd12::/16"]);
  for (const wrong of ["10.1.0.0", "10.1.0.0/33", "fd12::/129", "300.1.1.1/8", "example.com/8", "10.1/16"])
    expect(() => read(wrong), wrong).toThrow(/CIDR/);
});
