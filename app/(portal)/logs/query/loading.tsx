import { describeKind } from "@/components/log-table/describe-kind";
import { LogSkeleton } from "@/components/log-table/log-skeleton";
import { query } from "@/lib/log-kinds/query/query";

export default function Loading() {
  return <LogSkeleton kind={describeKind(query)} />;
}
