import { Entrance } from "@/components/sign-in/entrance";
import { buttonClass } from "@/components/ui/button";

export default function NotFound() {
  return (
    <Entrance
      title="There is no such page"
      lead="Or your role may not open it. An owner or admin of the organization can change that."
    >
      <a href="/" className={buttonClass()}>
        To the audit log
      </a>
    </Entrance>
  );
}
