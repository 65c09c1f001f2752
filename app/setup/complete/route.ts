import { originOf } from "@/lib/access/client-address";
import { problemResponse, readForm } from "@/lib/access/json-request";
import { Setup } from "@/lib/contracts/sign-in";
import { setUp } from "@/lib/organization/first-owner";

/** Not a server action: there is no session yet, and actions are only for those who have one. */
export async function POST(request: Request): Promise<Response> {
  try {
    await setUp(await readForm(request, Setup), originOf(request.headers));
    return new Response(null, { status: 204 });
  } catch (error) {
    return problemResponse(error);
  }
}
