import { describeKind } from "@/components/log-table/describe-kind";
import { LogSkeleton } from "@/components/log-table/log-skeleton";
import { custom } from "@/lib/log-kinds/custom/custom";

export default function Loading() {
  return <LogSkeleton kind={describeKind(custom)} />;
}
