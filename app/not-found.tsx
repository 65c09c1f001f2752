import { Entrance } from "@/components/sign-in/entrance";
import { buttonClass } from "@/components/ui/button";

export default function NotFound() {
  return (
    <Entrance title="There is no such page" lead="The address may be mistyped, or from another version of Affidavit.">
      <a href="/" className={buttonClass()}>
        To the audit log
      </a>
    </Entrance>
  );
}
