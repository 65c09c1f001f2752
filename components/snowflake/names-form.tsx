import { identifierFault } from "@/lib/snowflake/quote";
import type { SnowflakeSettings } from "@/lib/snowflake/settings";
import { Field } from "../ui/field";

export interface SettingsForm {
  settings: SnowflakeSettings;
  onChange: (part: Partial<SnowflakeSettings>) => void;
}

type Name = "database" | "schema" | "functionName" | "warehouse" | "role";

const NAMES: readonly { name: Name; label: string; hint: string }[] = [
  { name: "database", label: "Database", hint: "Made where there is none." },
  { name: "schema", label: "Schema", hint: "Usually the organization's ID with underscores." },
  { name: "functionName", label: "Function name", hint: "All other names begin with it." },
  { name: "warehouse", label: "Warehouse", hint: "Runs the task." },
  { name: "role", label: "Role", hint: "Reads the query history." },
];

/** The names in Snowflake, with every character as it is: the SQL puts them in double quotes. */
export function NamesForm({ settings, onChange }: SettingsForm) {
  return (
    <fieldset className="flex flex-col gap-3">
      <legend className="pb-3 font-medium text-sm">Names in Snowflake</legend>
      <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
        {NAMES.map(({ name, label, hint }) => (
          <Field
            key={name}
            label={label}
            hint={hint}
            mono
            spellCheck={false}
            autoComplete="off"
            value={settings[name]}
            onChange={(event) => onChange({ [name]: event.target.value })}
            error={identifierFault(settings[name])}
          />
        ))}
      </div>
      <p className="max-w-2xl text-faint text-xs">
        Upper and lower case count: Snowflake writes names in capitals where they were made without quotes.
      </p>
    </fieldset>
  );
}
