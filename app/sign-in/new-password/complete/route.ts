import { originOf } from "@/lib/access/client-address";
import { problemResponse, readForm } from "@/lib/access/json-request";
import { choosePassword } from "@/lib/access/password-link";
import { ChoosePassword } from "@/lib/contracts/account";

/** Not a server action: whoever has lost the password has no session. */
export async function POST(request: Request): Promise<Response> {
  try {
    return Response.json(await choosePassword(await readForm(request, ChoosePassword), originOf(request.headers)));
  } catch (error) {
    return problemResponse(error);
  }
}
