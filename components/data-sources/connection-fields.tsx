"use client";

import type { DataSource } from "@/lib/contracts/data-sources";
import { Field } from "../ui/field";
import { Select } from "../ui/select";
import { TLS_ITEMS } from "./source-values";

interface ConnectionFieldsProps {
  /** What it is now, where it is changed. */
  source?: DataSource | undefined;
  tls: string;
  onTlsChange: (tls: string) => void;
  errorOf: (name: string) => string | undefined;
}

/** Where a PostgreSQL server is, and as whom it is read. */
export function ConnectionFields({ source, tls, onTlsChange, errorOf }: ConnectionFieldsProps) {
  const passwordHint = source?.has_password
    ? "One is kept. Leave this empty to keep it."
    : "Kept sealed; nobody can read it here again.";
  return (
    <fieldset className="flex flex-col gap-3">
      <legend className="pb-2 text-muted text-xs">
        Optional: with a connection, this server can read the catalogue and check the settings. A role that may connect
        is enough; it needs no right to read a table.
      </legend>
      <div className="grid grid-cols-1 gap-3 sm:grid-cols-[1fr_6rem]">
        <Field
          label="Host"
          name="host"
          defaultValue={source?.host ?? ""}
          placeholder="db.example.com"
          error={errorOf("host")}
          autoComplete="off"
          spellCheck={false}
          maxLength={253}
        />
        <Field
          label="Port"
          name="port"
          inputMode="numeric"
          pattern="[0-9]{1,5}"
          defaultValue={source?.port ?? 5432}
          error={errorOf("port")}
          autoComplete="off"
        />
      </div>
      <div className="grid grid-cols-1 gap-3 sm:grid-cols-2">
        <Field
          label="Database"
          name="database"
          defaultValue={source?.database ?? ""}
          error={errorOf("database")}
          autoComplete="off"
          spellCheck={false}
        />
        <Field
          label="User"
          name="username"
          defaultValue={source?.username ?? ""}
          error={errorOf("username")}
          autoComplete="off"
          spellCheck={false}
        />
      </div>
      <Field
        label="Password"
        name="password"
        type="password"
        autoComplete="new-password"
        hint={passwordHint}
        error={errorOf("password")}
      />
      <Select label="TLS" items={TLS_ITEMS} value={tls} onChange={onTlsChange} />
      {tls === "disable" ? (
        <Field
          label="Why without TLS"
          name="tls_reason"
          defaultValue={source?.tls_reason ?? ""}
          placeholder="The connection runs through a tunnel"
          error={errorOf("tls_reason")}
          maxLength={200}
          autoComplete="off"
        />
      ) : null}
    </fieldset>
  );
}
