import "server-only";
import { randomBytes } from "node:crypto";
import { hashPassword } from "@/lib/access/password";
import { issuePasswordLink } from "@/lib/access/password-link";
import { endSessions } from "@/lib/access/session";
import { StartupError } from "@/lib/config/startup-error";
import { INSTALLATION, mutation, type Transaction } from "@/lib/db/mutation";
import { HIDDEN } from "@/lib/log-kinds/system/masking";
import { changesOf, NOTHING_CHANGED, type SignedAct, type Told } from "@/lib/system-audit/act";
import { personOfUser, toldIn, userTarget } from "@/lib/system-audit/people";

/** Whoever has the machine: the product knows no name for them. */
const HOST = { source: "cli" } as const;

/** What whoever has the machine may do to people's accounts, without the portal: `affidavit user …`. */
export interface PasswordReset {
  token: string;
  /** How many sign-ins it ended. */
  ended: number;
}

/**
 * Makes the old password useless, ends every sign-in, and gives a one-time link's token for a new password.
 * @param email lower-case
 * @throws StartupError where nobody signs in with that address
 */
export async function resetPassword(email: string): Promise<PasswordReset> {
  // A password that nobody knows: an empty one would look like an account that signs in elsewhere.
  const passwordHash = await hashPassword(randomBytes(32).toString("base64url"));
  return mutation(INSTALLATION, async (tx) => {
    const user = await tx.user.findUnique({
      where: { email },
      select: { id: true },
    });
    if (!user) throw new StartupError(`Nobody signs in as ${email}. Is it spelled as in the portal?`);
    const person = await personOfUser(tx, user.id);
    if (!person) {
      throw new StartupError(
        `${email} belongs to no organization, so a password would open nothing: npx affidavit user add-owner ${email}`,
      );
    }
    await tx.user.update({ where: { id: user.id }, data: { passwordHash } });
    const ended = await endSessions(tx, user.id);
    const token = await issuePasswordLink(tx, user.id);
    const acts = toldIn(
      person,
      HOST,
      {
        event: "password.reset",
        target: userTarget(person),
        changes: [{ field: "password", old: HIDDEN, new: null }],
        details: { sessions_ended: ended },
      },
      { event: "password_link.issued", target: userTarget(person) },
    );
    return { value: { token, ended }, acts };
  });
}

export interface AddedOwner {
  organization: string;
  /** `already`: nothing was to be done. */
  how: "made" | "promoted" | "already";
  /** For a first password, where the person has none. */
  token: string | undefined;
}

interface Organization {
  id: string;
  name: string;
}

async function chooseOrganization(tx: Transaction, wanted: string | undefined): Promise<Organization> {
  const all = await tx.organization.findMany({ select: { id: true, name: true }, orderBy: { createdAt: "asc" } });
  const [first, second] = wanted === undefined ? all : all.filter(({ id, name }) => id === wanted || name === wanted);
  if (first && !second) return first;
  if (all.length === 0) {
    throw new StartupError(
      "There is no organization yet: open the address that `npm start` prints; its form makes the first owner.",
    );
  }
  const names = all.map(({ id, name }) => `  ${id}  ${name}`).join("\n");
  throw new StartupError(
    wanted === undefined || second
      ? `There are several organizations; name one by its id with --organization:\n${names}`
      : `There is no organization “${wanted}”. There are:\n${names}`,
  );
}

/** What came of it, and the role that the person had in that organization. */
type Made = [userId: string, how: AddedOwner["how"], before: string | null];

async function makeOwner(tx: Transaction, email: string, orgId: string): Promise<Made> {
  const user = await tx.user.upsert({
    where: { email },
    create: { email },
    update: {},
    select: { id: true, memberships: { select: { id: true, orgId: true, role: true } } },
  });
  const membership = user.memberships.find((one) => one.orgId === orgId);
  if (membership?.role === "owner") return [user.id, "already", "owner"];
  if (membership) {
    await tx.membership.update({ where: { id: membership.id }, data: { role: "owner" } });
    return [user.id, "promoted", membership.role];
  }
  if (user.memberships.length > 0) {
    throw new StartupError(
      `${email} belongs to another organization, and a person belongs to one. Use another address.`,
    );
  }
  await tx.membership.create({ data: { orgId, userId: user.id, role: "owner" } });
  return [user.id, "made", null];
}

function ownerActs(
  person: { userId: string; email: string; orgId: string },
  before: string | null,
  linked: boolean,
): Told<AddedOwner, SignedAct>["acts"] {
  const by = { ...HOST, orgId: person.orgId };
  const target = userTarget(person);
  const changes = changesOf({ role: before }, { role: "owner" });
  const event = before === null ? "member.added" : "member.role_changed";
  const acts: SignedAct[] = changes.length > 0 ? [{ by, event, target, changes }] : [];
  if (linked) acts.push({ by, event: "password_link.issued", target });
  const [first, ...rest] = acts;
  return first ? [first, ...rest] : NOTHING_CHANGED;
}

/**
 * Gives an organization another owner; a person who is in it becomes one and keeps their password.
 * @param email lower-case
 * @param wanted id or name of the organization; may be left out where there is one
 * @throws StartupError
 */
export async function addOwner(email: string, wanted?: string): Promise<AddedOwner> {
  return mutation(INSTALLATION, async (tx) => {
    const organization = await chooseOrganization(tx, wanted);
    const [userId, how, before] = await makeOwner(tx, email, organization.id);
    const { passwordHash } = await tx.user.findUniqueOrThrow({ where: { id: userId }, select: { passwordHash: true } });
    const token = passwordHash === null ? await issuePasswordLink(tx, userId) : undefined;
    const acts = ownerActs({ userId, email, orgId: organization.id }, before, token !== undefined);
    return { value: { organization: organization.name, how, token }, acts };
  });
}
