import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";

export interface ReceivedEvent {
  type: string;
  data: string;
  lastEventId: string;
}

/** Server-Sent Events as the standard reads them (WHATWG HTML §9.2.6), from pieces cut anywhere. A client of the tests' own. */
export class EventStreamParser {
  readonly events: ReceivedEvent[] = [];
  /** Of the last event that ended, with data or without. */
  lastEventId: string;
  retryMs: number | undefined;
  #decoder = new TextDecoder();
  #rest = "";
  #id: string;
  #type = "";
  #data: string[] = [];

  constructor(lastEventId = "") {
    this.lastEventId = lastEventId;
    this.#id = lastEventId;
  }

  add(bytes: Uint8Array): void {
    const lines = (this.#rest + this.#decoder.decode(bytes, { stream: true })).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line === "") this.#dispatch();
      else this.#field(line);
    }
  }

  #field(line: string): void {
    const [, name = "", value = ""] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
    if (name === "id") this.#id = value;
    if (name === "event") this.#type = value;
    if (name === "data") this.#data.push(value);
    if (name === "retry") this.retryMs = Number(value);
  }

  #dispatch(): void {
    this.lastEventId = this.#id;
    const data = this.#data.join("\n");
    if (data !== "") this.events.push({ type: this.#type || "message", data, lastEventId: this.lastEventId });
    this.#data = [];
    this.#type = "";
  }
}

export interface OpenStream {
  response: IncomingMessage;
  parser: EventStreamParser;
  /** `whole`: ended by the server; `cut`: the connection broke. */
  ended: Promise<"whole" | "cut">;
  close: () => void;
}

export interface StreamOptions {
  headers: Record<string, string>;
  lastEventId?: string;
  /** The client goes away when so many bytes have come, maybe in the middle of an event. */
  cutAfter?: number;
}

/** Opens a stream, and keeps what comes. */
export async function openStream(address: string, options: StreamOptions): Promise<OpenStream> {
  const { headers, lastEventId = "", cutAfter = Infinity } = options;
  const asked = request(address, {
    agent: false,
    headers: { ...headers, ...(lastEventId && { "last-event-id": lastEventId }) },
  });
  asked.end();
  const [response] = (await once(asked, "response")) as [IncomingMessage];
  const parser = new EventStreamParser(lastEventId);
  let left = cutAfter;
  response.on("data", (bytes: Buffer) => {
    if (left <= 0) return;
    parser.add(bytes.subarray(0, left));
    left -= bytes.length;
    if (left <= 0) asked.destroy();
  });
  response.on("error", () => {});
  asked.on("error", () => {});
  const ended = new Promise<"whole" | "cut">((resolve) => {
    response.once("close", () => resolve(response.complete ? "whole" : "cut"));
  });
  return { response, parser, ended, close: () => asked.destroy() };
}
