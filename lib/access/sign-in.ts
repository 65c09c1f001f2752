import "server-only";
import type { NextAuthOptions, User } from "next-auth";
import CredentialsProvider from "next-auth/providers/credentials";
import { SignIn } from "@/lib/contracts/sign-in";
import { prisma } from "@/lib/db/prisma";
import { AttemptLimit } from "./attempt-limit";
import { CLIENT_ADDRESS_HEADER, type RequestOrigin } from "./client-address";
import { hashPassword, verifyPassword } from "./password";
import { nextAuthSecret, SESSION_SECONDS_MAX } from "./session";
import { cookieName, isSecureOrigin, sessionCookieName } from "./session-cookie";
import { refusedSignIn, signIn } from "./sign-in-acts";

/** Code in next-auth's answer when attempts have run out; the form says it in words. */
const RATE_LIMITED = "rate_limited";
const WINDOW_MS = 15 * 60_000;

/**
 * In 15 minutes ten wrong passwords for one name from one address, and 300 from one address (it may be a whole office, or a
 * proxy). By name and address together, so that a stranger elsewhere cannot lock somebody out. In memory: each process
 * counts for itself, and a restart forgets.
 */
interface Limits {
  pair: AttemptLimit;
  address: AttemptLimit;
}
const makeLimits = (): Limits => ({
  pair: new AttemptLimit({ attemptsMax: 10, windowMs: WINDOW_MS, keysMax: 10_000, now: Date.now }),
  address: new AttemptLimit({ attemptsMax: 300, windowMs: WINDOW_MS, keysMax: 10_000, now: Date.now }),
});
/** On globalThis: Next may load this module once per route bundle, and each would count for itself. */
const holder = globalThis as { affidavitSignInLimits?: Limits };

/** Verified for unknown names too, so that the time tells nothing. Made once, with the same cost as real ones. */
let dummyHash: Promise<string> | undefined;

/**
 * The id of the user with that e-mail address and password, else undefined: unknown names, wrong passwords and people
 * without a membership are one answer after one password check.
 * @throws Error `rate_limited`
 */
export async function verifyCredentials(input: SignIn, clientIp: string): Promise<string | undefined> {
  holder.affidavitSignInLimits ??= makeLimits();
  const { pair, address } = holder.affidavitSignInLimits;
  const pairKey = `${input.email}|${clientIp}`;
  if (!pair.take(pairKey) || !address.take(clientIp)) throw new Error(RATE_LIMITED);
  dummyHash ??= hashPassword("no user has this hash");
  const [dummy, user] = await Promise.all([
    dummyHash,
    prisma().user.findUnique({
      where: { email: input.email },
      select: { id: true, passwordHash: true, memberships: { select: { id: true }, take: 1 } },
    }),
  ]);
  const matches = await verifyPassword(user?.passwordHash ?? dummy, input.password);
  if (!matches || !user?.passwordHash || user.memberships.length === 0) return undefined;
  pair.giveBack(pairKey);
  address.giveBack(clientIp);
  return user.id;
}

interface SignedIn extends User {
  sid: string;
}

const text = (value: unknown) => (typeof value === "string" ? value : "");

async function authorize(credentials: unknown, headers: Record<string, unknown> = {}): Promise<SignedIn | null> {
  const input = SignIn.safeParse(credentials);
  if (!input.success) return null;
  const origin: RequestOrigin = {
    clientIp: text(headers[CLIENT_ADDRESS_HEADER]) || "unknown",
    userAgent: text(headers["user-agent"]),
  };
  const refusal = { email: input.data.email, ...origin };
  const userId = await verifyCredentials(input.data, origin.clientIp).catch((error: unknown) => {
    if (error instanceof Error && error.message === RATE_LIMITED) refusedSignIn(refusal);
    throw error;
  });
  const sid = userId && (await signIn(userId, origin));
  if (userId && sid) return { id: userId, sid };
  refusedSignIn(refusal);
  return null;
}

const cookie = (name: string) => ({
  name,
  options: { httpOnly: true, sameSite: "lax" as const, path: "/", secure: isSecureOrigin() },
});

/** next-auth as we use it: e-mail and password, a JWT that carries nothing but the id of our session row. */
export function authOptions(): NextAuthOptions {
  return {
    secret: nextAuthSecret(),
    useSecureCookies: isSecureOrigin(),
    session: { strategy: "jwt", maxAge: SESSION_SECONDS_MAX },
    pages: { signIn: "/sign-in", signOut: "/", error: "/sign-in" },
    // next-auth takes every cookie whose name begins with the session's for a piece of it, so these must not.
    cookies: {
      sessionToken: cookie(sessionCookieName()),
      csrfToken: cookie(cookieName("csrf-afd")),
      callbackUrl: cookie(cookieName("back-afd")),
    },
    providers: [
      CredentialsProvider({
        credentials: { email: { type: "email" }, password: { type: "password" } },
        authorize: (credentials, request) => authorize(credentials, request.headers),
      }),
    ],
    callbacks: {
      // A new object: name and e-mail address, which next-auth puts into the token, stay out of the cookie.
      jwt: ({ token, user }) => ({ sid: user ? (user as SignedIn).sid : token.sid }),
    },
  };
}
