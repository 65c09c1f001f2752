export interface AppChoice {
  id: string;
  name: string;
}
