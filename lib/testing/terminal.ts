/** A terminal that keeps what the command line says, for tests that call `main` in their own process. */
export function makeTerminal(input: readonly string[] = [], isScreen = false) {
  const out: string[] = [];
  const err: string[] = [];
  const controller = new AbortController();
  return {
    out,
    err,
    controller,
    terminal: {
      out: async (text: string) => {
        out.push(text);
      },
      err: (text: string) => {
        err.push(text);
      },
      settle: async () => {},
      startLine: async () => {},
      isScreen,
      input: (async function* () {
        for (const text of input) yield Buffer.from(text);
      })(),
      isInputScreen: input.length === 0,
      signal: controller.signal,
    },
  };
}

type Main = (args: string[], terminal: ReturnType<typeof makeTerminal>["terminal"]) => Promise<number>;

/** Runs a command against a server in this process: its words, its arguments, and what is different from usual. */
export function commandRunner(main: Main, target: () => { url: string; key: string }) {
  return async (words: string, args: readonly string[] = [], given: { key?: string; input?: string[] } = {}) => {
    const { url, key } = { ...target(), ...given };
    const { out, err, terminal } = makeTerminal(given.input);
    const code = await main([...words.split(" "), ...args, "--url", url, "--key", key], terminal);
    return { code, out: out.join(""), err: err.join("") };
  };
}
