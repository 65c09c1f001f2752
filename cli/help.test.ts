import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { makeTerminal } from "../lib/testing/terminal";
import { commands, main } from "./affidavit";
import { commandHelp, optionTerm, withOptionTables } from "./help";

async function run(...args: string[]) {
  const { out, err, terminal } = makeTerminal();
  const code = await main(args, terminal);
  return { code, out: out.join(""), err: err.join("") };
}

describe.each(commands.map((command) => [command.name, command] as const))("affidavit %s", (name, command) => {
  test("--help, -h and help say usage, every option and every example, in lines that fit", async () => {
    const help = commandHelp(command);
    for (const args of [
      [...name.split(" "), "--help"],
      [...name.split(" "), "-h"],
      ["help", ...name.split(" ")],
    ]) {
      expect(await run(...args)).toEqual({ code: 0, out: help, err: "" });
    }
    for (const [option, definition] of Object.entries(command.options))
      expect(help).toContain(optionTerm(option, definition));
    expect(command.examples.length).toBeGreaterThan(0);
    for (const { line } of command.examples) {
      expect(help).toContain(line);
      expect(line.includes(`affidavit ${name}`)).toBe(true);
    }
    const prose = help.split("\n").filter((line) => !/^ {2}(affidavit|#|cat)/.test(line) && !line.startsWith("Usage"));
    for (const line of prose) expect(line.length, line).toBeLessThanOrEqual(110);
  });

  test("an option that there is not is refused with the usage, and nothing is tried", async () => {
    const { code, err } = await run(...name.split(" "), "--nonsense");
    expect(code).toBe(2);
    expect(err).toMatch(/--nonsense/);
    expect(err).toContain(`affidavit ${name} --help says more`);
  });
});

test("without a command, with an unknown one, and with half of one: what there is", async () => {
  expect(await run()).toMatchObject({ code: 2, out: "" });
  const all = await run("--help");
  for (const { name, summary } of commands) expect(all.out).toMatch(new RegExp(`${name} +${summary}`));
  expect((await run("destroy")).err).toMatch(/^There is no command "destroy"\./);
  const keys = await run("keys");
  expect(keys.code).toBe(2);
  expect(keys.err).toContain("keys revoke");
  expect(keys.err).not.toContain("import cloudtrail");
});

test("docs/cli.md has a section for each command, with its options (npm run cli-docs)", () => {
  const markdown = readFileSync(new URL("../docs/cli.md", import.meta.url), "utf8");
  for (const { name } of commands) expect(markdown).toContain(`## affidavit ${name}\n`);
  expect(withOptionTables(markdown, commands)).toBe(markdown);
});
