import { describeKind } from "@/components/log-table/describe-kind";
import { LogSkeleton } from "@/components/log-table/log-skeleton";
import { call } from "@/lib/log-kinds/call/call";

export default function Loading() {
  return <LogSkeleton kind={describeKind(call)} />;
}
