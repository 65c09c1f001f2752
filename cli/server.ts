import type { IncomingMessage } from "node:http";
import { ServerFault } from "./faults";
import {
  exchange,
  type HttpAnswer,
  type HttpRequest,
  messageOf,
  openRequest,
  type Problem,
  parseObject,
  patiently,
  type RetryOptions,
  readText,
} from "./http";

export type QueryParams = Iterable<readonly [string, string]>;

export interface ServerOptions {
  /** Where it runs; a path in it is kept. */
  base: URL;
  apiKey: string;
  signal?: AbortSignal;
  onRetry?: RetryOptions["onRetry"];
  wait?: RetryOptions["wait"];
}

/** Somebody waits at the terminal: a server that is away for longer than two seconds is told. */
const READ_ATTEMPTS_MAX = 3;
/** The server settles all rows of a download before its first byte. */
const OPEN_TIMEOUT_MS = 600_000;

/** One Affidavit server and a key for it: the only part of the command line that makes requests. */
export class Server {
  readonly options: ServerOptions;

  constructor(options: ServerOptions) {
    this.options = options;
  }

  /** As people see it: without a trailing slash. */
  get address(): string {
    const { base } = this.options;
    return base.origin + base.pathname.replace(/\/+$/, "");
  }

  urlOf(path: string, query: QueryParams = []): URL {
    const url = new URL(this.address + path);
    for (const [name, value] of query) url.searchParams.append(name, value);
    return url;
  }

  /** @throws ServerFault for every answer but 2xx and for none */
  async get<T>(path: string, query: QueryParams = [], attemptsMax = READ_ATTEMPTS_MAX): Promise<T> {
    const answer = await this.exchange({ method: "GET" }, this.urlOf(path, query), attemptsMax);
    return this.parse<T>(answer);
  }

  /** A change; never repeated by itself. @throws ServerFault */
  async change<T>(method: "POST" | "DELETE", path: string, body?: unknown): Promise<T> {
    const request = { method, ...(body !== undefined && { body: JSON.stringify(body) }) };
    return this.parse<T>(await this.exchange(request, this.urlOf(path), 1));
  }

  /** The head of an answer whose body is to be read as it comes. @throws ServerFault */
  async open(path: string, query: QueryParams): Promise<IncomingMessage> {
    const request: HttpRequest = { method: "GET", headers: this.headers, timeoutMs: OPEN_TIMEOUT_MS, ...this.aborting };
    const ask = async () => {
      const response = await openRequest(this.urlOf(path, query), request);
      const { statusCode: status = 0, headers } = response;
      const body = status === 200 ? "" : await readText(response).catch(() => "");
      return { response, failure: status === 200 ? undefined : { status, headers, body } };
    };
    const { response, failure } = await this.patiently(ask, (answer) => answer.failure, READ_ATTEMPTS_MAX);
    if (failure) throw this.refused(failure);
    return response;
  }

  /** Any answer. @throws ServerFault where none came */
  exchange(request: Omit<HttpRequest, "headers">, url: URL, attemptsMax: number): Promise<HttpAnswer> {
    const whole = { ...request, headers: this.headers, ...this.aborting };
    return this.patiently(
      () => exchange(url, whole),
      (answer) => answer,
      attemptsMax,
    );
  }

  private async patiently<T>(
    ask: () => Promise<T>,
    failureOf: (answer: T) => HttpAnswer | undefined,
    attemptsMax: number,
  ): Promise<T> {
    const { onRetry, wait } = this.options;
    try {
      return await patiently(ask, failureOf, { attemptsMax, onRetry, wait, ...this.aborting });
    } catch (error) {
      throw this.unreachable(error);
    }
  }

  /** What a failing answer means for whoever typed the command. */
  refused({ status, headers, body }: HttpAnswer): ServerFault {
    if (status >= 300 && status < 400) {
      return new ServerFault(`${this.address} redirects to ${headers.location}: give that address with --url.`, status);
    }
    const problem = parseObject<Problem>(body);
    const said = problem?.detail ?? (body.slice(0, 200) || "nothing");
    // Where there is but one fault, the detail often says it already.
    const unsaid = (problem?.errors ?? []).filter(({ message }) => !said.includes(message));
    const faults = unsaid.map(({ pointer, message }) => `\n  ${pointer} ${message}`).join("");
    return new ServerFault(`${this.address} answered ${status}: ${said}${faults}${adviceFor(status)}`, status);
  }

  private get headers() {
    return { authorization: `Bearer ${this.options.apiKey}` };
  }

  private get aborting() {
    return this.options.signal ? { signal: this.options.signal } : {};
  }

  private parse<T>(answer: HttpAnswer): T {
    if (answer.status < 200 || answer.status > 299) throw this.refused(answer);
    const value = parseObject<T>(answer.body);
    if (value === undefined) throw new ServerFault(`${this.address} answered without JSON: is it Affidavit?`, 200);
    return value;
  }

  private unreachable(error: unknown): Error {
    if (this.options.signal?.aborted) return error as Error;
    return new ServerFault(
      `${this.address} cannot be reached (${messageOf(error)}). Does Affidavit run there? --url or AFFIDAVIT_URL gives another address.`,
    );
  }
}

/** What to do, where running the command again would not help. */
function adviceFor(status: number): string {
  if (status === 401) {
    return "\nThe key is mistyped, revoked, expired, or another server's. Give the right one with AFFIDAVIT_API_KEY or --key; the portal makes keys under Settings → API keys.";
  }
  if (status === 403) {
    return "\nMake a key with that scope in the portal under Settings → API keys, and give it with AFFIDAVIT_API_KEY or --key.";
  }
  return "";
}
