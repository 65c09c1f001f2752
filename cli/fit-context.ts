/** Most bytes of JSON that `context` may have: the limit of the kind `call`. */
const CONTEXT_BYTES_MAX = 16_384;
/** After so many small members only whole top-level ones are left out, so that a strange record costs no minutes. */
const FINE_STEPS_MAX = 64;
/** Where the note about left-out parts stands; CloudTrail has no member of that name. */
const NOTE = "affidavit_import";

type Json = Record<string, unknown>;
interface LeftOut {
  /** JSON Pointer into the original record. */
  member: string;
  /** Length of its JSON, bytes. */
  bytes: number;
}

const bytesOf = (value: unknown) => Buffer.byteLength(JSON.stringify(value));
const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const escapePointer = (name: string) => name.replaceAll("~", "~0").replaceAll("/", "~1");

function largestMember(object: Json): [string, unknown, number] | undefined {
  let largest: [string, unknown, number] | undefined;
  for (const [name, value] of Object.entries(object)) {
    const bytes = bytesOf(value);
    if (!largest || bytes > largest[2]) largest = [name, value, bytes];
  }
  return largest;
}

/** Takes the largest member out; inside an object with several members, only that object's largest. */
function leaveOutLargest(root: Json, isFine: boolean): LeftOut | undefined {
  let holder = root;
  let pointer = "";
  for (;;) {
    const largest = largestMember(holder);
    if (!largest) return undefined;
    const [name, value, bytes] = largest;
    pointer += `/${escapePointer(name)}`;
    if (isFine && isObject(value) && Object.keys(value).length > 1) holder = value;
    else {
      delete holder[name];
      return { member: pointer, bytes };
    }
  }
}

/**
 * The rest of a record as the row's `context`: whole where it fits, else without its largest members, which
 * `affidavit_import.left_out` then lists with their lengths. Members that a log shipper added (`@version`) are named
 * in `affidavit_import.shipper_members`: they are not AWS's.
 */
export function fitContext(rest: Json): Json {
  const shipperMembers = Object.keys(rest).filter((name) => name.startsWith("@"));
  const note: Json = {
    format: "cloudtrail",
    ...(shipperMembers.length > 0 ? { shipper_members: shipperMembers } : {}),
  };
  const whole = { ...rest, [NOTE]: note };
  if (bytesOf(whole) <= CONTEXT_BYTES_MAX) return whole;

  const kept = structuredClone(rest);
  const leftOut: LeftOut[] = [];
  for (;;) {
    const context = { ...kept, [NOTE]: { ...note, left_out: leftOut } };
    if (bytesOf(context) <= CONTEXT_BYTES_MAX) return context;
    const gone = leaveOutLargest(kept, leftOut.length < FINE_STEPS_MAX);
    // Nothing left to leave out: names alone are too long. The server's limit will say so.
    if (!gone) return context;
    leftOut.push(gone);
  }
}
