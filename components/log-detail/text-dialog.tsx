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

/** Whether the row names the field of this text: as one that the list cut, or one of which its producer sent only a part. */
function isNamed(of: ShownText["of"], list: "cut_fields" | "abridged_fields"): boolean {
  const names: unknown = of && (of.row as Record<string, unknown>)[list];
  return Array.isArray(names) && names.includes(of?.field);
}

const lengthOf = (text: string, of: ShownText["of"]) =>
  isNamed(of, "abridged_fields")
    ? `The first ${counted(text.length, "character")}; the source had more than an event holds`
    : counted(text.length, "character");

/** The text as the row has it whole, where the list cut it. */
function useWhole({ text, of }: ShownText, open: boolean) {
  const { appId } = useLogActions();
  const cut = isNamed(of, "cut_fields");
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
          {pending ? "Loading the whole text" : lengthOf(text, of)}
        </span>
        {of && QUERY_FIELDS.includes(of.field) ? <SourceLink row={of.row} links={queryLinks} /> : null}
        {pending || error ? null : <CopyButton text={text} />}
      </div>
    </Dialog>
  );
}
