import { parseArgs } from "node:util";
import { UsageFault } from "./faults";
import type { Terminal } from "./terminal";

/** 0 done, 1 something was refused or failed, 2 the arguments cannot work. (130: Ctrl-C, by the process alone.) */
export type ExitCode = 0 | 1 | 2;

export interface OptionDef {
  /** What it does; the help and docs/cli.md print it. Markdown is limited to `code`. */
  about: string;
  /** Placeholder of its value. Absent: a flag. */
  value?: string;
  short?: string;
  /** May stand several times. */
  many?: true;
}
export type Options = Readonly<Record<string, OptionDef>>;

type ValueOf<D extends OptionDef> = D extends { many: true }
  ? string[]
  : D extends { value: string }
    ? string
    : boolean;
export type Given<O extends Options> = { readonly [K in keyof O]?: ValueOf<O[K]> };

export interface Example {
  does: string;
  line: string;
  /** Runs until Ctrl-C. */
  isEndless?: true;
  /** Needs the machine of a running server. */
  isOnHost?: true;
}

interface Input<O extends Options> {
  given: Given<O>;
  operands: readonly string[];
}

interface Definition<O extends Options> {
  /** The words after `affidavit`. */
  name: string;
  /** One line, without a full stop. */
  summary: string;
  /** What stands after the name, as the usage line shows it; absent: nothing may. */
  operands?: string;
  /** One string a paragraph. */
  about: readonly string[];
  options: O;
  examples: readonly Example[];
  /**
   * Does it. Faults that end the command are thrown (cli/faults.ts) and told by whoever called.
   * @returns the exit code
   */
  run: (input: Input<O>, terminal: Terminal) => Promise<ExitCode>;
}
/** One line of the table of commands: parsing, help and docs/cli.md are made from it. */
export type Command = Definition<Options>;

export function defineCommand<const O extends Options>(command: Definition<O>): Command {
  // parseInput makes exactly what `O` says, so the erased form is as good as the typed one.
  return command as unknown as Command;
}

/**
 * `--query -outcome:success` → `--query=-outcome:success`: a value may begin with a dash. What is an option of the command
 * stays one, so that a forgotten value is still told.
 */
function joined(args: readonly string[], options: Options): string[] {
  const takesValue = (arg = "") => arg.startsWith("--") && options[arg.slice(2)]?.value !== undefined;
  const isOption = (arg: string) => Object.hasOwn(options, arg.slice(2).split("=")[0] ?? "") && arg.startsWith("--");
  const made: string[] = [];
  for (const arg of args) {
    const last = made.at(-1);
    if (takesValue(last) && arg.startsWith("-") && !isOption(arg)) made[made.length - 1] = `${last}=${arg}`;
    else made.push(arg);
  }
  return made;
}

/** Arguments after the name → options and operands. @throws UsageFault */
export function parseInput(command: Command, args: string[]): Input<Options> {
  const options = Object.entries(command.options).map(([name, { value, short, many }]) => {
    const type: "string" | "boolean" = value === undefined ? "boolean" : "string";
    return [name, { type, multiple: many === true, ...(short !== undefined && { short }) }] as const;
  });
  try {
    const { values, positionals } = parseArgs({
      args: joined(args, command.options),
      options: Object.fromEntries(options),
      allowPositionals: command.operands !== undefined,
    });
    return { given: values as Given<Options>, operands: positionals };
  } catch (error) {
    if (String((error as { code?: string }).code).startsWith("ERR_PARSE_ARGS")) {
      throw new UsageFault((error as Error).message);
    }
    throw error;
  }
}
