import { CircleCheck } from "lucide-react";
import type { ReactNode } from "react";
import { visibleText } from "../log-detail/visible-text";
import { ENVELOPE } from "../log-table/envelope";
import type { Row } from "../log-table/kind-view";
import { Outcome } from "../log-table/outcome";
import { fullTime } from "../log-table/time-text";
import { grouped } from "../ui/amounts";
import { Button, buttonClass } from "../ui/button";

interface FirstRowArrivedProps {
  row: Row;
  appId: string;
  onShow: (() => void) | undefined;
}

/** The row that was just written. */
export function FirstRowArrived({ row, appId, onShow }: FirstRowArrivedProps) {
  const text = (name: string) => {
    const value = row[name];
    return value === null || value === undefined ? undefined : visibleText(String(value));
  };
  const request = [text("method"), text("url")].filter(Boolean).join(" ");
  return (
    <div className="mx-auto flex max-w-3xl flex-col gap-4 px-4 py-10">
      <div role="status" className="flex items-center gap-2">
        <CircleCheck aria-hidden className="size-5 shrink-0 text-accent" />
        <h2 className="font-medium text-base">The first row is here</h2>
      </div>
      <dl className="flex flex-col rounded-md border border-line px-3 py-1" data-testid="first-row">
        <Fact name={ENVELOPE.seq.label}>
          <span className="font-mono">{grouped(row.seq)}</span>
        </Fact>
        <Fact name={ENVELOPE.createdAt.label}>{fullTime(row.created_at)}</Fact>
        {text("outcome") ? (
          <Fact name="Outcome">
            <Outcome value={text("outcome") ?? ""} />
          </Fact>
        ) : null}
        {text("provider_id") ? <Fact name="Provider">{text("provider_id")}</Fact> : null}
        {request ? (
          <Fact name="Request">
            <span className="font-mono text-xs">{request}</span>
          </Fact>
        ) : null}
        <Fact name={ENVELOPE.id.label}>
          <span className="font-mono text-xs">{row.id}</span>
        </Fact>
      </dl>
      {onShow ? (
        <Button look="primary" onClick={onShow} className="self-start">
          Show it in the log
        </Button>
      ) : (
        <a href={`/logs/calls?app=${appId}`} className={`${buttonClass({ look: "primary" })} self-start`}>
          Show it in the log
        </a>
      )}
    </div>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex gap-3 border-line border-b py-1.5 last:border-b-0">
      <dt className="w-24 shrink-0 text-faint">{name}</dt>
      <dd className="min-w-0 flex-1 break-words">{children}</dd>
    </div>
  );
}
