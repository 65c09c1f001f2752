import type { Command, OptionDef } from "./command";

const WIDTH = 100;

function wrap(text: string, indent: number, first = " ".repeat(indent)): string {
  const lines: string[] = [];
  let line = first;
  let isEmpty = true;
  for (const word of text.split(" ")) {
    if (!isEmpty && line.length + word.length + 1 > WIDTH) {
      lines.push(line);
      line = " ".repeat(indent);
      isEmpty = true;
    }
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, line].join("\n");
}

/** `-f, --follow`, `--filter <name=value>…` */
export function optionTerm(name: string, { short, value, many }: OptionDef): string {
  const flag = `${short ? `-${short}, ` : ""}--${name}`;
  return `${flag}${value === undefined ? "" : ` <${value}>`}${many ? "…" : ""}`;
}

export function usageLine({ name, operands, options }: Command): string {
  return `affidavit ${name}${operands ? ` ${operands}` : ""}${Object.keys(options).length > 0 ? " [options]" : ""}`;
}

/** `affidavit send --help` */
export function commandHelp(command: Command): string {
  const terms = Object.entries(command.options).map(
    ([name, option]) => [optionTerm(name, option), option.about] as const,
  );
  const width = Math.max(0, ...terms.map(([term]) => term.length)) + 4;
  const parts = [
    `Usage: ${usageLine(command)}`,
    `  ${command.summary}.`,
    ...command.about.map((paragraph) => wrap(paragraph.replaceAll("`", ""), 2)),
  ];
  if (terms.length > 0) {
    const lines = terms.map(([term, about]) => wrap(about.replaceAll("`", ""), width, `  ${term}`.padEnd(width)));
    parts.push(`Options:\n${lines.join("\n")}`);
  }
  parts.push(`Examples:\n${command.examples.map(({ does, line }) => `  # ${does}\n  ${line}`).join("\n\n")}`);
  return `${parts.join("\n\n")}\n`;
}

/** `affidavit --help`, or the commands of a group such as `keys`. */
export function overview(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length)) + 4;
  const lines = commands.map(({ name, summary }) => `  ${name.padEnd(width)}${summary}`);
  return [
    "Usage: affidavit <command> [options]",
    lines.join("\n"),
    "affidavit <command> --help tells each one's options, with examples.",
    "Exit codes: 0 done, 1 something was refused or failed, 2 the arguments cannot work, 130 Ctrl-C.",
    "",
  ]
    .join("\n\n")
    .replace(/\n\n$/, "\n");
}

/** The options as docs/cli.md has them. */
export function optionTable({ options }: Command): string {
  const cell = (text: string) => text.replaceAll("|", "\\|");
  const rows = Object.entries(options).map(
    ([name, option]) => `| \`${cell(optionTerm(name, option))}\` | ${cell(option.about)} |`,
  );
  return ["| option | |", "|---|---|", ...rows].join("\n");
}

const TABLE = /(<!-- options: ([a-z -]+) -->\n)[\s\S]*?(<!-- \/options -->)/g;

/** docs/cli.md with the tables that the commands say. */
export function withOptionTables(markdown: string, commands: readonly Command[]): string {
  return markdown.replace(TABLE, (whole, begin: string, name: string, end: string) => {
    const command = commands.find((one) => one.name === name);
    return command ? `${begin}${optionTable(command)}\n${end}` : whole;
  });
}
