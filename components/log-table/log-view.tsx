"use client";

import { Keyboard, Link2, RotateCw } from "lucide-react";
import { lazy, type ReactNode, Suspense, useMemo, useState } from "react";
import { LogChart } from "../log-chart/log-chart";
import type { QueryLinks } from "../log-detail/query-link";
import { useValues } from "../log-facets/use-values";
import { ValuesButton, ValuesPanel } from "../log-facets/values-panel";
import { FilterChips } from "../log-filters/filter-chips";
import { FilterPanel } from "../log-filters/filter-panel";
import { QUERY_INPUT_ID, QueryBar } from "../log-filters/query-bar";
import { fieldsOfPage } from "../log-filters/query-text";
import { ResolvedWindow, WindowPicker } from "../log-filters/window-picker";
import { IconButton } from "../ui/button";
import { copyText } from "../ui/copy-text";
import { Toast, useToast } from "../ui/toast";
import { logColumns } from "./columns";
import { ExportCsv } from "./export-csv";
import type { KindView } from "./kind-view";
import {
  type ActNames,
  ActNamesProvider,
  KeyNamesProvider,
  type LogActions,
  LogActionsProvider,
  NO_ACT_NAMES,
  type ShownText,
  ShowTextProvider,
  SourceNamesProvider,
} from "./log-actions";
import { ROW_BUTTON } from "./log-row";
import { LogRows } from "./log-rows";
import { logRules } from "./log-rules";
import { NothingFound } from "./nothing-found";
import { OfflineNotice } from "./offline-notice";
import { ownFilters, tabFilter } from "./own-filters";
import { usePageKeys } from "./page-keys";
import { AddressProblems } from "./states";
import { useLogState } from "./use-log-state";

/** Loaded when first opened. */
const TextDialog = lazy(async () => ({ default: (await import("../log-detail/text-dialog")).TextDialog }));
const KeysDialog = lazy(async () => ({ default: (await import("./keys-dialog")).KeysDialog }));

export interface LogViewProps {
  kind: KindView;
  /** Those that this person may see; the first is home. At least one. */
  apps: readonly { id: string; name: string }[];
  /** The server's "now" when it rendered the page, ms. */
  asOfMs: number;
  canExport: boolean;
  queryLinks?: QueryLinks | undefined;
  /** Prefix of an API key → its name, as far as this person may see keys. */
  keyNames?: Readonly<Record<string, string>> | undefined;
  actNames?: ActNames | undefined;
  /** Id of a data source → its name. */
  sourceNames?: Readonly<Record<string, string>> | undefined;
  /** Between the bar and the rows: tabs, a warning, a search box. */
  children?: ReactNode;
}

const NONE: Readonly<Record<string, string>> = {};

/** A kind's log: window, filters, rows. The URL is the state; Back and forward are its history. */
export function LogView({ kind, apps, asOfMs, canExport, children, ...names }: LogViewProps) {
  const { queryLinks = NONE, keyNames = NONE, actNames = NO_ACT_NAMES, sourceNames = NONE } = names;
  const rules = useMemo(() => logRules(kind), [kind]);
  const columns = useMemo(() => logColumns(kind), [kind]);
  const filterFields = useMemo(() => withWords(kind.filters, actNames), [kind, actNames]);
  const appIds = useMemo(() => apps.map(({ id }) => id), [apps]);
  const log = useLogState({ kind: kind.id, rules, appIds, renderedAtMs: asOfMs });
  const { text: said, say } = useToast();
  const boxes = useBoxes();
  const values = useValues();
  const canAsk = log.problems.length === 0;
  usePageKeys({
    f: () => boxes.setOpen("filter"),
    r: log.refresh,
    e: () => canExport && canAsk && boxes.setOpen("export"),
    "?": () => boxes.setOpen("keys"),
    "/": () => document.getElementById(QUERY_INPUT_ID)?.focus(),
    j: focusRows,
    k: focusRows,
  });
  const own = ownFilters(kind, log.filters);
  const queryFields = useMemo(() => fieldsOfPage(kind.filters, kind.fields), [kind]);
  const actions: LogActions = {
    appId: log.appId,
    appName: apps.find(({ id }) => id === log.appId)?.name ?? log.appId,
    kind,
    filters: log.filters,
    filterable: useMemo(() => new Set(rules.filters), [rules]),
    queryLinks,
    say,
    hrefOf: log.hrefOf,
    go: log.go,
  };
  const copyLink = async () => {
    const href = log.frozenHref();
    if (await copyText(href)) say("Link copied, with absolute times: it shows these rows whenever it is opened");
    else boxes.showText({ title: "Link to these rows", text: href });
  };
  const clearFilters = () => log.go({ filters: tabFilter(kind, log.filters) });
  return (
    <LogActionsProvider value={actions}>
      <div className="flex flex-wrap items-center gap-x-1 gap-y-2 border-line border-b px-3 py-2 sm:gap-x-2 sm:px-4">
        <h1 className="mr-1 font-semibold text-base max-sm:w-full max-sm:text-sm">{kind.title}</h1>
        <WindowPicker
          window={log.window}
          resolved={log.resolved}
          maxMs={kind.windowMaxMs}
          onChange={(window) => log.go({ window })}
        />
        <FilterPanel
          fields={filterFields}
          filters={own}
          ends={kind.windowFilters && { names: kind.windowFilters, window: log.window, now: log.clock }}
          onChange={(next) => log.go({ ...next, filters: { ...next.filters, ...tabFilter(kind, log.filters) } })}
          {...boxes.props("filter")}
        />
        {canAsk ? <ValuesButton {...values} /> : null}
        {canExport && canAsk ? <ExportCsv query={log.query} {...boxes.props("export")} /> : null}
        <span className="flex items-center">
          <IconButton
            label="Refresh"
            title={kind.refreshNote ? `Refresh. ${kind.refreshNote}` : "Refresh"}
            onClick={log.refresh}
          >
            <RotateCw aria-hidden />
          </IconButton>
          {canAsk ? (
            <IconButton label="Copy a link to these rows" onClick={() => void copyLink()}>
              <Link2 aria-hidden />
            </IconButton>
          ) : null}
          <IconButton label="Keys" className="max-sm:hidden" onClick={() => boxes.setOpen("keys")}>
            <Keyboard aria-hidden />
          </IconButton>
        </span>
        {kind.refreshNote ? <p className="text-muted text-xs">{kind.refreshNote}</p> : null}
        <span className="w-full min-w-0 md:ml-auto md:w-auto">
          <ResolvedWindow {...log.resolved} />
        </span>
        <QueryBar
          fields={queryFields}
          suggested={kind.filters}
          query={log.query}
          filters={own}
          onChange={(filters) => log.go({ filters: { ...filters, ...tabFilter(kind, log.filters) } })}
        />
        <FilterChips fields={filterFields} filters={own} onRemove={log.removeFilter} onClear={clearFilters} />
      </div>
      <OfflineNotice />
      {children}
      {canAsk ? <LogChart query={log.query} title={kind.title} /> : null}
      <ShowTextProvider value={boxes.showText}>
        <KeyNamesProvider value={keyNames}>
          <ActNamesProvider value={actNames}>
            <SourceNamesProvider value={sourceNames}>
              {canAsk ? (
                <div className="flex min-h-0 flex-1">
                  <ValuesPanel query={log.query} {...values} />
                  <div className="flex min-w-0 flex-1 flex-col">
                    <LogRows
                      kind={kind}
                      query={log.query}
                      entry={log.entry}
                      columns={columns}
                      nothing={<NothingFound query={log.query} window={log.window} onShow={log.refresh} />}
                    />
                  </div>
                </div>
              ) : (
                <AddressProblems problems={log.problems} resetHref="?" />
              )}
            </SourceNamesProvider>
          </ActNamesProvider>
        </KeyNamesProvider>
      </ShowTextProvider>
      <Suspense>
        {boxes.text ? <TextDialog {...boxes.text} {...boxes.closable("text")} /> : null}
        {boxes.wasOpened("keys") ? <KeysDialog {...boxes.closable("keys")} /> : null}
      </Suspense>
      <Toast text={said} />
    </LogActionsProvider>
  );
}

/** The Event filter takes an act by the words that the list shows. */
function withWords(filters: KindView["filters"], { events }: ActNames): KindView["filters"] {
  if (Object.keys(events).length === 0) return filters;
  return filters.map((filter) => (filter.name === "event" ? { ...filter, words: events } : filter));
}

function focusRows(): void {
  document.querySelector<HTMLElement>(`[${ROW_BUTTON}][tabindex="0"]`)?.focus();
}

type BoxId = "filter" | "export" | "keys" | "text";

/** Which box lies over the page: at most one. One that was opened stays mounted, so that it can close smoothly. */
function useBoxes() {
  const [open, setOpen] = useState<BoxId>();
  const [opened, setOpened] = useState<ReadonlySet<BoxId>>(new Set());
  const [text, setText] = useState<ShownText>();
  if (open && !opened.has(open)) setOpened(new Set([...opened, open]));
  return {
    setOpen,
    text,
    showText: useMemo(
      () => (shown: ShownText) => {
        setText(shown);
        setOpen("text");
      },
      [],
    ),
    wasOpened: (id: BoxId) => opened.has(id),
    props: (id: BoxId) => ({ open: open === id, onOpenChange: (next: boolean) => setOpen(next ? id : undefined) }),
    closable: (id: BoxId) => ({ open: open === id, onClose: () => setOpen(undefined) }),
  };
}
