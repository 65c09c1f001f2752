import { CircleAlert, LogIn, RotateCw } from "lucide-react";
import type { ReactNode } from "react";
import { Button, buttonClass } from "../ui/button";
import { cx } from "../ui/class-names";
import { failureOf } from "./fetch-json";

interface StateProps {
  icon: ReactNode;
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
  className?: string;
  role?: "alert" | "status";
}

/** One of a page's states other than its rows: what it is, why, and what can be done. */
export function State({ icon, title, children, actions, className, role }: StateProps) {
  return (
    <div
      role={role}
      className={cx("mx-auto flex max-w-md flex-col items-center gap-2 px-4 py-16 text-center", className)}
    >
      <span className="mb-1 [&_svg]:size-6">{icon}</span>
      <h2 className="font-medium text-base">{title}</h2>
      {children ? <div className="text-muted text-sm">{children}</div> : null}
      {actions ? <div className="mt-2 flex flex-wrap justify-center gap-2">{actions}</div> : null}
    </div>
  );
}

/** Not an answer: nothing is known about the rows. Never shown as an empty log. */
export function SearchFailed({
  error,
  onRetry,
  className,
}: {
  error: unknown;
  onRetry: () => void;
  className?: string;
}) {
  const failure = failureOf(error);
  const back = () =>
    window.location.assign(`/sign-in?next=${encodeURIComponent(window.location.pathname + window.location.search)}`);
  return (
    <State
      role="alert"
      className={className}
      icon={<CircleAlert aria-hidden className="text-red" />}
      title={failure.title}
      actions={
        failure.signedOut ? (
          <Button look="primary" onClick={back}>
            <LogIn aria-hidden className="size-3.5" />
            Sign in again
          </Button>
        ) : (
          <Button onClick={onRetry}>
            <RotateCw aria-hidden className="size-3.5" />
            Try again
          </Button>
        )
      }
    >
      <p>{failure.detail}</p>
      {failure.requestId && !failure.detail.includes(failure.requestId) ? (
        <p className="mt-1 break-all font-mono text-xs">Request {failure.requestId}</p>
      ) : null}
      <p className="mt-1">The rows could not be read; this says nothing about what is in the log.</p>
    </State>
  );
}

/** The address holds something that would have to be ignored. */
export function AddressProblems({ problems, resetHref }: { problems: readonly string[]; resetHref: string }) {
  return (
    <State
      role="alert"
      icon={<CircleAlert aria-hidden className="text-amber" />}
      title="This address is not a search that can be answered"
      actions={
        <a href={resetHref} className={buttonClass()}>
          Show the last 24 hours
        </a>
      }
    >
      <ul className="flex flex-col gap-1">
        {problems.map((problem) => (
          <li key={problem} className="break-words">
            {problem}
          </li>
        ))}
      </ul>
    </State>
  );
}

/** A search without an answer: since it is none, as its address says it, or since it failed. */
export function NoAnswer({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const { faults } = failureOf(error);
  return faults.length > 0 ? (
    <AddressProblems problems={faults} resetHref="?" />
  ) : (
    <SearchFailed error={error} onRetry={onRetry} />
  );
}
