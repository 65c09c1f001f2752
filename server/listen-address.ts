import { createServer } from "node:net";
import { StartupError } from "@/lib/config/startup-error";

const SENTENCES: Record<string, (host: string, port: number) => string> = {
  EADDRINUSE: (_host, port) =>
    `Port ${port} is in use by another program: set PORT to a free one, for example PORT=${port + 1} npm start.`,
  EACCES: (_host, port) => `This user may not listen on port ${port}: set PORT to one above 1023.`,
  EADDRNOTAVAIL: (host) => `This machine has no address ${host}: correct AFFIDAVIT_HOST.`,
  ENOTFOUND: (host) => `The address ${host} is not known: correct AFFIDAVIT_HOST.`,
};

/** The sentence for an address that cannot be listened on, or the error itself. */
export function listenFault(error: unknown, host: string, port: number): unknown {
  const sentence = SENTENCES[(error as NodeJS.ErrnoException).code ?? ""];
  return sentence ? new StartupError(sentence(host, port)) : error;
}

/**
 * Listens for a moment, so that a port in use is told before a minute of building and not after.
 * @param port 0 for any
 * @returns the port
 * @throws StartupError
 */
export async function probePort(host: string, port: number): Promise<number> {
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) =>
      server.once("error", reject).listen({ port, host, exclusive: true }, resolve),
    );
    const address = server.address();
    return typeof address === "object" && address ? address.port : port;
  } catch (error) {
    throw listenFault(error, host, port);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}
