/** An app whose log can be looked into. */
export interface AppChoice {
  id: string;
  name: string;
}
