import { Skeleton } from "./skeleton";

const ROWS = ["w-52", "w-40", "w-60", "w-44"];

/** A settings page whose lists are still on their way. */
export function SettingsSkeleton() {
  return (
    <div role="status" aria-label="Loading" className="flex max-w-6xl flex-col gap-5 px-3 py-5 sm:px-6">
      <div className="flex flex-col gap-3 py-1">
        <Skeleton className="h-3 w-32" />
        <Skeleton className="w-80 max-w-full" />
      </div>
      <div className="flex flex-col border-line border-t">
        {ROWS.map((width) => (
          <div key={width} className="flex flex-col gap-2.5 border-line border-b py-3.5">
            <Skeleton className={width} />
            <Skeleton className="w-72 max-w-full" />
          </div>
        ))}
      </div>
    </div>
  );
}
