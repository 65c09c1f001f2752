"use client";

import { Download, RotateCw } from "lucide-react";
import { useSearchParams } from "next/navigation";
import { useMemo, useState } from "react";
import { FilterChips } from "../log-filters/filter-chips";
import { FilterPanel } from "../log-filters/filter-panel";
import { type LogState, parseLogState, printLogState, resolveWindow, toNextSecond } from "../log-filters/url-state";
import { ResolvedWindow, WindowPicker } from "../log-filters/window-picker";
import { buttonClass, IconButton } from "../ui/button";
import { logColumns } from "./columns";
import { downloadPath, type LogQuery } from "./events.queries";
import type { FieldView, KindView } from "./kind-view";
import { LogRows } from "./log-rows";
import { AddressProblems } from "./states";

/** The envelope's one filter, beside those of the kind. */
const ID_FIELD: FieldView = {
  name: "id",
  label: "Row ID",
  description: "Id of one row.",
  type: "text",
  filterable: true,
};

/** A clock that is off by more than this is not trusted with what "now" means. */
const SKEW_MS_MAX = 5_000;

interface LogViewProps {
  kind: KindView;
  /** Those that this person may see; the first is home. At least one. */
  appIds: readonly string[];
  /** The server's "now" when it rendered the page, ms. */
  asOfMs: number;
  canExport: boolean;
}

/** A kind's log: window, filters, rows. The URL is the state; Back and forward are its history. */
export function LogView({ kind, appIds, asOfMs: firstAsOfMs, canExport }: LogViewProps) {
  const fields = useMemo(() => [ID_FIELD, ...kind.fields.filter(({ filterable }) => filterable)], [kind]);
  const columns = useMemo(() => logColumns(kind), [kind]);
  const state = useLogState(fields, appIds);
  const { asOfMs, askAnew } = useAsOf(printLogState({ ...state, appId: state.askedAppId }), firstAsOfMs);
  const resolved = resolveWindow(state.window, asOfMs);
  const query: LogQuery = { appId: state.appId, kind: kind.id, ...resolved, filters: state.filters, asOfMs };
  const change = (next: Partial<Pick<LogState, "window" | "filters">>) => {
    const printed = printLogState({ appId: state.askedAppId, window: state.window, filters: state.filters, ...next });
    if (next.window) askAnew(printed);
    window.history.pushState(null, "", printed === "" ? window.location.pathname : `?${printed}`);
  };
  const wide = "preset" in state.window && state.window.preset === "30d";
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-1.5 gap-y-2 sm:gap-x-2 border-line border-b px-3 py-2 sm:px-4">
        <h1 className="mr-1 font-semibold text-base max-sm:sr-only">{kind.title}</h1>
        <WindowPicker window={state.window} resolved={resolved} onChange={(window) => change({ window })} />
        <FilterPanel fields={fields} filters={state.filters} onChange={(filters) => change({ filters })} />
        <IconButton label="Refresh" onClick={() => askAnew()}>
          <RotateCw aria-hidden />
        </IconButton>
        {canExport && state.problems.length === 0 ? <DownloadLink query={query} /> : null}
        <span className="hidden flex-1 justify-end md:flex">
          <ResolvedWindow {...resolved} />
        </span>
        <span className="w-full overflow-hidden md:hidden">
          <ResolvedWindow {...resolved} />
        </span>
        <FilterChips fields={fields} filters={state.filters} onChange={(filters) => change({ filters })} />
      </div>
      {state.problems.length > 0 ? (
        <AddressProblems problems={state.problems} resetHref="?" />
      ) : (
        <LogRows
          title={kind.title}
          query={query}
          columns={columns}
          onClearFilters={() => change({ filters: {} })}
          onRefresh={() => askAnew()}
          onWiden={wide ? undefined : () => change({ window: { preset: "30d" } })}
        />
      )}
    </>
  );
}

/**
 * What "now" means for each address of this page: Back finds the very rows that were there, while choosing a window or
 * refreshing asks anew.
 */
function useAsOf(address: string, firstAsOfMs: number) {
  const [skewMs] = useState(() => {
    const off = firstAsOfMs - Date.now();
    return Math.abs(off) > SKEW_MS_MAX ? off : 0;
  });
  const [known, setKnown] = useState({
    latest: firstAsOfMs,
    byAddress: { [address]: firstAsOfMs } as Record<string, number>,
  });
  const askAnew = (target = address) => {
    setKnown(({ latest, byAddress }) => {
      // Always another second than before: the same one would be the same search, and would not be asked again.
      const now = Math.max(toNextSecond(Date.now() + skewMs), latest + 1_000);
      return { latest: now, byAddress: { ...byAddress, [target]: now } };
    });
  };
  return { asOfMs: known.byAddress[address] ?? known.latest, askAnew };
}

/** The URL's state; an app that is not this person's is one of its problems. */
function useLogState(fields: readonly FieldView[], appIds: readonly string[]) {
  const params = useSearchParams();
  return useMemo(() => {
    const names = fields.map(({ name }) => name);
    const { appId: askedAppId, ...state } = parseLogState(params, names);
    const foreign = askedAppId !== undefined && !appIds.includes(askedAppId);
    const problems = foreign
      ? [...state.problems, "There is no application with that id that you may see."]
      : state.problems;
    return { ...state, problems, askedAppId, appId: askedAppId ?? appIds[0] ?? "" };
  }, [params, fields, appIds]);
}

function DownloadLink({ query }: { query: LogQuery }) {
  return (
    <a
      href={downloadPath(query)}
      download
      className={buttonClass()}
      title="The newest 100,000 rows of this search at most"
    >
      <Download aria-hidden className="size-3.5 text-muted" />
      <span>
        <span className="max-sm:sr-only">Download </span>CSV
      </span>
    </a>
  );
}
