import "server-only";
import { isIP, Socket } from "node:net";
import pg from "pg";
import type { TlsMode } from "@/lib/contracts/data-sources";
import { OutboundFault } from "./fault";
import { faultOf, isFromServer } from "./postgres-faults";
import { checkedAddresses, type Lookup, normaliseHost } from "./resolve";

export interface PostgresTarget {
  host: string;
  port: number;
  database: string;
  username: string;
  /** Null: none is kept. */
  password: string | null;
  tls: TlsMode;
}

interface PostgresLimits {
  /** To be connected and signed in within, ms. */
  connectMs: number;
  /** For everything, ms. */
  totalMs: number;
  /** Most bytes that the server may send. */
  bytesMax: number;
}

/** Addresses of one name that are tried. */
const ADDRESSES_MAX = 4;
const WATCH_MS = 100;
const SESSION = "-c default_transaction_read_only=on -c statement_timeout=20s -c lock_timeout=2s";

function configOf(target: PostgresTarget, address: string, socket: Socket): pg.ClientConfig {
  const name = normaliseHost(target.host);
  const isName = isIP(name) === 0;
  return {
    host: address,
    port: target.port,
    database: target.database,
    user: target.username,
    // A function, since for an empty password the driver looks into this process's environment and ~/.pgpass.
    password: () => {
      if (target.password === null) throw new OutboundFault("password_missing");
      return target.password;
    },
    ssl:
      target.tls === "disable"
        ? false
        : { rejectUnauthorized: target.tls === "verify-full", ...(isName && { servername: name }) },
    sslnegotiation: "postgres",
    application_name: "affidavit",
    options: SESSION,
    stream: () => socket,
  } as pg.ClientConfig;
}

/** Ends a connection that takes too long or sends too much: a destination is not trusted to do either for us. */
function watch(
  socket: Socket,
  limits: PostgresLimits,
): { connected: () => void; stop: () => void; fault: () => OutboundFault | undefined } {
  let fault: OutboundFault | undefined;
  const end = (code: "timed_out" | "too_large") => {
    fault ??= new OutboundFault(code);
    socket.destroy(fault);
  };
  const connecting = setTimeout(() => end("timed_out"), limits.connectMs);
  const whole = setTimeout(() => end("timed_out"), limits.totalMs);
  const size = setInterval(() => {
    if (socket.bytesRead > limits.bytesMax) end("too_large");
  }, WATCH_MS);
  const stop = () => {
    clearTimeout(connecting);
    clearTimeout(whole);
    clearInterval(size);
  };
  return { connected: () => clearTimeout(connecting), stop, fault: () => fault };
}

async function askAt<T>(
  address: string,
  { target, limits }: { target: PostgresTarget; limits: PostgresLimits },
  use: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const socket = new Socket();
  const guard = watch(socket, limits);
  const client = new pg.Client(configOf(target, address, socket));
  // The driver says the same again to whoever waits; without a listener it would end the process.
  client.on("error", () => {});
  try {
    await client.connect().catch((error: unknown) => Promise.reject(faultOf(error)));
    guard.connected();
    return await use(client);
  } catch (error) {
    throw guard.fault() ?? (isFromServer(error) ? faultOf(error) : error);
  } finally {
    guard.stop();
    socket.destroy();
  }
}

/**
 * Connects to a PostgreSQL server that a user chose, reads with it and closes it. The host's addresses are checked and it
 * is these that are connected to. Statements are read-only.
 * @throws OutboundFault for whatever is wrong between here and there; what `use` throws of its own comes through
 */
export async function withPostgres<T>(
  target: PostgresTarget,
  limits: PostgresLimits,
  use: (client: pg.Client) => Promise<T>,
  look?: Lookup,
): Promise<T> {
  const addresses = (await checkedAddresses(target.host, look)).slice(0, ADDRESSES_MAX);
  let last: unknown = new OutboundFault("host_not_found");
  for (const address of addresses) {
    try {
      return await askAt(address, { target, limits }, use);
    } catch (error) {
      last = error;
      // Another address of the name may answer (IPv6 without a route); one that did answer has the last word.
      if (!(error instanceof OutboundFault) || error.code !== "refused") throw error;
    }
  }
  throw last;
}
