import Link from "next/link";
import { Fragment } from "react";
import { underscored } from "@/lib/snowflake/quote";
import { AccountSection } from "../account/account-section";
import { CopyButton } from "../ui/copy-button";

interface OrganizationIdProps {
  id: string;
  /** Data sources that need it in their SQL. */
  snowflakes: readonly { id: string; name: string }[];
}

/** The organization's id as it is, and as the name of a schema in Snowflake. */
export function OrganizationId({ id, snowflakes }: OrganizationIdProps) {
  return (
    <AccountSection
      title="Organization ID"
      lead="Names this organization in requests, exports and proofs. It is no secret."
    >
      <dl className="flex flex-col gap-4">
        <CopiedValue name="Organization ID" value={id} copy="Copy the ID" />
        <CopiedValue
          name="With underscores"
          value={underscored(id)}
          copy="Copy with underscores"
          note="For the name of a schema in Snowflake, where dashes are often not taken. Many such ids begin with a digit: put the name in double quotes."
        />
      </dl>
      {snowflakes.length > 0 ? (
        <p className="mt-4 text-muted text-sm">
          SQL that has it filled in:{" "}
          {snowflakes.map(({ id: sourceId, name }, index) => (
            <Fragment key={sourceId}>
              {index > 0 ? ", " : null}
              <Link
                href={`/settings/data-sources/${sourceId}/snowflake`}
                prefetch={false}
                className="text-accent underline underline-offset-2"
              >
                {name}
              </Link>
            </Fragment>
          ))}
        </p>
      ) : null}
    </AccountSection>
  );
}

interface CopiedValueProps {
  name: string;
  value: string;
  /** Label of the button. */
  copy: string;
  note?: string;
}

function CopiedValue({ name, value, copy, note }: CopiedValueProps) {
  return (
    <div className="flex flex-col gap-1">
      <dt className="font-medium text-xs">{name}</dt>
      <dd className="flex flex-col gap-1">
        <div className="flex flex-wrap items-center gap-2">
          <code className="min-w-0 break-all rounded-md border border-line bg-surface px-2.5 py-1.5 font-mono text-xs">
            {value}
          </code>
          <CopyButton text={value} label={copy} />
        </div>
        {note ? <p className="max-w-xl text-faint text-xs">{note}</p> : null}
      </dd>
    </div>
  );
}
