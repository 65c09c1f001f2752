"use client";

import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import type { CatalogueColumn } from "@/lib/contracts/catalogue";
import type { DataSource } from "@/lib/contracts/data-sources";
import { refreshCatalogueAction } from "@/lib/data-sources/data-sources.actions";
import { failureOf } from "../log-table/fetch-json";
import { secondTime } from "../log-table/second-time";
import { Button } from "../ui/button";
import { Field } from "../ui/field";
import { Notice } from "../ui/notice";
import { Skeleton } from "../ui/skeleton";
import { useSay } from "../ui/toast";
import { useAct } from "../ui/use-act";
import { CatalogueTable } from "./catalogue-table";
import { catalogueQuery } from "./sources.queries";
import { tablesOf } from "./tables-of";

/** What the data source holds: its columns by table, each connected or not, with its tags. */
export function CatalogueView({ source }: { source: DataSource }) {
  const [search, setSearch] = useState("");
  const wanted = useDeferredValue(search.trim());
  const client = useQueryClient();
  const { data, error, isPending, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(
    catalogueQuery(source.id, wanted),
  );
  const reload = () => client.invalidateQueries({ queryKey: ["data-sources", source.id, "catalogue"] });
  const columns: CatalogueColumn[] = data?.pages.flatMap((page) => page.columns) ?? [];
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-end justify-between gap-3">
        <Field
          label="Search the catalogue"
          type="search"
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
          placeholder="public.customers"
          className="w-full sm:w-72"
          maxLength={255}
          autoComplete="off"
        />
        <ReadCatalogue source={source} onDone={reload} />
      </div>
      {error ? <Notice tone="error" title={failureOf(error).detail} /> : null}
      {isPending ? <Skeleton className="w-80 max-w-full" /> : null}
      {tablesOf(columns).map((table) => (
        <CatalogueTable
          key={table.key}
          sourceId={source.id}
          table={table}
          editable={source.state === "connected"}
          onChanged={reload}
        />
      ))}
      {!isPending && !error && columns.length === 0 ? (
        <Nothing searched={wanted !== ""} readable={source.host !== null} />
      ) : null}
      {hasNextPage ? (
        <Button className="self-start" disabled={isFetchingNextPage} onClick={() => fetchNextPage()}>
          {isFetchingNextPage ? "Loading…" : "Show more columns"}
        </Button>
      ) : null}
    </div>
  );
}

function Nothing({ searched, readable }: { searched: boolean; readable: boolean }) {
  return (
    <p className="border-line border-y py-8 text-center text-muted text-sm">
      {searched
        ? "No column has that in its name."
        : `The catalogue is empty. ${readable ? "Read it from the source, or send" : "Send"} it with PUT /v1/data-sources/{id}/catalogue.`}
    </p>
  );
}

function ReadCatalogue({ source, onDone }: { source: DataSource; onDone: () => Promise<void> }) {
  const say = useSay();
  const { run, busy, problem, forget } = useAct(refreshCatalogueAction, ({ columns, added, removed }) => {
    say(`Read ${columns} columns: ${added} new, ${removed} gone`);
    void onDone();
  });
  // The page comes anew after every change that succeeded: what went wrong before, such as with a password, is over.
  const [about, setAbout] = useState(source);
  if (about !== source) {
    setAbout(source);
    forget();
  }
  if (source.host === null || source.state === "disconnected") return null;
  return (
    <div className="flex flex-col items-end gap-1">
      <div className="flex flex-wrap items-center gap-3">
        <span className="text-faint text-xs">
          {source.catalogued_at === null ? "Never read" : `Read ${secondTime(source.catalogued_at)}`}
        </span>
        <Button disabled={busy} onClick={() => run({ id: source.id })}>
          {busy ? "Reading…" : "Read from the source"}
        </Button>
      </div>
      {problem ? (
        <span role="alert" className="text-red text-xs">
          {problem.detail}
        </span>
      ) : null}
    </div>
  );
}
