import type { Row } from "./kind-view";

/** A page of a search, as `/v1/events/search` answers it. */
export interface SearchPage {
  events: Row[];
  next_cursor: string | null;
  has_more: boolean;
  /** The search ended early; rows are complete only back to `searched_to`. */
  partial?: boolean;
  searched_to?: string;
}

/** Asks for the page at a cursor; null is the first one. */
export type LoadPage = (cursor: string | null, signal: AbortSignal) => Promise<SearchPage>;

/** What is known of a search; a new object whenever something changed. */
export interface PagesState {
  /** The first page has come. */
  answered: boolean;
  /** Rows known so far, in memory or not. */
  count: number;
  /** Older rows may follow. */
  hasMore: boolean;
  /** Older rows are on their way. */
  loading: boolean;
  /** A budget ended the walk here, RFC 3339: going on is the reader's choice. */
  searchedTo: string | undefined;
  /** Why a page could not be read; undefined: none failed. */
  error: unknown;
  /** Indexes of rows that begin a day (UTC), ascending. */
  dayStarts: readonly number[];
}

interface Page {
  cursor: string | null;
  /** Index of its first row. */
  at: number;
  count: number;
  dayStarts: readonly number[];
  lastDay: string;
  /** The cursor after it. */
  next: string | null;
  /** Undefined: not in memory now. */
  rows: readonly Row[] | undefined;
}

/** Pages kept in memory on each side of those that are shown: 1,600 rows, some 60 screens. */
const KEPT_PAGES = 8;

const dayIn = (row: Row) => row.occurred_at.slice(0, 10);

/**
 * The rows of one search, page by page. It knows the place of every row that was ever read, and holds only the pages near
 * those on screen: a page that was let go is asked for again by its own cursor, which gives the same rows, since a cursor
 * pins the log's state. So a reader may go down 100,000 rows in the memory of a few thousand.
 */
export class LogPages {
  readonly #load: LoadPage;
  readonly #keptPages: number;
  readonly #pages: Page[] = [];
  readonly #underWay = new Map<number, AbortController>();
  readonly #listeners = new Set<() => void>();
  #failed: { page: number; error: unknown } | undefined;
  /** The last page ended by budget, and nobody asked to go on. */
  #searchedTo: string | undefined;
  #wanted: readonly [number, number] = [0, 0];
  #state: PagesState;

  /**
   * @param first the first page, where it came with the HTML
   * @param keptPages in memory on each side of those that are shown
   */
  constructor(load: LoadPage, first?: SearchPage, keptPages = KEPT_PAGES) {
    this.#load = load;
    this.#keptPages = keptPages;
    if (first) this.#absorb(0, null, first);
    this.#state = this.#describe();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly state = (): PagesState => this.#state;

  /** The row at an index, where it is in memory. */
  row(index: number): Row | undefined {
    const page = this.#pages[this.#pageOf(index)];
    return page?.rows?.[index - page.at];
  }

  /** Rows in memory now. */
  get held(): number {
    return this.#pages.reduce((sum, { rows }) => sum + (rows?.length ?? 0), 0);
  }

  /**
   * These rows are wanted, inclusive: reads what is missing of them, and one page further where they reach the end; lets go
   * of what is far.
   */
  want(first: number, last: number): void {
    this.#wanted = [first, last];
    const from = this.#pageOf(first);
    const to = this.#pageOf(last);
    this.#letGo(from, to);
    for (let page = from; page <= to && page < this.#pages.length; page += 1) {
      if (!this.#pages[page]?.rows) this.#read(page);
    }
    const isAtEnd = last >= this.#count - 1;
    if (isAtEnd && this.#hasMore && this.#searchedTo === undefined) this.#read(this.#pages.length);
  }

  /** Goes on where a budget ended the walk. */
  more(): void {
    this.#searchedTo = undefined;
    this.#read(this.#pages.length);
  }

  /** Asks again for what failed. */
  retry(): void {
    if (!this.#failed) return;
    const { page } = this.#failed;
    this.#failed = undefined;
    this.#read(page);
    this.want(...this.#wanted);
  }

  /** Nobody looks any more: gives up what is under way. */
  abort(): void {
    for (const control of this.#underWay.values()) control.abort();
  }

  get #count(): number {
    const last = this.#pages.at(-1);
    return last ? last.at + last.count : 0;
  }

  get #hasMore(): boolean {
    const last = this.#pages.at(-1);
    return last === undefined || last.next !== null;
  }

  /** The page that holds a row, or the last one. */
  #pageOf(index: number): number {
    let low = 0;
    let high = Math.max(0, this.#pages.length - 1);
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#pages[middle]?.at ?? 0) <= index) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Gives up reading pages that are not wanted any more, and forgets the rows of those far from the ones that are. */
  #letGo(from: number, to: number): void {
    for (const [page, control] of this.#underWay) {
      if (page < this.#pages.length && (page < from || page > to)) control.abort();
    }
    for (const [at, page] of this.#pages.entries()) {
      // The first page has no cursor to be asked for again by: without one it would be read from today's log.
      if (at > 0 && (at < from - this.#keptPages || at > to + this.#keptPages)) page.rows = undefined;
    }
  }

  #read(page: number): void {
    if (this.#underWay.has(page) || this.#failed) return;
    const cursor = page === 0 ? null : (this.#pages[page - 1]?.next ?? null);
    const control = new AbortController();
    this.#underWay.set(page, control);
    this.#load(cursor, control.signal)
      .then((answer) => {
        if (!control.signal.aborted) this.#absorb(page, cursor, answer);
      })
      .catch((error: unknown) => {
        if (!control.signal.aborted) this.#failed = { page, error };
      })
      .finally(() => {
        if (this.#underWay.get(page) === control) this.#underWay.delete(page);
        this.#tell();
        if (!control.signal.aborted) this.want(...this.#wanted);
      });
    control.signal.addEventListener("abort", () => this.#underWay.delete(page));
    this.#tell();
  }

  #absorb(at: number, cursor: string | null, answer: SearchPage): void {
    const before = this.#pages[at - 1];
    const known = this.#pages[at];
    const start = before ? before.at + before.count : 0;
    const next = answer.has_more || answer.partial ? answer.next_cursor : null;
    let day = before?.lastDay ?? "";
    const dayStarts: number[] = [];
    for (const [index, row] of answer.events.entries()) {
      if (dayIn(row) !== day) dayStarts.push(start + index);
      day = dayIn(row);
    }
    const rows = answer.events;
    const page = { cursor, at: start, count: rows.length, dayStarts, lastDay: day, next, rows };
    const isSame = known?.count === page.count && known.next === next;
    // A page that reads differently now (a budget ended it elsewhere) has other pages after it.
    if (isSame) this.#pages[at] = page;
    else this.#pages.splice(at, this.#pages.length, page);
    if (!isSame) this.#searchedTo = answer.partial ? answer.searched_to : undefined;
  }

  #describe(): PagesState {
    return {
      answered: this.#pages.length > 0,
      count: this.#count,
      hasMore: this.#hasMore,
      loading: this.#underWay.has(this.#pages.length),
      searchedTo: this.#searchedTo,
      error: this.#failed?.error,
      dayStarts: this.#pages.flatMap((page) => page.dayStarts),
    };
  }

  #tell(): void {
    this.#state = this.#describe();
    for (const listener of this.#listeners) listener();
  }
}
