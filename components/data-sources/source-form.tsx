"use client";

import { type FormEvent, type ReactNode, type Ref, useState } from "react";
import type { DataSource } from "@/lib/contracts/data-sources";
import type { Problem } from "@/lib/errors/problem";
import { Button } from "../ui/button";
import { Field } from "../ui/field";
import { Notice } from "../ui/notice";
import { ConnectionFields } from "./connection-fields";
import { connectionOf } from "./source-values";

export interface SourceFormValues extends ReturnType<typeof connectionOf> {
  name: string;
  query_link: string | null;
}

interface SourceFormProps {
  type: DataSource["type"];
  source?: DataSource;
  nameRef: Ref<HTMLInputElement>;
  /** Fields that only a new one has. */
  children?: ReactNode;
  onSubmit: (values: SourceFormValues) => void;
  busy: boolean;
  problem: Pick<Problem, "detail" | "errors"> | undefined;
  submit: { idle: string; busy: string };
}

const FIELDS = ["name", "query_link", "host", "port", "database", "username", "password", "tls_reason"];

/** What a data source is called, where it is, and where its statements are found. */
export function SourceForm({ type, source, nameRef, children, onSubmit, busy, problem, submit }: SourceFormProps) {
  const [tls, setTls] = useState<string>(source?.tls ?? "require");
  // Faults of a change are those of its part of the form.
  const errorOf = (name: string) =>
    problem?.errors.find(({ pointer }) => pointer === `/${name}` || pointer === `/changes/${name}`)?.message;
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const query_link = String(form.get("query_link")).trim() || null;
    onSubmit({ name: String(form.get("name")), query_link, ...connectionOf(form, tls) });
  };
  const isTold = FIELDS.some((name) => errorOf(name) !== undefined);
  return (
    <form method="post" onSubmit={send} className="flex flex-col gap-3 px-4 pt-1 pb-4">
      {problem && !isTold ? <Notice tone="error" title={problem.detail} /> : null}
      <Field
        ref={nameRef}
        label="Name"
        name="name"
        defaultValue={source?.name}
        error={errorOf("name")}
        maxLength={120}
        autoComplete="off"
        required
      />
      {children}
      {type === "postgres" ? (
        <ConnectionFields source={source} tls={tls} onTlsChange={setTls} errorOf={errorOf} />
      ) : (
        <p className="text-muted text-sm">Its rows come by API: programs name this data source by its id.</p>
      )}
      <Field
        label="Link to a query"
        name="query_link"
        type="url"
        defaultValue={source?.query_link ?? ""}
        placeholder="https://console.example.com/queries/{query_id}"
        hint="Optional. Where a statement is found in the source's own console; {query_id} stands for its id."
        error={errorOf("query_link")}
        autoComplete="off"
      />
      <Button type="submit" look="primary" disabled={busy} className="self-start">
        {busy ? submit.busy : submit.idle}
      </Button>
    </form>
  );
}
