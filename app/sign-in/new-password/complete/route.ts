import { problemResponse, readForm } from "@/lib/access/json-request";
import { choosePassword } from "@/lib/access/password-link";
import { ChoosePassword } from "@/lib/contracts/account";

/** Not a server action: whoever has lost the password has no session. */
export async function POST(request: Request): Promise<Response> {
  try {
    return Response.json(await choosePassword(await readForm(request, ChoosePassword)));
  } catch (error) {
    return problemResponse(error);
  }
}
