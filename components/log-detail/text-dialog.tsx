"use client";

import { useQuery } from "@tanstack/react-query";
import { eventQuery } from "../log-table/events.queries";
import { failureOf } from "../log-table/fetch-json";
import { type ShownText, useLogActions } from "../log-table/log-actions";
import { counted } from "../ui/amounts";
import { CopyButton } from "../ui/copy-button";
import { Dialog } from "../ui/dialog";
import { Notice } from "../ui/notice";
import { formatSql } from "./format-sql";
import { SourceLink } from "./source-link";
import { visibleText } from "./visible-text";

interface TextDialogProps extends ShownText {
  open: boolean;
  onClose: () => void;
}

const QUERY_FIELDS = ["query_text", "query_id"];

/** The list has only the beginning of this text. */
function isCut(of: ShownText["of"]): boolean {
  return of !== undefined && Array.isArray(of.row.cut_fields) && of.row.cut_fields.includes(of.field);
}

/** The text as the row has it whole, where the list cut it. */
function useWhole({ text, of }: ShownText, open: boolean) {
  const { appId } = useLogActions();
  const cut = isCut(of);
  const row = of?.row ?? { id: "", seq: 0, created_at: "", occurred_at: "" };
  const { data, error } = useQuery({ ...eventQuery(appId, row), enabled: cut && open });
  const whole: unknown = of && data && (data as Record<string, unknown>)[of.field];
  if (!cut) return { text, pending: false, error: undefined };
  return typeof whole === "string"
    ? { text: whole, pending: false, error: undefined }
    : { text, pending: error === null, error: error ?? undefined };
}

/** A text too long for its cell, whole: wrapped, every character visible, to be copied as it was logged. */
export function TextDialog({ open, onClose, ...shown }: TextDialogProps) {
  const { title, of } = shown;
  const { queryLinks } = useLogActions();
  const { text, pending, error } = useWhole(shown, open);
  const laidOut = of?.field === "query_text" ? formatSql(text) : text;
  return (
    <Dialog title={title} place="wide" open={open} onOpenChange={(next) => next || onClose()}>
      <div className="min-h-0 flex-1 overflow-y-auto px-4">
        {error ? (
          <Notice tone="error" title={failureOf(error).title} className="mb-2">
            {failureOf(error).detail} Below is only the beginning, as the list has it.
          </Notice>
        ) : null}
        <pre
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that may scroll must be reachable by keyboard.
          tabIndex={0}
          aria-busy={pending}
          className="max-h-[60dvh] overflow-y-auto rounded-md border border-line bg-page p-3 font-mono text-xs leading-[1.125rem] whitespace-pre-wrap [overflow-wrap:anywhere]"
        >
          {laidOut.split("\n").map(visibleText).join("\n")}
        </pre>
      </div>
      <div className="flex flex-wrap items-center gap-3 px-4 py-3">
        <span role="status" className="mr-auto text-muted text-xs">
          {pending ? "Loading the whole text" : counted(text.length, "character")}
        </span>
        {of && QUERY_FIELDS.includes(of.field) ? <SourceLink row={of.row} links={queryLinks} /> : null}
        {pending || error ? null : <CopyButton text={text} />}
      </div>
    </Dialog>
  );
}
