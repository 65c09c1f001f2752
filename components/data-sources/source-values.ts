import { type CreateDataSource, TLS_MODES, type TlsMode } from "@/lib/contracts/data-sources";

const MODES: Record<TlsMode, string> = {
  "verify-full": "Check the certificate (verify-full)",
  require: "Encrypt only (require)",
  disable: "Without TLS (disable)",
};
export const TLS_ITEMS = TLS_MODES.map((value) => ({ value, label: MODES[value] }));

/** What the form's fields say, as the contract has it: an empty field is none. */
export function connectionOf(form: FormData, tls: string) {
  const text = (name: string) => String(form.get(name) ?? "").trim() || null;
  const host = text("host");
  const port = text("port");
  return {
    host,
    port: port === null ? null : Number(port),
    database: text("database"),
    username: text("username"),
    // Not even white space around it is ours to cut.
    password: String(form.get("password") ?? "") || null,
    tls: host === null ? null : (tls as TlsMode),
    tls_reason: host !== null && tls === "disable" ? text("tls_reason") : null,
  } satisfies Partial<CreateDataSource>;
}
