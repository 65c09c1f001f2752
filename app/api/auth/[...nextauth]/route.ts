import type { NextRequest } from "next/server";
import NextAuth from "next-auth";
import { originOf } from "@/lib/access/client-address";
import { checkFormRequest, problemResponse } from "@/lib/access/json-request";
import { authOptions } from "@/lib/access/sign-in";
import { signOut } from "@/lib/access/sign-in-acts";

interface Context {
  params: Promise<{ nextauth: string[] }>;
}

/** What the portal uses of next-auth. The rest (its own pages, session polling, client logs) is not opened at all. */
const OPEN: Record<string, readonly string[]> = { GET: ["csrf"], POST: ["callback/credentials", "signout"] };

async function handle(request: NextRequest, context: Context): Promise<Response> {
  const { nextauth } = await context.params;
  if (!OPEN[request.method]?.includes(nextauth.join("/"))) return new Response(null, { status: 404 });
  try {
    if (request.method === "POST") checkFormRequest(request);
    // Before the cookie goes: while the row cannot be revoked the person is told so, and is still signed in.
    if (nextauth[0] === "signout") await signOut(request.headers.get("cookie"), originOf(request.headers));
    return (await NextAuth(authOptions())(request, context)) as Response;
  } catch (error) {
    return problemResponse(error);
  }
}

export { handle as GET, handle as POST };
