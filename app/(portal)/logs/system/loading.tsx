import { describeKind } from "@/components/log-table/describe-kind";
import { LogSkeleton } from "@/components/log-table/log-skeleton";
import { system } from "@/lib/log-kinds/system/system";

export default function Loading() {
  return <LogSkeleton kind={describeKind(system)} />;
}
