import { SettingsSkeleton } from "@/components/ui/settings-skeleton";

export default function Loading() {
  return <SettingsSkeleton />;
}
