import { CopyButton } from "../ui/copy-button";

/** The command that records this data source's statements, ready to be run where its log files are. */
export function CollectorCommand({ id, origin }: { id: string; origin: string }) {
  const command = `AFFIDAVIT_API_KEY=afd_live_… affidavit collect postgres --url ${origin} --data-source ${id} --log-dir /var/lib/postgresql/15/main/log`;
  return (
    <div className="flex flex-col items-start gap-2">
      <p className="text-muted text-sm">
        Run this on the machine of the server, as a user who may read its log files, with a key that has the scope{" "}
        <code className="font-mono text-xs">events:write</code> in this application.
      </p>
      <code className="w-full whitespace-pre-wrap break-words rounded-md border border-line bg-surface px-2.5 py-2 font-mono text-xs">
        {command}
      </code>
      <CopyButton text={command} label="Copy command" />
    </div>
  );
}
